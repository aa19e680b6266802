import type { Group, Person } from '../../electron/contract/entities.ts';
import { matchesFilter } from './completion.ts';

/** One face of the people grid: somebody named, or a group that waits for a name. */
export type Tile =
  | { readonly kind: 'person'; readonly key: string; readonly person: Person }
  | { readonly kind: 'group'; readonly key: string; readonly group: Group };

export type PeopleSort = 'name' | 'count';

export function personKey(personId: number): string {
  return `person-${String(personId)}`;
}

export function groupKey(clusterId: number): string {
  return `group-${String(clusterId)}`;
}

export function personFaceCount(person: Person): number {
  return person.confirmedCount + person.suggestedCount;
}

/** @param hidden gives the hidden ones instead of those on show */
export function personTiles(
  persons: readonly Person[],
  sort: PeopleSort,
  filter: string,
  hidden = false,
): Tile[] {
  return persons
    .filter((person) => person.hidden === hidden && matchesFilter(person.name, filter))
    .sort(
      (a, b) =>
        (sort === 'count' ? personFaceCount(b) - personFaceCount(a) : 0) ||
        a.name.localeCompare(b.name) ||
        a.personId - b.personId,
    )
    .map((person) => ({ kind: 'person', key: personKey(person.personId), person }));
}

/** Groups keep the engine's order; a filter leaves those that resemble somebody of that name. */
export function groupTiles(groups: readonly Group[], filter: string): Tile[] {
  return groups
    .filter(
      (group) =>
        filter.trim() === '' ||
        (group.suggestion !== null && matchesFilter(group.suggestion.name, filter)),
    )
    .map((group) => ({ kind: 'group', key: groupKey(group.clusterId), group }));
}

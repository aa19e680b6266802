import { api, errorText } from '../api.ts';
import { coalesce } from '../logic/coalesce.ts';
import type { Candidate } from '../logic/completion.ts';
import { groupTiles, personFaceCount, personTiles, type PeopleSort } from '../logic/tiles.ts';
import type { Group, Person } from '../../electron/contract/entities.ts';
import { toasts } from './toasts.svelte.ts';

const pageSize = 1000;
/** Milliseconds between two reloads while a scan changes people all the time. */
const reloadPause = 900;

/** Everybody in the library, named or not, as the people grid and the name fields need them. */
class People {
  persons = $state.raw<readonly Person[]>([]);
  groups = $state.raw<readonly Group[]>([]);
  loaded = $state(false);
  sort = $state<PeopleSort>('name');
  filter = $state('');
  minFaces = $state(2);

  readonly personTiles = $derived(personTiles(this.persons, this.sort, this.filter));
  readonly groupTiles = $derived(groupTiles(this.groups, this.filter));
  readonly tiles = $derived([...this.personTiles, ...this.groupTiles]);
  readonly candidates: readonly Candidate[] = $derived(
    this.persons.map((person) => ({
      personId: person.personId,
      name: person.name,
      faceCount: personFaceCount(person),
      coverFaceId: person.coverFaceId,
    })),
  );

  /** Asks for everything again; what is shown stays until the answer is complete. */
  readonly reload = coalesce(async () => {
    try {
      const minFaces = this.minFaces;
      const [persons, groups] = await Promise.all([
        api.call('people.list', {}),
        this.#allGroups(minFaces),
      ]);
      this.persons = persons;
      this.groups = groups;
      this.loaded = true;
    } catch (error) {
      toasts.show(errorText(error), 'error');
    }
  }, reloadPause);

  async #allGroups(minFaces: number): Promise<Group[]> {
    const groups: Group[] = [];
    for (let total = 1; groups.length < total;) {
      const page = await api.call('groups.list', {
        minFaces,
        offset: groups.length,
        limit: pageSize,
      });
      total = page.groups.length === 0 ? 0 : page.total;
      groups.push(...page.groups);
    }
    return groups;
  }
}

export const people = new People();

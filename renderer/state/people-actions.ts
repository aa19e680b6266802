import type { Person } from '../../electron/contract/entities.ts';
import { personFaceCount, type Tile } from '../logic/tiles.ts';
import { labels } from './labels.svelte.ts';

/** Names a group, or renames a person; a name that somebody has joins the two. */
export async function nameTile(tile: Tile, name: string): Promise<void> {
  if (tile.kind === 'group') {
    await labels.apply({ type: 'name', clusterId: tile.group.clusterId, name });
  } else if (name !== tile.person.name) {
    await labels.apply({ type: 'name', personId: tile.person.personId, name });
  }
}

/**
 * Makes one person of the chosen ones; the one with most faces keeps its name, groups join it.
 * @param onto keeps its name instead, where it has one
 */
export async function mergeTiles(tiles: readonly Tile[], onto?: Tile): Promise<void> {
  const rank = (person: Person) =>
    onto?.kind === 'person' && onto.person.personId === person.personId
      ? Infinity
      : personFaceCount(person);
  const personIds = tiles
    .flatMap((tile) => (tile.kind === 'person' ? [tile.person] : []))
    .sort((a, b) => rank(b) - rank(a))
    .map((person) => person.personId);
  const clusterIds = tiles.flatMap((tile) => (tile.kind === 'group' ? [tile.group.clusterId] : []));
  if (personIds.length > 0) await labels.apply({ type: 'merge', personIds, clusterIds });
}

import { personFaceCount, type Tile } from '../logic/tiles.ts';
import { strings } from '../strings.ts';
import { labels, type LabelRequest } from './labels.svelte.ts';

/** Names a group, or renames a person; a name that somebody has joins the two. */
export async function nameTile(tile: Tile, name: string): Promise<void> {
  if (tile.kind === 'group') {
    await labels.apply({ type: 'name', clusterId: tile.group.clusterId, name });
  } else if (name !== tile.person.name) {
    await labels.apply({ type: 'name', personId: tile.person.personId, name });
  }
}

/** Makes one person of the chosen ones; the one with most faces keeps its name, groups join it. */
export async function mergeTiles(tiles: readonly Tile[]): Promise<void> {
  const persons = tiles
    .flatMap((tile) => (tile.kind === 'person' ? [tile.person] : []))
    .sort((a, b) => personFaceCount(b) - personFaceCount(a));
  const first = persons[0];
  if (!first) return;
  const requests: LabelRequest[] = tiles.flatMap((tile) =>
    tile.kind === 'group'
      ? [{ type: 'name' as const, clusterId: tile.group.clusterId, name: first.name }]
      : [],
  );
  if (persons.length > 1) {
    requests.push({ type: 'merge', personIds: persons.map((person) => person.personId) });
  }
  await labels.applyAll(requests, strings.peopleView.merged(tiles.length, first.name));
}

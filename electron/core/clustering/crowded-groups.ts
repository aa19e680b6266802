import { clusteringTuning } from '../tuning.ts';
import { cosineSimilarity } from '../vectors.ts';
import type { Groups } from './groups-of-rows.ts';
import type { NeighbourGraph } from './node-graph.ts';

/**
 * Groups that do not stand out from what is around them: their faces are hardly more alike than each
 * is to the likest faces of other groups. That is how faces look that the encoder cannot tell apart,
 * babies of many families for one.
 *
 * @param graph likely pairs of rows.
 * @param vector mean vector of a row, `dimensions` of the groups' nodes long.
 * @returns 1 for each such group of several rows.
 */
export function crowdedGroups(
  { groupOfRow, size, facts }: Groups,
  graph: NeighbourGraph,
  vector: (row: number) => Float32Array,
): Uint8Array {
  const { crowdSize, crowdMargin } = clusteringTuning;
  const likest = new Float64Array(crowdSize);
  const outside = new Float64Array(size);
  const rows = new Uint32Array(size);
  for (const [row, group] of groupOfRow.entries()) {
    rows[group]!++;
    if (facts.counts[group]! < 2) continue;
    const own = vector(row);
    likest.fill(0);
    for (let edge = graph.offsets[row]!; edge < graph.offsets[row + 1]!; edge++) {
      const other = graph.targets[edge]!;
      if (groupOfRow[other] === group) continue;
      const similarity = cosineSimilarity(own, vector(other));
      if (similarity <= likest[0]!) continue;
      likest[0] = similarity;
      likest.sort();
    }
    // Where fewer are known, the others are far.
    outside[group]! += likest.reduce((sum, value) => sum + value, 0) / crowdSize;
  }
  return Uint8Array.from(facts.counts, (count, group) => {
    if (rows[group]! < 2) return 0;
    const within = (facts.squares[group]! - count) / (count * (count - 1));
    return outside[group]! / rows[group]! > within - crowdMargin ? 1 : 0;
  });
}

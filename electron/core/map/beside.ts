import { mapTuning } from '../tuning.ts';

/**
 * Where a face goes on a map on which it was not laid out: among the laid out faces it resembles
 * most, drawn to each by its likeness.
 *
 * @param similarities cosine similarities to the neighbours, in any order.
 * @param neighbour gives the coordinate of a neighbour in a dimension.
 */
export function placeBeside(
  similarities: readonly number[],
  dimensions: number,
  neighbour: (rank: number, dimension: number) => number,
): number[] {
  const best = Math.max(...similarities);
  const weights = similarities.map((one) => Math.exp(mapTuning.likenessSlope * (one - best)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Array.from({ length: dimensions }, (_, dimension) =>
    weights.reduce((sum, weight, rank) => sum + (weight / total) * neighbour(rank, dimension), 0),
  );
}

/** A number that scatters face ids evenly: which faces are laid out does not change as others come. */
export function scattered(faceId: number): number {
  let hash = faceId | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
  hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97);
  return (hash ^ (hash >>> 15)) >>> 0;
}

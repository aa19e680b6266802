import { createRandom } from '../random.ts';
import { clusteringTuning } from '../tuning.ts';
import type { Nodes } from './linkage.ts';

/** Mean vectors of groups that stand for all other people, row by row. */
export interface Cohort {
  readonly dimensions: number;
  readonly vectors: Float32Array;
  /** Mean likeness to strangers over the cohort itself, cosine similarity. */
  readonly mean: number;
}

/**
 * Draws groups that stand for "other people". Large groups are no likelier than small ones: each is
 * one person.
 *
 * @param groups in an order that depends on the input alone.
 */
export function drawCohort(groups: readonly number[], nodes: Nodes, seed: number): Cohort {
  const { dimensions } = nodes;
  const random = createRandom(seed);
  const pool = [...groups];
  const count = Math.min(pool.length, clusteringTuning.cohortSize);
  const vectors = new Float32Array(count * dimensions);
  for (let at = 0; at < count; at++) {
    const chosen = at + Math.floor(random() * (pool.length - at));
    [pool[at], pool[chosen]] = [pool[chosen]!, pool[at]!];
    vectors.set(meanVector(nodes, pool[at]!), at * dimensions);
  }
  const cohort = { dimensions, vectors, mean: 0 };
  let total = 0;
  for (let at = 0; at < count; at++) total += impostorLevel(cohort, nodes, pool[at]!);
  return { ...cohort, mean: count > 0 ? total / count : 0 };
}

/**
 * How alike a group is to strangers, less than which the library's groups are on average: the mean
 * of the highest tenth of its similarities to the cohort (the level of adaptive score normalisation,
 * Matějka et al., Interspeech 2017). 0 where the cohort is too small to tell.
 */
export function impostorLevel(cohort: Cohort, nodes: Nodes, group: number): number {
  const { dimensions, vectors } = cohort;
  const count = vectors.length / dimensions;
  if (count < clusteringTuning.leastCohort) return 0;
  const mean = meanVector(nodes, group);
  const similarities = new Float32Array(count);
  for (let other = 0; other < count; other++) {
    let dot = 0;
    const start = other * dimensions;
    for (let i = 0; i < dimensions; i++) dot += mean[i]! * vectors[start + i]!;
    similarities[other] = dot;
  }
  similarities.sort();
  const top = Math.max(1, Math.round(count * clusteringTuning.impostorShare));
  let sum = 0;
  for (let at = count - top; at < count; at++) sum += similarities[at]!;
  return sum / top - cohort.mean;
}

function meanVector(nodes: Nodes, group: number): Float32Array {
  const { dimensions, sums, counts } = nodes;
  return sums
    .subarray(group * dimensions, (group + 1) * dimensions)
    .map((value) => value / counts[group]!);
}

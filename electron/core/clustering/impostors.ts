import { timesTransposed } from '../matrices.ts';
import { createRandom } from '../random.ts';
import { clusteringTuning } from '../tuning.ts';
import type { Nodes } from './linkage.ts';

/** Groups that are compared with the cohort at a time. */
const groupsAtOnce = 1024;

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
  const drawn = { size: count, dimensions, sums: vectors, counts: new Uint32Array(count).fill(1) };
  const total = impostorLevels(cohort, drawn).reduce((sum, level) => sum + level, 0);
  return { ...cohort, mean: count > 0 ? total / count : 0 };
}

/**
 * How alike each group is to strangers, less than which the library's groups are on average: the mean
 * of the highest tenth of its similarities to the cohort (the level of adaptive score normalisation,
 * Matějka et al., Interspeech 2017). 0 where the cohort is too small to tell.
 */
export function impostorLevels(cohort: Cohort, nodes: Nodes): Float32Array {
  const { dimensions, vectors } = cohort;
  const count = vectors.length / dimensions;
  const levels = new Float32Array(nodes.size);
  if (count < clusteringTuning.leastCohort) return levels;
  const top = Math.max(1, Math.round(count * clusteringTuning.impostorShare));
  for (let from = 0; from < nodes.size; from += groupsAtOnce) {
    const to = Math.min(nodes.size, from + groupsAtOnce);
    const sums = nodes.sums.subarray(from * dimensions, to * dimensions);
    const similarities = timesTransposed(sums, vectors, dimensions);
    for (let group = from; group < to; group++) {
      const ofGroup = similarities
        .subarray((group - from) * count, (group - from + 1) * count)
        .sort();
      let sum = 0;
      for (let at = count - top; at < count; at++) sum += ofGroup[at]!;
      levels[group] = sum / (top * nodes.counts[group]!) - cohort.mean;
    }
  }
  return levels;
}

function meanVector(nodes: Nodes, group: number): Float32Array {
  const { dimensions, sums, counts } = nodes;
  return sums
    .subarray(group * dimensions, (group + 1) * dimensions)
    .map((value) => value / counts[group]!);
}

import { timesTransposed } from '../matrices.ts';
import { chooseSome, createRandom } from '../random.ts';
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
  const drawn = chooseSome(groups, clusteringTuning.cohortSize, createRandom(seed));
  const vectors = new Float32Array(drawn.length * dimensions);
  for (const [at, group] of drawn.entries()) vectors.set(meanVector(nodes, group), at * dimensions);
  const cohort = { dimensions, vectors, mean: 0 };
  const counts = new Uint32Array(drawn.length).fill(1);
  const levels = impostorLevels(cohort, { size: drawn.length, dimensions, sums: vectors, counts });
  const total = levels.reduce((sum, level) => sum + level, 0);
  return { ...cohort, mean: drawn.length > 0 ? total / drawn.length : 0 };
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
      const ofGroup = similarities.subarray((group - from) * count, (group - from + 1) * count);
      moveHighestToEnd(ofGroup, top);
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

/** Quickselect (Hoare, "Find", 1961): sorting all would take most of a grouping's time. */
function moveHighestToEnd(values: Float32Array, count: number): void {
  const boundary = values.length - count;
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const pivot = values[(low + high) >> 1]!;
    let [left, right] = [low, high];
    while (left <= right) {
      while (values[left]! < pivot) left++;
      while (values[right]! > pivot) right--;
      if (left > right) break;
      [values[left], values[right]] = [values[right]!, values[left]!];
      left++;
      right--;
    }
    if (boundary <= right) high = right;
    else if (boundary >= left) low = left;
    else return;
  }
}

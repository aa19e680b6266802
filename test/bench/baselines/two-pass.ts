import type { WeightedGraph } from './neighbour-graph.ts';

/**
 * Clustering in two passes as Apple describes it for its photo library: "Recognizing People in
 * Photos Through Private On-Device Machine Learning", Apple Machine Learning Research, July 2021.
 *
 * The first pass is greedy and cautious, the second merges what the first found by hierarchical
 * agglomerative clustering, whose linkage is the median distance between the members of two
 * clusters, taken over a sample where there are many.
 *
 * Left out, because an embedding of the face is all there is to compare: the embedding of the upper
 * body, which the first pass takes into account within a moment, the filtering of unclear faces and
 * the gallery of known people. Neither thresholds nor sample sizes were published.
 */
export interface TwoPassOptions {
  /** Cosine similarity to the most similar member from which a face joins a group in the first pass. */
  readonly firstSimilarity: number;
  /** Median cosine similarity from which the second pass merges two groups. */
  readonly secondSimilarity: number;
  /** Members of a group that are compared at most in the second pass. */
  readonly sample?: number;
}

/**
 * @param graph all pairs that are as similar as the lower of both thresholds, weighing their cosine
 *   similarity; faces are in the order in which the photos came.
 * @param embeddings unit vectors, `graph.size × dimensions`.
 * @returns for each face the smallest face of its group.
 */
export function twoPassClustering(
  graph: WeightedGraph,
  embeddings: Float32Array,
  dimensions: number,
  options: TwoPassOptions,
): Uint32Array {
  const { offsets, targets, weights } = graph;
  const { firstSimilarity, secondSimilarity, sample = 24 } = options;
  const groupOf = new Uint32Array(graph.size);
  const members = new Map<number, number[]>();
  for (let face = 0; face < graph.size; face++) {
    let nearest = -1;
    let best = firstSimilarity;
    for (let e = offsets[face]!; e < offsets[face + 1]!; e++) {
      if (targets[e]! < face && weights[e]! >= best) [nearest, best] = [targets[e]!, weights[e]!];
    }
    const group = nearest < 0 ? face : groupOf[nearest]!;
    groupOf[face] = group;
    const others = members.get(group);
    if (others) others.push(face);
    else members.set(group, [face]);
  }
  const similarity = (a: number, b: number): number => {
    const startA = a * dimensions;
    const startB = b * dimensions;
    let dot = 0;
    for (let i = 0; i < dimensions; i++) dot += embeddings[startA + i]! * embeddings[startB + i]!;
    return dot;
  };
  mergeByMedian(graph, groupOf, members, { secondSimilarity, sample, similarity });
  return groupOf;
}

interface Merging {
  readonly secondSimilarity: number;
  readonly sample: number;
  readonly similarity: (a: number, b: number) => number;
}

function mergeByMedian(
  { size, offsets, targets, weights }: WeightedGraph,
  groupOf: Uint32Array,
  members: Map<number, number[]>,
  { secondSimilarity, sample, similarity }: Merging,
): void {
  const linkage = (a: number, b: number): number => {
    const ofA = spread(members.get(a)!, sample);
    const ofB = spread(members.get(b)!, sample);
    return median(ofA.flatMap((one) => ofB.map((other) => similarity(one, other))));
  };
  const linked = new Map<number, Map<number, number>>();
  const link = (a: number, b: number) => {
    if (a === b || linked.get(a)?.has(b)) return;
    const value = linkage(a, b);
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const ofOne = linked.get(from) ?? new Map<number, number>();
      linked.set(from, ofOne.set(to, value));
    }
  };
  // A median above the threshold needs a pair above it.
  for (let face = 0; face < size; face++) {
    for (let e = offsets[face]!; e < offsets[face + 1]!; e++) {
      if (weights[e]! >= secondSimilarity) link(groupOf[face]!, groupOf[targets[e]!]!);
    }
  }

  const nearestOf = (group: number) => {
    let nearest = -1;
    let best = secondSimilarity;
    for (const [other, value] of linked.get(group) ?? []) {
      if (value > best || (value === best && (nearest < 0 || other < nearest))) {
        [nearest, best] = [other, value];
      }
    }
    return { group, nearest, best };
  };
  const open = new Map([...members.keys()].map((group) => [group, nearestOf(group)]));
  for (;;) {
    let next = { group: -1, nearest: -1, best: -Infinity };
    for (const pair of open.values()) if (pair.nearest >= 0 && pair.best > next.best) next = pair;
    if (next.nearest < 0) return;
    const kept = Math.min(next.group, next.nearest);
    const gone = Math.max(next.group, next.nearest);
    const both = [...members.get(kept)!, ...members.get(gone)!].sort((a, b) => a - b);
    for (const face of both) groupOf[face] = kept;
    members.set(kept, both);
    members.delete(gone);
    const around = new Set([...linked.get(kept)!.keys(), ...linked.get(gone)!.keys()]);
    for (const group of [kept, gone]) {
      for (const other of linked.get(group)!.keys()) linked.get(other)!.delete(group);
      linked.delete(group);
    }
    open.delete(gone);
    around.delete(kept);
    around.delete(gone);
    for (const other of around) link(kept, other);
    for (const group of [kept, ...around]) open.set(group, nearestOf(group));
  }
}

/** At most `count` of them, evenly spread. */
function spread(values: readonly number[], count: number): readonly number[] {
  if (values.length <= count) return values;
  return Array.from({ length: count }, (_, i) => values[Math.floor((i * values.length) / count)]!);
}

/** The middle value; of an even number the lower of both. */
function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[(sorted.length - 1) >> 1]!;
}

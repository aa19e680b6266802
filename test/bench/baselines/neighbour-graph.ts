/** A weighted, undirected graph: each edge stands at both of its ends. Weights are above 0. */
export interface WeightedGraph {
  readonly size: number;
  /** Start of each node's edges; `size + 1` long. */
  readonly offsets: Uint32Array;
  readonly targets: Uint32Array;
  readonly weights: Float32Array;
}

/** @throws RangeError when an edge has the same node at both ends or a weight that is not above 0. */
export function graphOfEdges(
  size: number,
  edges: readonly (readonly [a: number, b: number, weight: number])[],
): WeightedGraph {
  const offsets = new Uint32Array(size + 1);
  for (const [a, b, weight] of edges) {
    if (a === b || !(weight > 0)) throw new RangeError(`${a} to ${b} by ${weight} is no edge`);
    offsets[a + 1]!++;
    offsets[b + 1]!++;
  }
  for (let node = 0; node < size; node++) offsets[node + 1]! += offsets[node]!;
  const end = offsets.slice(0, size);
  const targets = new Uint32Array(offsets[size]!);
  const weights = new Float32Array(offsets[size]!);
  for (const [a, b, weight] of edges) {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      targets[end[from]!] = to;
      weights[end[from]!++] = weight;
    }
  }
  return { size, offsets, targets, weights };
}

/**
 * Joins all faces that are at least so similar (above 0); an edge weighs the cosine similarity.
 * By looking at all pairs: O(n² d).
 *
 * @param embeddings unit vectors, `n × dimensions`.
 */
export function similarityGraph(
  embeddings: Float32Array,
  dimensions: number,
  minSimilarity: number,
): WeightedGraph {
  const size = embeddings.length / dimensions;
  const edges: [number, number, number][] = [];
  for (let a = 0; a < size; a++) {
    const startA = a * dimensions;
    for (let b = 0; b < a; b++) {
      const startB = b * dimensions;
      let dot = 0;
      for (let i = 0; i < dimensions; i++) dot += embeddings[startA + i]! * embeddings[startB + i]!;
      if (dot >= minSimilarity) edges.push([a, b, dot]);
    }
  }
  return graphOfEdges(size, edges);
}

/** Keeps the edges that are among the `count` heaviest of one of their ends; ties go to smaller nodes. */
export function heaviestEdges(graph: WeightedGraph, count: number): WeightedGraph {
  const { size, offsets, targets, weights } = graph;
  const kept = new Map<string, [number, number, number]>();
  for (let node = 0; node < size; node++) {
    const edges = Array.from({ length: offsets[node + 1]! - offsets[node]! }, (_, i) => ({
      other: targets[offsets[node]! + i]!,
      weight: weights[offsets[node]! + i]!,
    }));
    edges.sort((a, b) => b.weight - a.weight || a.other - b.other);
    for (const { other, weight } of edges.slice(0, count)) {
      const [low, high] = node < other ? [node, other] : [other, node];
      kept.set(`${low} ${high}`, [low, high, weight]);
    }
  }
  return graphOfEdges(size, [...kept.values()]);
}

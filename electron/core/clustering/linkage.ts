/** A sparse, undirected graph of likely pairs: every edge is there from both its ends. */
export interface NeighbourGraph {
  readonly size: number;
  /** Start of each node's neighbours in `targets`; `size + 1` long. */
  readonly offsets: Uint32Array;
  readonly targets: Uint32Array;
}

/** What linkage starts from: single faces, or groups that stay together. */
export interface Nodes {
  readonly size: number;
  readonly dimensions: number;
  /** Sum of the unit vectors of each node's faces, `size × dimensions`. */
  readonly sums: Float32Array;
  /** Faces in each node. */
  readonly counts: Uint32Array;
}

/** Decides about pairs of groups; groups are named by their smallest node. */
export interface JoinRule {
  /**
   * How far a pair is above its threshold, in cosine similarity; below 0 it is not joined. Must be the
   * same for both orders.
   *
   * @param similarity mean cosine similarity of all pairs of faces of the two groups, −1 to 1.
   */
  margin(a: number, b: number, similarity: number): number;
  /** Told after `b` became part of `a`. */
  joined(a: number, b: number): void;
}

/**
 * Agglomerative clustering by average linkage (Sokal and Michener 1958) over the pairs of groups
 * that a graph connects, in rounds: all pairs of groups that are each other's best are joined at
 * once, as in Sumengen et al., "Scaling hierarchical agglomerative clustering to billion-sized
 * datasets" (arXiv 2105.11653). The mean similarity of two groups is exact, also for pairs of faces
 * that the graph lacks: it is the dot product of the groups' mean vectors.
 *
 * Ties go to the smaller node numbers, so that the outcome depends on nothing but the input.
 *
 * @returns for each node the smallest node of its group.
 */
export function linkGroups(graph: NeighbourGraph, nodes: Nodes, rule: JoinRule): Uint32Array {
  const { offsets, targets } = graph;
  const { size, dimensions } = nodes;
  const sums = Float32Array.from(nodes.sums);
  const counts = Uint32Array.from(nodes.counts);
  const groupOf = Uint32Array.from({ length: size }, (_, node) => node);
  // The nodes of a group, as a chain from its smallest node.
  const nextNode = new Int32Array(size).fill(-1);
  const lastNode = Uint32Array.from(groupOf);
  const best = new Int32Array(size).fill(-1);
  const seenAt = new Uint32Array(size);
  let look = 0;

  const similarity = (a: number, b: number): number => {
    let dot = 0;
    const startA = a * dimensions;
    const startB = b * dimensions;
    for (let i = 0; i < dimensions; i++) dot += sums[startA + i]! * sums[startB + i]!;
    return dot / (counts[a]! * counts[b]!);
  };

  const neighbouringGroups = (group: number, visit: (other: number) => void): void => {
    seenAt[group] = ++look;
    for (let node = group; node >= 0; node = nextNode[node]!) {
      for (let edge = offsets[node]!; edge < offsets[node + 1]!; edge++) {
        const other = groupOf[targets[edge]!]!;
        if (seenAt[other] === look) continue;
        seenAt[other] = look;
        visit(other);
      }
    }
  };

  const findBest = (group: number): void => {
    let found = -1;
    let margin = 0;
    neighbouringGroups(group, (other) => {
      const low = Math.min(group, other);
      const high = Math.max(group, other);
      const here = rule.margin(low, high, similarity(low, high));
      if (here > margin || (here === margin && (found < 0 || other < found))) {
        found = other;
        margin = here;
      }
    });
    best[group] = found;
  };

  const join = (a: number, b: number): void => {
    for (let i = 0; i < dimensions; i++) sums[a * dimensions + i]! += sums[b * dimensions + i]!;
    counts[a]! += counts[b]!;
    for (let node = b; node >= 0; node = nextNode[node]!) groupOf[node] = a;
    nextNode[lastNode[a]!] = b;
    lastNode[a] = lastNode[b]!;
    rule.joined(a, b);
  };

  let dirty = Array.from(groupOf);
  while (dirty.length > 0) {
    for (const group of dirty) findBest(group);
    const joined: number[] = [];
    for (const group of dirty) {
      const other = best[group]!;
      if (other < 0 || best[other] !== group || groupOf[group] !== group) continue;
      if (groupOf[other] !== other) continue;
      join(Math.min(group, other), Math.max(group, other));
      joined.push(Math.min(group, other));
    }
    const next = new Set<number>();
    for (const group of joined) {
      next.add(group);
      neighbouringGroups(group, (other) => void next.add(other));
    }
    dirty = [...next].sort((a, b) => a - b);
  }
  return groupOf;
}

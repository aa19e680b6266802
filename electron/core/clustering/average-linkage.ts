import { conflict, unite, type Marks } from './constraints.ts';

/** A sparse, undirected graph of likely pairs: for each node its neighbours, in any order. */
export interface NeighbourGraph {
  readonly size: number;
  /** Start of each node's neighbours in `targets`; `size + 1` long. */
  readonly offsets: Uint32Array;
  readonly targets: Uint32Array;
}

export interface AverageLinkageOptions {
  /** Unit vectors, `size × dimensions`. */
  readonly embeddings: Float32Array;
  readonly dimensions: number;
  /**
   * Mean cosine similarity of all pairs from which groups of these sizes are joined. It should not
   * rise with the sizes: the mean over many pairs says more than one pair.
   */
  readonly threshold: (sizeA: number, sizeB: number) => number;
  readonly marks: readonly Marks[];
}

/**
 * Agglomerative clustering by average linkage (Sokal and Michener 1958), over the pairs of groups
 * that the graph connects. The mean similarity of all pairs of two groups is exact, also for pairs
 * that the graph lacks: it is the dot product of the groups' mean vectors. Groups whose marks
 * conflict are never joined.
 *
 * Joins the pair first that is furthest above its threshold; ties go to the smaller node numbers, so that the outcome
 * depends on nothing but the input.
 *
 * @returns for each node the smallest node of its group.
 */
export function averageLinkage(graph: NeighbourGraph, options: AverageLinkageOptions): Uint32Array {
  const { size, offsets, targets } = graph;
  const { dimensions, threshold } = options;
  const sums = Float32Array.from(options.embeddings);
  const counts = new Uint32Array(size).fill(1);
  const marks = [...options.marks];
  const parent = Uint32Array.from({ length: size }, (_, node) => node);
  const neighbours: (Set<number> | undefined)[] = new Array<Set<number> | undefined>(size);

  const meanSimilarity = (a: number, b: number): number => {
    let dot = 0;
    const startA = a * dimensions;
    const startB = b * dimensions;
    for (let index = 0; index < dimensions; index++) {
      dot += sums[startA + index]! * sums[startB + index]!;
    }
    return dot / (counts[a]! * counts[b]!);
  };

  const queue = new PairQueue();
  const versions = new Uint32Array(size);
  const offer = (a: number, b: number) => {
    const margin = meanSimilarity(a, b) - threshold(counts[a]!, counts[b]!);
    if (margin < 0) return;
    const [low, high] = a < b ? [a, b] : [b, a];
    queue.push(margin, low, high, versions[low]!, versions[high]!);
  };

  for (let node = 0; node < size; node++) {
    for (let edge = offsets[node]!; edge < offsets[node + 1]!; edge++) {
      const other = targets[edge]!;
      if (other === node) continue;
      (neighbours[node] ??= new Set()).add(other);
      (neighbours[other] ??= new Set()).add(node);
    }
  }
  for (let node = 0; node < size; node++) {
    for (const other of neighbours[node] ?? []) if (node < other) offer(node, other);
  }

  for (let pair = queue.pop(); pair !== undefined; pair = queue.pop()) {
    const [a, b] = pair.nodes;
    if (versions[a] !== pair.versions[0] || versions[b] !== pair.versions[1]) continue;
    if (conflict(marks[a]!, marks[b]!)) continue;
    // The group keeps its smallest node as its name.
    parent[b] = a;
    versions[a]!++;
    versions[b] = 0xffffffff;
    counts[a]! += counts[b]!;
    marks[a] = unite(marks[a]!, marks[b]!);
    for (let index = 0; index < dimensions; index++) {
      sums[a * dimensions + index]! += sums[b * dimensions + index]!;
    }
    const ofA = neighbours[a]!;
    for (const other of neighbours[b]!) {
      const ofOther = neighbours[other]!;
      ofOther.delete(b);
      if (other === a) continue;
      ofOther.add(a);
      ofA.add(other);
    }
    neighbours[b] = undefined;
    for (const other of ofA) offer(a, other);
  }

  // Parents are smaller than their children, so one pass upwards settles all.
  for (let node = 0; node < size; node++) parent[node] = parent[parent[node]!]!;
  return parent;
}

interface Pair {
  readonly nodes: readonly [number, number];
  readonly versions: readonly [number, number];
}

/** Binary heap of pairs, the greatest margin first, then the smaller nodes. */
class PairQueue {
  readonly #margins: number[] = [];
  readonly #pairs: Pair[] = [];

  push(margin: number, a: number, b: number, versionA: number, versionB: number): void {
    let at = this.#pairs.length;
    this.#margins.push(margin);
    this.#pairs.push({ nodes: [a, b], versions: [versionA, versionB] });
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.#before(at, above)) break;
      this.#swap(at, above);
      at = above;
    }
  }

  pop(): Pair | undefined {
    const last = this.#pairs.length - 1;
    if (last < 0) return undefined;
    this.#swap(0, last);
    const top = this.#pairs.pop()!;
    this.#margins.pop();
    for (let at = 0; ;) {
      let first = at;
      for (const below of [2 * at + 1, 2 * at + 2]) {
        if (below < last && this.#before(below, first)) first = below;
      }
      if (first === at) return top;
      this.#swap(at, first);
      at = first;
    }
  }

  #before(i: number, j: number): boolean {
    const difference = this.#margins[i]! - this.#margins[j]!;
    if (difference !== 0) return difference > 0;
    const [a, b] = this.#pairs[i]!.nodes;
    const [c, d] = this.#pairs[j]!.nodes;
    return a !== c ? a < c : b < d;
  }

  #swap(i: number, j: number): void {
    [this.#margins[i], this.#margins[j]] = [this.#margins[j]!, this.#margins[i]!];
    [this.#pairs[i], this.#pairs[j]] = [this.#pairs[j]!, this.#pairs[i]!];
  }
}

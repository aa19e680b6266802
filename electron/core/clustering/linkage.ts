import { clusteringTuning } from '../tuning.ts';
import { rowProduct } from '../vectors.ts';
import { LikestGroups } from './likest-groups.ts';
import { joinNodes, type NeighbourGraph } from './node-graph.ts';

/** What linkage starts from: single faces, or groups that stay together. */
export interface Nodes {
  readonly size: number;
  readonly dimensions: number;
  /** Sum of the unit vectors of each node's faces, `size × dimensions`. */
  readonly sums: Float32Array;
  /** Faces in each node. */
  readonly counts: Uint32Array;
}

/** Decides about pairs of groups; a group is named by one of its nodes. */
export interface JoinRule {
  /**
   * How far a pair is above its threshold, in cosine similarity; below 0 it is not joined. Must be the
   * same for both orders.
   *
   * @param similarity mean cosine similarity of all pairs of faces of the two groups, −1 to 1.
   * @param least where the margin is below this or below 0, it may be told too high, but below it.
   */
  margin(a: number, b: number, similarity: number, least: number): number;
  /** Told when `b` becomes part of `a`, of which it had this mean similarity. */
  joined(a: number, b: number, similarity: number): void;
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
 * @param nodes their sums are used up: they become those of the groups.
 * @returns for each node the one that stands for its group, with the group's sum and for the rule.
 */
export function linkGroups(graph: NeighbourGraph, nodes: Nodes, rule: JoinRule): Uint32Array {
  const { size, dimensions } = nodes;
  const { largeGroup, smallShare } = clusteringTuning;
  const { sums } = nodes;
  const counts = Uint32Array.from(nodes.counts);
  const groups = new LinkedGroups(graph);
  const stands = (group: number) => groups.of(group) === group;
  const likest = new LikestGroups(size, stands);

  const similarity = (a: number, b: number): number =>
    rowProduct(sums, dimensions, a, b) / (counts[a]! * counts[b]!);
  /** @param least exact from here on; see the rule. */
  const margin = (a: number, b: number, least: number): number => {
    const low = Math.min(a, b);
    const high = Math.max(a, b);
    return rule.margin(low, high, similarity(low, high), least);
  };
  /** Tells both of their margin, as exactly as one of them has to know. */
  const compare = (a: number, b: number): void => {
    const here = margin(a, b, Math.min(likest.least(a), likest.least(b)));
    likest.offer(a, b, here);
    likest.offer(b, a, here);
  };
  /** The one with more faces keeps its number, so that the wishes of many stay what they are. */
  const join = (a: number, b: number): number => {
    const [into, from] =
      counts[a]! > counts[b]! || (counts[a] === counts[b] && a < b) ? [a, b] : [b, a];
    rule.joined(into, from, similarity(into, from));
    for (let i = 0; i < dimensions; i++) {
      sums[into * dimensions + i]! += sums[from * dimensions + i]!;
    }
    counts[into]! += counts[from]!;
    groups.join(into, from);
    return into;
  };
  for (let node = 0; node < size; node++) {
    for (let edge = graph.offsets[node]!; edge < graph.offsets[node + 1]!; edge++) {
      const other = graph.targets[edge]!;
      if (other > node) compare(node, other);
    }
  }
  let changed = Array.from({ length: size }, (_, node) => node);
  while (changed.length > 0) {
    const joined = new Set<number>();
    for (const group of changed) {
      const other = likest.best(group);
      if (other < 0 || !stands(group) || !stands(other)) continue;
      if (likest.best(other) === group) joined.add(join(group, other));
    }
    // A few faces do not move a large group: those who want it need not wait for being its best.
    for (const group of changed) {
      const other = likest.best(group);
      if (other < 0 || !stands(group) || !stands(other) || joined.has(group)) continue;
      if (counts[other]! < largeGroup || counts[group]! * smallShare > counts[other]!) continue;
      if (margin(group, other, 0) >= 0) joined.add(join(group, other));
    }
    groups.shrink();
    const next = new Set<number>();
    const unsure = new Set<number>();
    for (const group of joined) if (stands(group)) next.add(group);
    for (const group of [...next].sort((a, b) => a - b)) {
      likest.forget(group);
      groups.visitNeighbours(group, (other) => {
        const before = likest.best(other);
        compare(group, other);
        const best = likest.best(other);
        if (!likest.isSure(other)) unsure.add(other);
        else if (best === group || best !== before) next.add(other);
      });
    }
    for (const group of unsure) {
      next.add(group);
      if (likest.isSure(group)) continue;
      likest.forget(group);
      groups.visitNeighbours(group, (other) =>
        likest.offer(group, other, margin(group, other, likest.least(group))),
      );
    }
    changed = [...next].sort((a, b) => a - b);
  }
  return Uint32Array.from({ length: size }, (_, node) => groups.of(node));
}

/** Which group each node is in, and which groups are neighbours. */
class LinkedGroups {
  #graph: NeighbourGraph;
  readonly #groupOf: Uint32Array;
  /** The nodes with edges of a group, as a chain from the group's number. */
  readonly #next: Int32Array;
  readonly #last: Uint32Array;
  readonly #seenAt: Uint32Array;
  #look = 0;
  /** Edges that led nowhere new since they were last left out. */
  #idle = 0;

  constructor(graph: NeighbourGraph) {
    this.#graph = graph;
    this.#groupOf = Uint32Array.from({ length: graph.size }, (_, node) => node);
    this.#next = new Int32Array(graph.size).fill(-1);
    this.#last = Uint32Array.from(this.#groupOf);
    this.#seenAt = new Uint32Array(graph.size);
  }

  of(node: number): number {
    let group = this.#groupOf[node]!;
    while (this.#groupOf[group] !== group) group = this.#groupOf[group]!;
    this.#groupOf[node] = group;
    return group;
  }

  join(a: number, b: number): void {
    this.#groupOf[b] = a;
    this.#next[this.#last[a]!] = b;
    this.#last[a] = this.#last[b]!;
  }

  visitNeighbours(group: number, visit: (other: number) => void): void {
    const { offsets, targets } = this.#graph;
    const look = ++this.#look;
    this.#seenAt[group] = look;
    for (let node = group; node >= 0; node = this.#next[node]!) {
      for (let edge = offsets[node]!; edge < offsets[node + 1]!; edge++) {
        const other = this.of(targets[edge]!);
        if (this.#seenAt[other] === look) {
          this.#idle++;
          continue;
        }
        this.#seenAt[other] = look;
        visit(other);
      }
    }
  }

  /** Leaves out edges within groups and doubled ones, once they cost as much as looking at all edges. */
  shrink(): void {
    if (this.#idle <= this.#graph.targets.length) return;
    this.#idle = 0;
    this.#graph = joinNodes(this.#graph, (node) => this.of(node));
    this.#next.fill(-1);
    for (let node = 0; node < this.#last.length; node++) this.#last[node] = node;
  }
}

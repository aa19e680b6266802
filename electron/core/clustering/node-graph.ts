import type { Nodes } from './linkage.ts';

/** A sparse, undirected graph of likely pairs: every edge is there from both its ends. */
export interface NeighbourGraph {
  readonly size: number;
  /** Start of each node's neighbours in `targets`; `size + 1` long. */
  readonly offsets: Uint32Array;
  readonly targets: Uint32Array;
}

/**
 * Makes a graph of which every edge is there from both ends, once.
 *
 * @param neighbours for each row likely rows, itself allowed; pairs may be named from one side only.
 */
export function buildGraph(
  size: number,
  neighbours: (row: number) => Iterable<number>,
): NeighbourGraph {
  let from = new Uint32Array(size * 16);
  let to = new Uint32Array(size * 16);
  let pairs = 0;
  for (let row = 0; row < size; row++) {
    for (const other of neighbours(row)) {
      if (other === row) continue;
      if (pairs === from.length) {
        from = grown(from);
        to = grown(to);
      }
      from[pairs] = row;
      to[pairs++] = other;
    }
  }
  return graphOfPairs(size, from.subarray(0, pairs), to.subarray(0, pairs));
}

/** The graph of the groups: two are neighbours where any of their nodes are. */
export function contractGraph(
  graph: NeighbourGraph,
  groupOfNode: Uint32Array,
  size: number,
): NeighbourGraph {
  if (size === graph.size) return graph;
  return graphBetween(graph, size, (node) => groupOfNode[node]!);
}

/** The same nodes with the edges alone of which both ends are kept. */
export function filterGraph(
  graph: NeighbourGraph,
  keep: (node: number) => boolean,
): NeighbourGraph {
  return graphBetween(graph, graph.size, (node) => (keep(node) ? node : -1));
}

/** The same numbers, with each node's edges moved to the node it is now part of. */
export function joinNodes(
  graph: NeighbourGraph,
  groupOf: (node: number) => number,
): NeighbourGraph {
  return graphBetween(graph, graph.size, groupOf);
}

function graphBetween(
  graph: NeighbourGraph,
  size: number,
  groupOf: (node: number) => number,
): NeighbourGraph {
  // Every edge is there twice, so half of them at most is named here.
  const from = new Uint32Array(graph.targets.length >> 1);
  const to = new Uint32Array(graph.targets.length >> 1);
  let pairs = 0;
  for (let node = 0; node < graph.size; node++) {
    const group = groupOf(node);
    if (group < 0) continue;
    for (let edge = graph.offsets[node]!; edge < graph.offsets[node + 1]!; edge++) {
      const other = groupOf(graph.targets[edge]!);
      if (group >= other) continue;
      from[pairs] = group;
      to[pairs++] = other;
    }
  }
  return graphOfPairs(size, from.subarray(0, pairs), to.subarray(0, pairs));
}

function graphOfPairs(size: number, from: Uint32Array, to: Uint32Array): NeighbourGraph {
  const starts = new Uint32Array(size + 1);
  for (let at = 0; at < from.length; at++) {
    starts[from[at]! + 1]!++;
    starts[to[at]! + 1]!++;
  }
  for (let node = 0; node < size; node++) starts[node + 1]! += starts[node]!;
  const all = new Uint32Array(starts[size]!);
  const filled = starts.slice(0, size);
  for (let at = 0; at < from.length; at++) {
    all[filled[from[at]!]!++] = to[at]!;
    all[filled[to[at]!]!++] = from[at]!;
  }
  // Sorted, each once: the outcome must not depend on the order in which pairs were named.
  const offsets = new Uint32Array(size + 1);
  let kept = 0;
  for (let node = 0; node < size; node++) {
    const list = all.subarray(starts[node], starts[node + 1]).sort();
    let last = -1;
    for (const other of list) {
      if (other !== last) all[kept++] = last = other;
    }
    offsets[node + 1] = kept;
  }
  return { size, offsets, targets: all.slice(0, kept) };
}

/** Rows in groups that are numbered from 0 in the order of their first rows. */
export interface Partition {
  readonly groupOfRow: Uint32Array;
  readonly size: number;
}

/** @param groupOf group of each row, any numbers. */
export function numberGroups(groupOf: ArrayLike<number>): Partition {
  const numbers = new Map<number, number>();
  const groupOfRow = new Uint32Array(groupOf.length);
  for (let row = 0; row < groupOf.length; row++) {
    let number = numbers.get(groupOf[row]!);
    if (number === undefined) numbers.set(groupOf[row]!, (number = numbers.size));
    groupOfRow[row] = number;
  }
  return { groupOfRow, size: numbers.size };
}

/** Rows in groups of groups. */
export function compose(inner: Partition, outer: Partition): Partition {
  return {
    groupOfRow: inner.groupOfRow.map((group) => outer.groupOfRow[group]!),
    size: outer.size,
  };
}

/** Sums and counts of the groups' faces. */
export function sumNodes(
  embeddings: Float32Array,
  dimensions: number,
  nodeOfRow: Uint32Array,
  size: number,
): Nodes {
  const sums = new Float32Array(size * dimensions);
  const counts = new Uint32Array(size);
  for (let row = 0; row < nodeOfRow.length; row++) {
    const node = nodeOfRow[row]!;
    counts[node]!++;
    for (let i = 0; i < dimensions; i++) {
      sums[node * dimensions + i]! += embeddings[row * dimensions + i]!;
    }
  }
  return { size, dimensions, sums, counts };
}

function grown(values: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(Math.max(64, values.length * 2));
  larger.set(values);
  return larger;
}

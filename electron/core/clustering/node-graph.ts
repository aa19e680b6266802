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
 *   Asked twice.
 */
export function buildGraph(
  size: number,
  neighbours: (row: number) => Iterable<number>,
): NeighbourGraph {
  return graphOfPairs(size, (visit) => {
    for (let row = 0; row < size; row++) {
      for (const other of neighbours(row)) if (other !== row) visit(row, other);
    }
  });
}

/** The graph of the groups: two are neighbours where any of their nodes are. */
export function contractGraph(
  graph: NeighbourGraph,
  groupOfNode: Uint32Array,
  size: number,
): NeighbourGraph {
  if (size === graph.size) return graph;
  return graphBetween(graph, size, groupOfNode);
}

/** The same nodes with the edges alone of which both ends are kept. */
export function filterGraph(
  graph: NeighbourGraph,
  keep: (node: number) => boolean,
): NeighbourGraph {
  const kept = Int32Array.from({ length: graph.size }, (_, node) => (keep(node) ? node : -1));
  return graphBetween(graph, graph.size, kept);
}

/** The same numbers, with each node's edges moved to the node it is now part of. */
export function joinNodes(
  graph: NeighbourGraph,
  groupOf: (node: number) => number,
): NeighbourGraph {
  const groups = Uint32Array.from({ length: graph.size }, (_, node) => groupOf(node));
  return graphBetween(graph, graph.size, groups);
}

/** @param groupOfNode −1 for nodes that are left out. */
function graphBetween(
  graph: NeighbourGraph,
  size: number,
  groupOfNode: Uint32Array | Int32Array,
): NeighbourGraph {
  const { offsets, targets } = graph;
  return graphOfPairs(size, (visit) => {
    for (let node = 0; node < graph.size; node++) {
      const group = groupOfNode[node]!;
      if (group < 0) continue;
      for (let edge = offsets[node]!; edge < offsets[node + 1]!; edge++) {
        const other = groupOfNode[targets[edge]!]!;
        // Every edge is there twice.
        if (group < other) visit(group, other);
      }
    }
  });
}

/** @param pairs names all pairs; called twice, so that no list of them is needed. */
function graphOfPairs(
  size: number,
  pairs: (visit: (a: number, b: number) => void) => void,
): NeighbourGraph {
  const starts = new Uint32Array(size + 1);
  pairs((a, b) => {
    starts[a + 1]!++;
    starts[b + 1]!++;
  });
  for (let node = 0; node < size; node++) starts[node + 1]! += starts[node]!;
  const all = new Uint32Array(starts[size]!);
  const filled = starts.slice(0, size);
  pairs((a, b) => {
    all[filled[a]!++] = b;
    all[filled[b]!++] = a;
  });
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

/** The rows of each group, ascending: those of group g from `starts[g]` to `starts[g + 1]`. */
export function listRows({ groupOfRow, size }: Partition): {
  readonly starts: Uint32Array;
  readonly rows: Uint32Array;
} {
  const starts = new Uint32Array(size + 1);
  for (const group of groupOfRow) starts[group + 1]!++;
  for (let group = 0; group < size; group++) starts[group + 1]! += starts[group]!;
  const filled = starts.slice(0, size);
  const rows = new Uint32Array(groupOfRow.length);
  for (let row = 0; row < rows.length; row++) rows[filled[groupOfRow[row]!]!++] = row;
  return { starts, rows };
}

/** Rows in groups of groups. */
export function compose(inner: Partition, outer: Partition): Partition {
  return {
    groupOfRow: inner.groupOfRow.map((group) => outer.groupOfRow[group]!),
    size: outer.size,
  };
}

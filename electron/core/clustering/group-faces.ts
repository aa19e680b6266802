import { averageLinkage, type NeighbourGraph } from './average-linkage.ts';
import { conflict, marksOfFaces, unite, type FaceConstraints, type Marks } from './constraints.ts';

export interface GroupingFace {
  readonly faceId: number;
  readonly photoId: number;
}

export interface GroupingInput {
  /** In an order that depends on the photos alone. */
  readonly faces: readonly GroupingFace[];
  /** Unit vectors, one row a face. */
  readonly embeddings: Float32Array;
  readonly dimensions: number;
  /** Face to likely faces of the same person; pairs need to be named from one side only. */
  readonly neighbours: (faceId: number) => Iterable<number>;
  readonly constraints: FaceConstraints;
  /** Mean cosine similarity from which groups of these sizes are one. */
  readonly joinThreshold: (sizeA: number, sizeB: number) => number;
  /** Mean cosine similarity from which a group is worth asking about: is this that person? */
  readonly suggestThreshold: number;
}

export interface Grouping {
  /** Face to its group, any numbers. */
  readonly groupOfFace: Map<number, number>;
  /** Groups without a confirmed face that resemble a person. */
  readonly suggestions: readonly {
    readonly group: number;
    readonly personId: number;
    readonly similarity: number;
  }[];
}

const noMarks: Marks = new Map();

/** Groups faces by likeness, obeying what the user said. */
export function groupFaces(input: GroupingInput): Grouping {
  const { faces, constraints } = input;
  const rowOfFace = new Map(faces.map(({ faceId }, row) => [faceId, row]));
  const marksOfFace = marksOfFaces(faces, constraints);
  const marks = faces.map(({ faceId }) => marksOfFace.get(faceId) ?? noMarks);
  const graph = buildGraph(faces, rowOfFace, input.neighbours);
  const groupOfRow = averageLinkage(graph, {
    embeddings: input.embeddings,
    dimensions: input.dimensions,
    threshold: input.joinThreshold,
    marks,
  });
  return {
    groupOfFace: new Map(faces.map(({ faceId }, row) => [faceId, groupOfRow[row]!])),
    suggestions: suggestPersons(input, rowOfFace, graph, groupOfRow, marks),
  };
}

function buildGraph(
  faces: readonly GroupingFace[],
  rowOfFace: ReadonlyMap<number, number>,
  neighbours: (faceId: number) => Iterable<number>,
): NeighbourGraph {
  const offsets = new Uint32Array(faces.length + 1);
  const targets: number[] = [];
  for (const [row, { faceId }] of faces.entries()) {
    for (const other of neighbours(faceId)) {
      const otherRow = rowOfFace.get(other);
      if (otherRow !== undefined && otherRow !== row) targets.push(otherRow);
    }
    offsets[row + 1] = targets.length;
  }
  return { size: faces.length, offsets, targets: Uint32Array.from(targets) };
}

/** For each group nobody named, the person whose nearest group it resembles most. */
function suggestPersons(
  input: GroupingInput,
  rowOfFace: ReadonlyMap<number, number>,
  graph: NeighbourGraph,
  groupOfRow: Uint32Array,
  marks: readonly Marks[],
): Grouping['suggestions'] {
  const { dimensions, embeddings, suggestThreshold } = input;
  const personOfGroup = new Map<number, number>();
  for (const { faceId, personId } of input.constraints.confirmed) {
    const row = rowOfFace.get(faceId);
    if (row !== undefined) personOfGroup.set(groupOfRow[row]!, personId);
  }
  if (personOfGroup.size === 0) return [];

  const sums = new Map<number, { sum: Float32Array; count: number; marks: Marks }>();
  for (let row = 0; row < graph.size; row++) {
    const group = groupOfRow[row]!;
    const entry = sums.get(group) ?? {
      sum: new Float32Array(dimensions),
      count: 0,
      marks: noMarks,
    };
    for (let i = 0; i < dimensions; i++) entry.sum[i]! += embeddings[row * dimensions + i]!;
    entry.count++;
    entry.marks = unite(entry.marks, marks[row]!);
    sums.set(group, entry);
  }
  const best = new Map<number, { personId: number; similarity: number }>();
  const compared = new Set<string>();
  const consider = (group: number, named: number) => {
    const personId = personOfGroup.get(named);
    const key = `${group} ${named}`;
    if (personId === undefined || personOfGroup.has(group) || compared.has(key)) return;
    compared.add(key);
    const a = sums.get(group)!;
    const b = sums.get(named)!;
    let dot = 0;
    for (let i = 0; i < dimensions; i++) dot += a.sum[i]! * b.sum[i]!;
    const similarity = dot / (a.count * b.count);
    if (similarity < suggestThreshold || conflict(a.marks, b.marks)) return;
    const before = best.get(group);
    if (!before || similarity > before.similarity) best.set(group, { personId, similarity });
  };
  for (let row = 0; row < graph.size; row++) {
    const group = groupOfRow[row]!;
    for (let edge = graph.offsets[row]!; edge < graph.offsets[row + 1]!; edge++) {
      const other = groupOfRow[graph.targets[edge]!]!;
      if (other === group) continue;
      consider(group, other);
      consider(other, group);
    }
  }
  return [...best].map(([group, suggestion]) => ({ group, ...suggestion }));
}

/**
 * The usual threshold: `single` for two lone faces, falling towards `many` as groups grow, by the
 * geometric mean of their sizes.
 */
export function sizedThreshold(single: number, many: number) {
  return (sizeA: number, sizeB: number): number =>
    many + (single - many) / Math.sqrt(sizeA * sizeB);
}

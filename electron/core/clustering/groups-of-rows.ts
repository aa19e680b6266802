import { rowProduct } from '../vectors.ts';
import { noMarks, unite, type Marks } from './constraints.ts';
import type { NodeFacts, PersonRule } from './join-rule.ts';
import { linkGroups, type Nodes } from './linkage.ts';
import {
  compose,
  contractGraph,
  numberGroups,
  type NeighbourGraph,
  type Partition,
} from './node-graph.ts';
import type { Appearances } from './photo-table.ts';
import { profileShare, type GroupingFace, type StandingGroup } from './standing-group.ts';

export function appearancesOf(
  faces: readonly GroupingFace[],
  standing: readonly StandingGroup[],
): Appearances {
  const entries = standing.reduce((sum, { photoIds }) => sum + photoIds.length, faces.length);
  const rows = new Uint32Array(entries);
  const photoIds = new Float64Array(entries);
  for (const [row, { photoId }] of faces.entries()) {
    rows[row] = row;
    photoIds[row] = photoId;
  }
  let entry = faces.length;
  for (const [at, group] of standing.entries()) {
    rows.fill(faces.length + at, entry, entry + group.photoIds.length);
    photoIds.set(group.photoIds, entry);
    entry += group.photoIds.length;
  }
  return { size: faces.length + standing.length, rows, photoIds };
}

/** Groups of rows, and all that joining them needs to know but photos. */
export interface Groups extends Partition {
  readonly nodes: Nodes;
  readonly facts: Omit<NodeFacts, 'photos' | 'companions'>;
}

/** Groups summed up from their rows; each row by itself where nothing is said of who is with whom. */
export function rowsAsGroups(
  faces: readonly GroupingFace[],
  standing: readonly StandingGroup[],
  embedding: (row: number) => Float32Array,
  dimensions: number,
  marksOfRow: readonly Marks[],
  partition: Partition = eachByItself(faces.length + standing.length),
): Groups {
  const { groupOfRow, size } = partition;
  const sums = new Float32Array(size * dimensions);
  const counts = new Uint32Array(size);
  const profileShares = new Float32Array(size);
  const marks = new Array<Marks>(size).fill(noMarks);
  for (const [row, group] of groupOfRow.entries()) {
    const stands = standing[row - faces.length];
    const count = stands?.count ?? 1;
    const sum = stands?.sum ?? embedding(row);
    const profile = stands?.profileShare ?? profileShare(faces[row]!);
    for (let i = 0; i < dimensions; i++) sums[group * dimensions + i]! += sum[i]!;
    counts[group]! += count;
    profileShares[group]! += (count / counts[group]!) * (profile - profileShares[group]!);
    marks[group] = unite(marks[group]!, marksOfRow[row]!);
  }
  const squares = Float32Array.from(counts, (count, group) => {
    let square = 0;
    for (let i = 0; i < dimensions; i++) square += sums[group * dimensions + i]! ** 2;
    // Of one face it is 1 but for rounding.
    return count === 1 ? 1 : square;
  });
  return {
    groupOfRow,
    size,
    nodes: { size, dimensions, sums, counts },
    facts: { counts, squares, profileShares, impostorLevels: new Float32Array(size), marks },
  };
}

function eachByItself(size: number): Partition {
  return { groupOfRow: Uint32Array.from({ length: size }, (_, row) => row), size };
}

/** Joins groups; the given ones' sums are used up. */
export function link(graph: NeighbourGraph, groups: Groups, rule: PersonRule): Groups {
  const contracted = contractGraph(graph, groups.groupOfRow, groups.size);
  return joinInto(groups, linkGroups(contracted, groups.nodes, rule), rule);
}

/** @param into for each group the one that stands for what it became part of, with its sum. */
export function joinInto(groups: Groups, into: Uint32Array, rule: PersonRule): Groups {
  const joined = numberGroups(into);
  const standsFor = new Uint32Array(joined.size);
  for (const [group, number] of joined.groupOfRow.entries()) standsFor[number] = into[group]!;
  const { dimensions, sums } = groups.nodes;
  const facts = rule.facts();
  const counts = standsFor.map((group) => facts.counts[group]!);
  const joinedSums = new Float32Array(joined.size * dimensions);
  for (const [number, group] of standsFor.entries()) {
    joinedSums.set(
      sums.subarray(group * dimensions, (group + 1) * dimensions),
      number * dimensions,
    );
  }
  const pick = (values: Float32Array) => Float32Array.from(standsFor, (group) => values[group]!);
  return {
    ...compose(groups, joined),
    nodes: { size: joined.size, dimensions, sums: joinedSums, counts },
    facts: {
      counts,
      squares: pick(facts.squares),
      profileShares: pick(facts.profileShares),
      impostorLevels: pick(facts.impostorLevels),
      marks: Array.from(standsFor, (group) => facts.marks[group]!),
    },
  };
}

/** The groups that have a face that can be told apart. */
export function clearGroups({ groupOfRow }: Partition, isClearRow: Uint8Array): Set<number> {
  const clear = new Set<number>();
  for (const [row, group] of groupOfRow.entries()) if (isClearRow[row] === 1) clear.add(group);
  return clear;
}

/** Mean cosine similarity of all pairs of faces of two groups. */
export function meanSimilarity(nodes: Nodes, a: number, b: number): number {
  const { dimensions, sums, counts } = nodes;
  return rowProduct(sums, dimensions, a, b) / (counts[a]! * counts[b]!);
}

import type { Marks } from './constraints.ts';
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
    for (const photoId of group.photoIds) {
      rows[entry] = faces.length + at;
      photoIds[entry++] = photoId;
    }
  }
  return { size: faces.length + standing.length, rows, photoIds };
}

/** Groups of rows, and all that joining them needs to know but photos. */
export interface Groups extends Partition {
  readonly nodes: Nodes;
  readonly facts: Omit<NodeFacts, 'photos' | 'companions'>;
}

/** Each row by itself. */
export function rowsAsGroups(
  faces: readonly GroupingFace[],
  standing: readonly StandingGroup[],
  embedding: (row: number) => Float32Array,
  dimensions: number,
  marks: readonly Marks[],
): Groups {
  const size = faces.length + standing.length;
  const sums = new Float32Array(size * dimensions);
  const counts = new Uint32Array(size).fill(1);
  const squares = new Float32Array(size).fill(1);
  const profileShares = new Float32Array(size);
  for (const [row, face] of faces.entries()) {
    sums.set(embedding(row), row * dimensions);
    profileShares[row] = profileShare(face);
  }
  for (const [at, group] of standing.entries()) {
    const row = faces.length + at;
    sums.set(group.sum, row * dimensions);
    counts[row] = group.count;
    squares[row] = group.sum.reduce((sum, value) => sum + value * value, 0);
    profileShares[row] = group.profileShare;
  }
  return {
    groupOfRow: Uint32Array.from({ length: size }, (_, row) => row),
    size,
    nodes: { size, dimensions, sums, counts },
    facts: { counts, squares, profileShares, impostorLevels: new Float32Array(size), marks },
  };
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
  let dot = 0;
  for (let i = 0; i < dimensions; i++) dot += sums[a * dimensions + i]! * sums[b * dimensions + i]!;
  return dot / (counts[a]! * counts[b]!);
}

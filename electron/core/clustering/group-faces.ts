import { clusteringTuning } from '../tuning.ts';
import { Company } from './companions.ts';
import { marksOfFaces, noMarks, type FaceConstraints } from './constraints.ts';
import { crowdedGroups } from './crowded-groups.ts';
import {
  appearancesOf,
  clearGroups,
  joinInto,
  link,
  meanSimilarity,
  rowsAsGroups,
  type Groups,
} from './groups-of-rows.ts';
import { drawCohort, impostorLevels, type Cohort } from './impostors.ts';
import { createJoinRule, marginOfProbability, type PersonRule } from './join-rule.ts';
import { orderByLikeness } from './likeness-order.ts';
import type { Nodes } from './linkage.ts';
import {
  buildGraph,
  contractGraph,
  filterGraph,
  numberGroups,
  type NeighbourGraph,
  type Partition,
} from './node-graph.ts';
import { noBystanders, PhotoMates, type Bystanders } from './photo-mates.ts';
import { PhotoSets } from './photo-sets.ts';
import { createPhotoTable } from './photo-table.ts';
import { isClear, standTogether, type GroupingFace, type StandingGroup } from './standing-group.ts';

export interface GroupingInput {
  /** In an order that depends on the photos alone. They are the first rows. */
  readonly faces: readonly GroupingFace[];
  /** Groups that stay together whatever becomes of them; the rows after the faces. */
  readonly standing?: readonly StandingGroup[];
  /** Unit vector of a face's row. */
  readonly embedding: (row: number) => Float32Array;
  readonly dimensions: number;
  /** Row to likely rows of the same person, best the likest first; one side may name a pair. */
  readonly neighbours: (row: number) => Iterable<number>;
  readonly constraints: FaceConstraints;
  /** Probability from which groups are joined, 0 to 1. */
  readonly sureness: number;
  /** How much more alike the head makes strangers than the one that Kith comes with; 0 without it. */
  readonly thresholdShift?: number;
  /** Decides which groups stand for other people. */
  readonly seed: number;
  /** Who is in the faces' photos beside them; nobody when missing. */
  readonly bystanders?: Bystanders;
  /** What is known of the library that the faces are part of; found out from the faces when missing. */
  readonly knowledge?: Knowledge;
}

/** What a library tells about its people as a whole. */
export interface Knowledge {
  readonly people: number;
  readonly cohort: Cohort;
}

/** Groups that stand for all other people. */
export function cohortOf(
  groups: readonly StandingGroup[],
  dimensions: number,
  seed: number,
): Cohort {
  const marks = groups.map((group) => group.marks);
  const { nodes } = rowsAsGroups([], groups, noEmbedding, dimensions, marks);
  return drawCohort([...groups.keys()], nodes, seed);
}

/** Groups of faces with what joining and asking need to know of them. */
export interface Grouping {
  /** Group of each row, 0 to `size − 1`. */
  readonly groupOfRow: Uint32Array;
  readonly size: number;
  /** Groups of faces that are too poor to tell and resemble nobody surely. */
  readonly unclear: ReadonlySet<number>;
  readonly nodes: Nodes;
  /** The groups that are neighbours of each other. */
  readonly graph: NeighbourGraph;
  /** How likely two groups are one person. */
  readonly rule: PersonRule;
  /** The same for parts of the groups: `parts` tells the part of each of the rows, which are faces. */
  readonly ruleOfParts: (rows: readonly number[], parts: Partition) => PersonRule;
  readonly knowledge: Knowledge;
}

/**
 * Groups faces by likeness, obeying what the user said.
 *
 * A first pass joins what is surely one person. Its groups show how many people there are, how much
 * strangers look alike here and who is seen with whom; a second pass joins groups with that
 * knowledge, and a third with what the second adds to it. Groups that do not stand out from those
 * around them, which the first pass could not know, are taken apart and joined anew. Faces too poor
 * to be told apart neither found nor bridge groups; in the end each joins one that it resembles
 * surely, or stays unclear.
 */
export function groupFaces(input: GroupingInput): Grouping {
  const { faces, standing = [] } = input;
  const rowAt = Uint32Array.from({ length: faces.length + standing.length }, (_, row) => row);
  rowAt.set(orderByLikeness(faces.length, input.neighbours));
  const placeOf = new Uint32Array(rowAt.length);
  for (const [place, row] of rowAt.entries()) placeOf[row] = place;
  const grouping = groupOrdered(
    {
      ...input,
      faces: faces.map((_, place) => faces[rowAt[place]!]!),
      embedding: (place) => input.embedding(rowAt[place]!),
      neighbours: (place) => Array.from(input.neighbours(rowAt[place]!), (row) => placeOf[row]!),
    },
    placeOf,
  );
  return {
    ...grouping,
    groupOfRow: placeOf.map((place) => grouping.groupOfRow[place]!),
    ruleOfParts: (rows, parts) =>
      grouping.ruleOfParts(
        rows.map((row) => placeOf[row]!),
        parts,
      ),
  };
}

/**
 * @param placeOf place among the faces of `input` and what stands together of each row, in the order
 *   that depends on the photos alone.
 */
function groupOrdered(input: GroupingInput, placeOf: Uint32Array): Grouping {
  const { faces, standing = [], dimensions, sureness, thresholdShift = 0 } = input;
  const { bystanders = noBystanders } = input;
  const size = faces.length + standing.length;
  const marksOfFace = marksOfFaces(input.constraints);
  const marks = [
    ...faces.map(({ faceId }) => marksOfFace.get(faceId) ?? noMarks),
    ...standing.map((group) => group.marks),
  ];
  const isClearRow = Uint8Array.from({ length: size }, (_, row) => {
    const clear = faces[row] ? isClear(faces[row]) : standing[row - faces.length]!.isClear;
    return clear || marks[row]!.size > 0 ? 1 : 0;
  });
  const photoTable = createPhotoTable(appearancesOf(faces, standing), bystanders.inPhotos.keys());
  const mates = new PhotoMates(photoTable, bystanders);
  const rowGraph = buildGraph(size, input.neighbours);
  const clearGraph = filterGraph(rowGraph, (row) => isClearRow[row] === 1);
  const late = rejectedFaces(faces, input.constraints);
  const earlyGraph =
    late.size === 0 ? clearGraph : filterGraph(clearGraph, (row) => !late.has(row));

  const rows = rowsAsGroups(faces, standing, input.embedding, dimensions, marks);
  const strict = Math.max(sureness, clusteringTuning.surenessOfFirstPass);
  const usual = input.knowledge?.people ?? clusteringTuning.usualPeople;
  const photosOfRows = new PhotoSets(photoTable, rows);
  const first = link(
    earlyGraph,
    rows,
    createJoinRule({ ...rows.facts, photos: photosOfRows }, usual, strict, thresholdShift),
  );
  const clearFirst = clearGroups(first, isClearRow);
  const clearInOrder = () =>
    [...new Set(placeOf.map((place) => first.groupOfRow[place]!))].filter((group) =>
      clearFirst.has(group),
    );
  const knowledge = input.knowledge ?? {
    people: clearFirst.size,
    cohort: drawCohort(clearInOrder(), first.nodes, input.seed),
  };
  const companyOf = (people: Partition) => new Company(mates, people, knowledge.people);
  const ruleOf = (groups: Groups) => {
    const photos = new PhotoSets(photoTable, groups);
    const companions = companyOf(groups).companions(photos, (group) => group);
    const facts = { ...groups.facts, photos, companions };
    return createJoinRule(facts, knowledge.people, sureness, thresholdShift);
  };
  const leveledOf = (groups: Groups): Groups => {
    const levels = impostorLevels(knowledge.cohort, groups.nodes);
    return { ...groups, facts: { ...groups.facts, impostorLevels: levels } };
  };
  const standingMeans = standing.map(({ sum, count }) => sum.map((value) => value / count));
  const meanOfRow = (row: number) => standingMeans[row - faces.length] ?? input.embedding(row);
  /** What does not stand out from its surroundings, each row by itself. */
  const partCrowded = (groups: Groups): Groups => {
    const crowded = crowdedGroups(groups, clearGraph, meanOfRow);
    if (!crowded.includes(1)) return groups;
    const parts = numberGroups(
      groups.groupOfRow.map((group, row) => (crowded[group] === 1 ? groups.size + row : group)),
    );
    return leveledOf(rowsAsGroups(faces, standing, input.embedding, dimensions, marks, parts));
  };
  const leveled = leveledOf(first);
  const second = link(earlyGraph, leveled, ruleOf(leveled));
  const third = link(clearGraph, second, ruleOf(second));
  const parted = partCrowded(third);
  const fourth = parted === third ? third : link(clearGraph, parted, ruleOf(parted));
  const clear = clearGroups(fourth, isClearRow);
  const graphOf = ({ groupOfRow, size: groups }: Partition) =>
    contractGraph(rowGraph, groupOfRow, groups);
  const last = attachUnclear(fourth, ruleOf(fourth), graphOf(fourth), clear);
  const clearLast = clearGroups(last, isClearRow);
  const ruleOfParts = (partRows: readonly number[], parts: Partition) => {
    const rowsOfPart = Map.groupBy(partRows.keys(), (at) => parts.groupOfRow[at]!);
    const groupOfPart = new Uint32Array(parts.size);
    // All other rows are one more part.
    const partOfRow = new Uint32Array(size).fill(parts.size);
    const summed = Array.from({ length: parts.size }, (_, part) => {
      const theirRows = rowsOfPart.get(part)!.map((at) => partRows[at]!);
      for (const row of theirRows) partOfRow[row] = part;
      groupOfPart[part] = last.groupOfRow[theirRows[0]!]!;
      return standTogether(
        theirRows.map((row) => faces[row]!),
        // What keeps faces apart is not asked of parts: their group holds them all.
        () => noMarks,
        (at) => input.embedding(theirRows[at]!),
        dimensions,
      ).group;
    });
    const marksOfParts = summed.map((group) => group.marks);
    const { facts } = rowsAsGroups([], summed, noEmbedding, dimensions, marksOfParts);
    const photos = new PhotoSets(photoTable, { groupOfRow: partOfRow, size: parts.size + 1 });
    return createJoinRule(
      {
        ...facts,
        impostorLevels: Float32Array.from(groupOfPart, (g) => last.facts.impostorLevels[g]!),
        photos,
        companions: companyOf(last).companions(photos, (part) => groupOfPart[part]!),
      },
      knowledge.people,
      sureness,
      thresholdShift,
    );
  };
  return {
    groupOfRow: last.groupOfRow,
    size: last.size,
    nodes: last.nodes,
    unclear: new Set([...Array(last.size).keys()].filter((group) => !clearLast.has(group))),
    graph: graphOf(last),
    rule: ruleOf(last),
    ruleOfParts,
    knowledge,
  };
}

/** Of rows that all stand together. */
function noEmbedding(): never {
  throw new RangeError('There is no such face');
}

/**
 * Rows of faces that the user said are not somebody. They are linked last: else such a face would draw
 * those it resembles along, out of the group of the person it is not.
 */
function rejectedFaces(
  faces: readonly GroupingFace[],
  { rejected, confirmed }: FaceConstraints,
): Set<number> {
  if (rejected.length === 0) return new Set();
  const without = new Set(rejected.map(({ faceId }) => faceId));
  for (const { faceId } of confirmed) without.delete(faceId);
  return new Set([...faces.keys()].filter((row) => without.has(faces[row]!.faceId)));
}

/** Each unclear group that resembles a clear one surely enough joins it, the surest first. */
function attachUnclear(
  groups: Groups,
  rule: PersonRule,
  graph: NeighbourGraph,
  clear: ReadonlySet<number>,
): Groups {
  const { size, nodes } = groups;
  const { dimensions, sums } = nodes;
  const least = marginOfProbability(clusteringTuning.surenessOfUnclear);
  const wishes: { group: number; other: number; margin: number }[] = [];
  for (let group = 0; group < size; group++) {
    if (clear.has(group)) continue;
    for (let edge = graph.offsets[group]!; edge < graph.offsets[group + 1]!; edge++) {
      const other = graph.targets[edge]!;
      if (!clear.has(other)) continue;
      const margin = rule.evidence(group, other, meanSimilarity(nodes, group, other), least);
      if (margin >= least) {
        wishes.push({ group, other, margin });
      }
    }
  }
  wishes.sort((a, b) => b.margin - a.margin || a.group - b.group || a.other - b.other);
  const into = Uint32Array.from({ length: size }, (_, group) => group);
  for (const { group, other } of wishes) {
    if (into[group] !== group || rule.forbids(other, group)) continue;
    rule.joined(
      other,
      group,
      meanSimilarity({ ...nodes, counts: rule.facts().counts }, group, other),
    );
    for (let i = 0; i < dimensions; i++) {
      sums[other * dimensions + i]! += sums[group * dimensions + i]!;
    }
    into[group] = other;
  }
  return joinInto(groups, into, rule);
}

import { clusteringTuning } from '../tuning.ts';
import { Company, noBystanders, type Bystanders, type Companions } from './companions.ts';
import {
  conflict,
  marksOfFaces,
  noMarks,
  unite,
  type FaceConstraints,
  type Marks,
} from './constraints.ts';
import { drawCohort, impostorLevel, type Cohort } from './impostors.ts';
import {
  createJoinRule,
  probabilityOfMargin,
  type NodeFacts,
  type PersonRule,
} from './join-rule.ts';
import { linkGroups, type Nodes } from './linkage.ts';
import {
  buildGraph,
  compose,
  contractGraph,
  filterGraph,
  numberGroups,
  sumNodes,
  type NeighbourGraph,
  type Partition,
} from './node-graph.ts';
import { createPhotoSets } from './photo-sets.ts';

export interface GroupingFace {
  readonly faceId: number;
  readonly photoId: number;
  /** Geometric mean of box width and height, full-resolution pixels. */
  readonly size: number;
  /** 0 (blurred) to 1 (crisp). */
  readonly sharpness: number;
  /** Degrees, 0 frontal. */
  readonly yaw: number;
}

export interface GroupingInput {
  /** In an order that depends on the photos alone. */
  readonly faces: readonly GroupingFace[];
  /** Unit vector of a row; read anew for each pass. */
  readonly embedding: (row: number) => Float32Array;
  readonly dimensions: number;
  /** Row to rows of likely faces of the same person, asked twice; one side may name a pair. */
  readonly neighbours: (row: number) => Iterable<number>;
  readonly constraints: FaceConstraints;
  /** Probability from which groups are joined, 0 to 1. */
  readonly sureness: number;
  /** How much more alike the head makes strangers than the one that Kith comes with; 0 without it. */
  readonly thresholdShift?: number;
  /** Decides which groups stand for other people. */
  readonly seed: number;
  /** Rows with the same number are a group already and stay together; −1 for the others. */
  readonly atoms?: ArrayLike<number>;
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

/** Groups of faces with what joining and asking need to know of them. */
export interface Grouping {
  /** Group of each row, 0 to `size − 1` in the order of their first rows. */
  readonly groupOfRow: Uint32Array;
  readonly size: number;
  /** Groups of faces that are too poor to tell and resemble nobody surely. */
  readonly unclear: ReadonlySet<number>;
  readonly nodes: Nodes;
  /** The groups that are neighbours of each other. */
  readonly graph: NeighbourGraph;
  /** How likely two groups are one person. */
  readonly rule: PersonRule;
  /** The same for parts of the groups: `parts` tells the part of each of the rows. */
  readonly ruleOfParts: (rows: readonly number[], parts: Partition) => PersonRule;
  readonly knowledge: Knowledge;
}

/**
 * Groups faces by likeness, obeying what the user said.
 *
 * A first pass joins what is surely one person. Its groups show how many people there are, how much
 * strangers look alike here and who is seen with whom; a second pass joins groups with that
 * knowledge, and a third with what the second adds to it. Faces too poor to be told apart neither
 * found nor bridge groups; in the end each joins one that it resembles surely, or stays unclear.
 */
export function groupFaces(input: GroupingInput): Grouping {
  const { faces, dimensions, sureness, thresholdShift = 0 } = input;
  const marksOfFace = marksOfFaces(input.constraints);
  const marks = faces.map(({ faceId }) => marksOfFace.get(faceId) ?? noMarks);
  const photoIds = faces.map(({ photoId }) => photoId);
  const rowGraph = buildGraph(faces.length, input.neighbours);
  const start = startingGroups(faces, marks, input.atoms);
  const isClearGroup = new Uint8Array(start.size);
  for (const [row, face] of faces.entries()) {
    if (isClear(face) || marks[row]!.size > 0) isClearGroup[start.groupOfRow[row]!] = 1;
  }
  const clearGraph = filterGraph(
    contractGraph(rowGraph, start.groupOfRow, start.size),
    (group) => isClearGroup[group] === 1,
  );
  const late = rejectedFaces(faces, input.constraints, start);
  const earlyGraph = late.size === 0 ? clearGraph : filterGraph(clearGraph, (g) => !late.has(g));
  const sumsOf = ({ groupOfRow, size }: Partition) =>
    sumNodes(input.embedding, dimensions, groupOfRow, size);
  const strict = Math.max(sureness, clusteringTuning.surenessOfFirstPass);
  const usual = input.knowledge?.people ?? clusteringTuning.usualPeople;
  const startNodes = sumsOf(start);
  const plain = gatherFacts(faces, marks, start, startNodes, new Float32Array(start.size));
  const firstOfStart = numberGroups(
    linkGroups(earlyGraph, startNodes, createJoinRule(plain, usual, strict, thresholdShift)),
  );
  const first = compose(start, firstOfStart);
  const firstNodes = sumsOf(first);
  const clearFirst = new Set<number>();
  for (const [group, ofFirst] of firstOfStart.groupOfRow.entries()) {
    if (isClearGroup[group] === 1) clearFirst.add(ofFirst);
  }
  const knowledge = input.knowledge ?? {
    people: clearFirst.size,
    cohort: drawCohort([...clearFirst], firstNodes, input.seed),
  };
  const firstLevels = Float32Array.from({ length: first.size }, (_, group) =>
    impostorLevel(knowledge.cohort, firstNodes, group),
  );
  const companyOf = (people: Partition) =>
    new Company(photoIds, people, input.bystanders ?? noBystanders, knowledge.people);
  const ruleOf = (partition: Partition, nodes: Nodes, levels: Float32Array) => {
    const companions = companyOf(partition).companions(faces.keys(), partition);
    const facts = gatherFacts(faces, marks, partition, nodes, levels, companions);
    return createJoinRule(facts, knowledge.people, sureness, thresholdShift);
  };
  const link = (graph: NeighbourGraph, ofStart: Partition, levels: Float32Array) => {
    const partition = compose(start, ofStart);
    const nodes = sumsOf(partition);
    const contracted = contractGraph(graph, ofStart.groupOfRow, ofStart.size);
    const joined = numberGroups(linkGroups(contracted, nodes, ruleOf(partition, nodes, levels)));
    return {
      ofStart: compose(ofStart, joined),
      levels: meanLevels(levels, nodes.counts, joined),
    };
  };
  const early = link(earlyGraph, firstOfStart, firstLevels);
  const linked = link(clearGraph, early.ofStart, early.levels);
  const second = compose(start, linked.ofStart);
  const finish = (partition: Partition, levels: Float32Array) => {
    const nodes = sumsOf(partition);
    return {
      ...partition,
      nodes,
      graph: contractGraph(rowGraph, partition.groupOfRow, partition.size),
      rule: ruleOf(partition, nodes, levels),
    };
  };
  const clearSecond = new Set<number>();
  for (const [row, group] of start.groupOfRow.entries()) {
    if (isClearGroup[group] === 1) clearSecond.add(second.groupOfRow[row]!);
  }
  const before = finish(second, linked.levels);
  const attached = attachUnclear(before, clearSecond);
  const levels = meanLevels(linked.levels, before.nodes.counts, attached);
  const last = finish(compose(second, attached), levels);
  const unclear = new Set<number>();
  for (const [row, group] of second.groupOfRow.entries()) {
    if (!clearSecond.has(group) && attached.alone.has(group)) unclear.add(last.groupOfRow[row]!);
  }
  const ruleOfParts = (rows: readonly number[], parts: Partition) => {
    const levelOfPart = new Float32Array(parts.size);
    for (const [at, part] of parts.groupOfRow.entries()) {
      levelOfPart[part] = levels[last.groupOfRow[rows[at]!]!]!;
    }
    const nodes = sumNodes(
      (at) => input.embedding(rows[at]!),
      dimensions,
      parts.groupOfRow,
      parts.size,
    );
    const companions = companyOf(last).companions(rows, parts);
    const facts = gatherFacts(
      rows.map((row) => faces[row]!),
      rows.map((row) => marks[row]!),
      parts,
      nodes,
      levelOfPart,
      companions,
    );
    return createJoinRule(facts, knowledge.people, sureness, thresholdShift);
  };
  return { ...last, unclear, ruleOfParts, knowledge };
}

/**
 * Groups of one face that the user said is not somebody. They are linked last: else such a face would
 * draw those it resembles along, out of the group of the person it is not.
 */
function rejectedFaces(
  faces: readonly GroupingFace[],
  { rejected, confirmed }: FaceConstraints,
  start: Partition,
): Set<number> {
  if (rejected.length === 0) return new Set();
  const without = new Set(rejected.map(({ faceId }) => faceId));
  for (const { faceId } of confirmed) without.delete(faceId);
  const counts = new Uint32Array(start.size);
  for (const group of start.groupOfRow) counts[group]!++;
  const groups = new Set<number>();
  for (const [row, { faceId }] of faces.entries()) {
    const group = start.groupOfRow[row]!;
    if (without.has(faceId) && counts[group] === 1) groups.add(group);
  }
  return groups;
}

/** The given groups, less faces that the user's words have since driven out of theirs. */
function startingGroups(
  faces: readonly GroupingFace[],
  marks: readonly Marks[],
  atoms: ArrayLike<number> | undefined,
): Partition {
  const united = new Map<number, Marks>();
  return numberGroups(
    faces.map((_, row) => {
      const atom = atoms?.[row] ?? -1;
      if (atom < 0) return -1 - row;
      const before = united.get(atom) ?? noMarks;
      if (conflict(before, marks[row]!)) return -1 - row;
      united.set(atom, unite(before, marks[row]!));
      return atom;
    }),
  );
}

/** Whether a face can be told apart well enough to found a group. */
export function isClear(face: Pick<GroupingFace, 'size' | 'sharpness'>): boolean {
  return (
    face.size >= clusteringTuning.clearSize && face.sharpness >= clusteringTuning.clearSharpness
  );
}

function gatherFacts(
  faces: readonly GroupingFace[],
  marks: readonly Marks[],
  { groupOfRow, size }: Partition,
  nodes: Nodes,
  impostorLevels: Float32Array,
  companions?: Companions,
): NodeFacts {
  const counts = new Uint32Array(size);
  const profileShares = new Float32Array(size);
  const marksOfGroup = new Array<Marks>(size).fill(noMarks);
  for (const [row, face] of faces.entries()) {
    const group = groupOfRow[row]!;
    counts[group]!++;
    profileShares[group]! += profileShare(face.yaw);
    if (marks[row]!.size > 0) marksOfGroup[group] = unite(marksOfGroup[group]!, marks[row]!);
  }
  for (let group = 0; group < size; group++) profileShares[group]! /= counts[group]!;
  const photos = createPhotoSets(
    faces.map(({ photoId }) => photoId),
    groupOfRow,
    size,
  );
  return {
    counts,
    squares: squaredLengths(nodes),
    profileShares,
    impostorLevels,
    marks: marksOfGroup,
    photos,
    ...(companions && { companions }),
  };
}

/** Squared length of each node's sum. */
function squaredLengths({ size, dimensions, sums }: Nodes): Float32Array {
  return Float32Array.from({ length: size }, (_, node) => {
    let square = 0;
    for (let i = node * dimensions; i < (node + 1) * dimensions; i++) square += sums[i]! * sums[i]!;
    return square;
  });
}

/** Levels of groups made of groups, by their faces: the mean, as when they are joined one by one. */
function meanLevels(levels: Float32Array, counts: Uint32Array, joined: Partition): Float32Array {
  const sums = new Float32Array(joined.size);
  const faces = new Float32Array(joined.size);
  for (const [part, group] of joined.groupOfRow.entries()) {
    sums[group]! += levels[part]! * counts[part]!;
    faces[group]! += counts[part]!;
  }
  return sums.map((sum, group) => sum / faces[group]!);
}

/** How far a face counts as seen from the side: 0 up to one angle, 1 from another. */
function profileShare(yaw: number): number {
  const { frontalYaw, profileYaw } = clusteringTuning;
  return Math.min(1, Math.max(0, (Math.abs(yaw) - frontalYaw) / (profileYaw - frontalYaw)));
}

/** Each unclear group that resembles a clear one surely enough joins it, the surest first. */
function attachUnclear(
  { nodes, rule, graph, size }: Pick<Grouping, 'nodes' | 'rule' | 'graph' | 'size'>,
  clear: ReadonlySet<number>,
): Partition & { readonly alone: ReadonlySet<number> } {
  const wishes: { group: number; other: number; margin: number }[] = [];
  const alone = new Set<number>();
  for (let group = 0; group < size; group++) {
    if (clear.has(group)) continue;
    alone.add(group);
    for (let edge = graph.offsets[group]!; edge < graph.offsets[group + 1]!; edge++) {
      const other = graph.targets[edge]!;
      if (!clear.has(other)) continue;
      const margin = rule.evidence(group, other, meanSimilarity(nodes, group, other));
      if (probabilityOfMargin(margin) >= clusteringTuning.surenessOfUnclear) {
        wishes.push({ group, other, margin });
      }
    }
  }
  wishes.sort((a, b) => b.margin - a.margin || a.group - b.group || a.other - b.other);
  const joined = Uint32Array.from({ length: size }, (_, group) => group);
  for (const { group, other } of wishes) {
    if (!alone.has(group) || rule.forbids(other, group)) continue;
    rule.joined(other, group, meanSimilarity(nodes, group, other));
    joined[group] = other;
    alone.delete(group);
  }
  return { ...numberGroups(joined), alone };
}

/** Mean cosine similarity of all pairs of faces of two groups. */
export function meanSimilarity(nodes: Nodes, a: number, b: number): number {
  const { dimensions, sums, counts } = nodes;
  let dot = 0;
  for (let i = 0; i < dimensions; i++) dot += sums[a * dimensions + i]! * sums[b * dimensions + i]!;
  return dot / (counts[a]! * counts[b]!);
}

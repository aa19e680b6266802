import { conflict, marksOfFaces, noMarks, unite, type Marks } from '../clustering/constraints.ts';
import { linkGroups } from '../clustering/linkage.ts';
import { buildGraph } from '../clustering/node-graph.ts';
import { forEachPair } from './pairs.ts';
import { knownApart, type TrainingFaces } from './training-faces.ts';

/** How surely each face belongs to which class: a named person, or a group without a name. */
export interface Memberships {
  readonly classCount: number;
  /** The first so many classes are named persons. */
  readonly personCount: number;
  /** For each row the classes it may belong to, most likely first; empty for faces alone. */
  readonly ofRow: readonly (readonly { readonly class: number; readonly mass: number }[])[];
  /** Mean cosine similarity of the faces of two classes: classCount × classCount. */
  readonly similarity: Float32Array;
}

export interface MembershipOptions {
  readonly dimensions: number;
  /** Mean similarity from which groups of these sizes are joined. */
  readonly joinThreshold: (sizeA: number, sizeB: number) => number;
  /** Pairs less similar than this are no neighbours. */
  readonly edgeSimilarity: number;
  readonly rounds: number;
  /** Difference of similarity that makes one class e times as likely as another. */
  readonly temperature: number;
  /** Similarity to a class at which a face belongs as likely to nobody known. */
  readonly outsideSimilarity: number;
}

/** Less sure memberships are dropped. */
const leastMass = 0.02;

/**
 * Groups all faces under the user's labels, then lets every face without a label belong to several
 * classes by its mean similarity to their faces (expectation and maximisation by turns).
 */
export function findMemberships(
  embeddings: Float32Array,
  faces: TrainingFaces,
  options: MembershipOptions,
): Memberships {
  const initial = initialClasses(embeddings, faces, options);
  let memberships = initial.map((one) => (one < 0 ? [] : [{ class: one, mass: 1 }]));
  const classCount = initial.reduce((most, one) => Math.max(most, one + 1), 0);
  const forbidden = forbiddenClasses(faces, initial);
  for (let round = 0; round < options.rounds; round++) {
    const sums = classSums(embeddings, options.dimensions, memberships, classCount);
    memberships = memberships.map((before, row) =>
      faces.persons[row]! >= 0
        ? before
        : assign(embeddings, row, before, sums, forbidden.get(row), options),
    );
  }
  const { vectors, masses } = classSums(embeddings, options.dimensions, memberships, classCount);
  const similarity = new Float32Array(classCount * classCount);
  for (let a = 0; a < classCount; a++) {
    for (let b = 0; b < classCount; b++) {
      let dot = 0;
      for (let i = 0; i < options.dimensions; i++) {
        dot += vectors[a * options.dimensions + i]! * vectors[b * options.dimensions + i]!;
      }
      similarity[a * classCount + b] = dot / (masses[a]! * masses[b]! || 1);
    }
  }
  const personCount = new Set(faces.persons.filter((person) => person >= 0)).size;
  return { classCount, personCount, ofRow: memberships, similarity };
}

/** Persons first, then groups of at least two faces; −1 for faces alone. */
function initialClasses(
  embeddings: Float32Array,
  faces: TrainingFaces,
  options: MembershipOptions,
): number[] {
  const { persons } = faces;
  const groupOf = linkFaces(embeddings, faces, options);
  const personClass = new Map<number, number>();
  for (const person of persons) {
    if (person >= 0 && !personClass.has(person)) personClass.set(person, personClass.size);
  }
  const classOfGroup = new Map<number, number>();
  const sizes = new Map<number, number>();
  for (const [row, group] of groupOf.entries()) {
    sizes.set(group, (sizes.get(group) ?? 0) + 1);
    if (persons[row]! >= 0) classOfGroup.set(group, personClass.get(persons[row]!)!);
  }
  let classCount = personClass.size;
  for (const [group, size] of sizes) {
    if (size > 1 && !classOfGroup.has(group)) classOfGroup.set(group, classCount++);
  }
  return Array.from(groupOf, (group, row) =>
    persons[row]! >= 0 ? personClass.get(persons[row]!)! : (classOfGroup.get(group) ?? -1),
  );
}

function linkFaces(
  embeddings: Float32Array,
  faces: TrainingFaces,
  { dimensions, joinThreshold, edgeSimilarity }: MembershipOptions,
): Uint32Array {
  const size = embeddings.length / dimensions;
  const neighbours = Array.from({ length: size }, (): number[] => []);
  forEachPair(embeddings, dimensions, (first, second, similarity) => {
    if (similarity >= edgeSimilarity) neighbours[first]!.push(second);
  });
  const marks = marksOf(faces);
  const counts = new Uint32Array(size).fill(1);
  const graph = buildGraph(size, (row) => neighbours[row]!);
  return linkGroups(
    graph,
    { size, dimensions, sums: embeddings, counts: Uint32Array.from(counts) },
    {
      margin: (a, b, similarity) =>
        conflict(marks[a]!, marks[b]!) ? -1 : similarity - joinThreshold(counts[a]!, counts[b]!),
      joined(a, b) {
        marks[a] = unite(marks[a]!, marks[b]!);
        counts[a]! += counts[b]!;
      },
    },
  );
}

/** The user's words, and that faces of one photo are different people. */
function marksOf({ persons, photos, rejections, apart }: TrainingFaces): Marks[] {
  const confirmed = [...persons.entries()]
    .filter(([, personId]) => personId >= 0)
    .map(([faceId, personId]) => ({ faceId, personId }));
  const marks = marksOfFaces({
    confirmed,
    rejected: rejections.map(({ row, person }) => ({ faceId: row, personId: person })),
    sides: apart.flatMap(([a, b], eventId) => [
      { faceId: a, eventId, side: 0 as const },
      { faceId: b, eventId, side: 1 as const },
    ]),
  });
  const facesOn = new Map<number, number>();
  for (const photo of photos) facesOn.set(photo, (facesOn.get(photo) ?? 0) + 1);
  return Array.from(persons, (_, row) => {
    const said = marks.get(row) ?? noMarks;
    const alone = facesOn.get(photos[row]!) === 1;
    return alone ? said : unite(said, new Map([[`photo ${photos[row]}`, row]]));
  });
}

/** Classes that a row's labels or photo exclude. */
function forbiddenClasses(faces: TrainingFaces, classOf: readonly number[]) {
  const forbidden = new Map<number, Set<number>>();
  const forbid = (row: number, other: number) => {
    if (faces.persons[other]! < 0) return;
    const set = forbidden.get(row) ?? new Set();
    forbidden.set(row, set.add(classOf[other]!));
  };
  const count = faces.persons.length;
  for (const key of knownApart(faces)) {
    const first = Math.floor(key / count);
    const second = key % count;
    forbid(first, second);
    forbid(second, first);
  }
  return forbidden;
}

interface ClassSums {
  /** Sums of the members' vectors, weighted by mass: classes × dimensions. */
  readonly vectors: Float32Array;
  readonly masses: Float64Array;
}

function classSums(
  embeddings: Float32Array,
  dimensions: number,
  memberships: Memberships['ofRow'],
  classCount: number,
): ClassSums {
  const vectors = new Float32Array(classCount * dimensions);
  const masses = new Float64Array(classCount);
  for (const [row, list] of memberships.entries()) {
    for (const { class: one, mass } of list) {
      masses[one]! += mass;
      for (let i = 0; i < dimensions; i++) {
        vectors[one * dimensions + i]! += mass * embeddings[row * dimensions + i]!;
      }
    }
  }
  return { vectors, masses };
}

function assign(
  embeddings: Float32Array,
  row: number,
  before: readonly { readonly class: number; readonly mass: number }[],
  { vectors, masses }: ClassSums,
  forbidden: ReadonlySet<number> | undefined,
  { dimensions, temperature, outsideSimilarity }: MembershipOptions,
) {
  const own = new Map(before.map(({ class: one, mass }) => [one, mass]));
  const likely: { class: number; mass: number }[] = [];
  let total = 1;
  for (let one = 0; one < masses.length; one++) {
    if (forbidden?.has(one)) continue;
    const mine = own.get(one) ?? 0;
    const others = masses[one]! - mine;
    if (others < 0.5) continue;
    let dot = -mine;
    for (let i = 0; i < dimensions; i++) {
      dot += vectors[one * dimensions + i]! * embeddings[row * dimensions + i]!;
    }
    const mass = Math.exp((dot / others - outsideSimilarity) / temperature);
    if (mass < leastMass) continue;
    likely.push({ class: one, mass });
    total += mass;
  }
  return likely
    .map(({ class: one, mass }) => ({ class: one, mass: mass / total }))
    .filter(({ mass }) => mass >= leastMass)
    .sort((a, b) => b.mass - a.mass || a.class - b.class);
}

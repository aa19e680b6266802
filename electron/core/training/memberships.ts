import { groupFaces } from '../clustering/group-faces.ts';
import { timesTransposed } from '../matrices.ts';
import { clusteringTuning } from '../tuning.ts';
import { forEachPair } from './pairs.ts';
import type { TrainingFaces } from './training-faces.ts';

/** Which faces are one person, as far as labels and likeness tell. */
export interface Memberships {
  readonly classCount: number;
  /** The first so many classes are named persons, the others groups without a name. */
  readonly personCount: number;
  /** Class of each row; −1 for faces alone. */
  readonly classOf: Int32Array;
  /** Mean cosine similarity of the faces of two classes: classCount × classCount. */
  readonly similarity: Float32Array;
}

/**
 * Groups all faces under the user's labels as the library is grouped, so that who is seen with whom
 * tells as well; groups with faces of one person are that person.
 *
 * @param embeddings unit vectors, count × dimensions.
 */
export function findMemberships(
  embeddings: Float32Array,
  dimensions: number,
  faces: TrainingFaces,
): Memberships {
  const { persons } = faces;
  const groupOfRow = group(embeddings, dimensions, faces);
  const classOfPerson = new Map<number, number>();
  for (const person of persons) {
    if (person >= 0 && !classOfPerson.has(person)) classOfPerson.set(person, classOfPerson.size);
  }
  const personCount = classOfPerson.size;
  const classOfGroup = new Map<number, number>();
  const sizes = new Map<number, number>();
  for (const [row, one] of groupOfRow.entries()) {
    sizes.set(one, (sizes.get(one) ?? 0) + 1);
    if (persons[row]! >= 0) classOfGroup.set(one, classOfPerson.get(persons[row]!)!);
  }
  let classCount = personCount;
  for (const [one, size] of sizes) {
    if (size > 1 && !classOfGroup.has(one)) classOfGroup.set(one, classCount++);
  }
  const classOf = Int32Array.from(groupOfRow, (one, row) =>
    persons[row]! >= 0 ? classOfPerson.get(persons[row]!)! : (classOfGroup.get(one) ?? -1),
  );
  const similarity = classSimilarities(embeddings, dimensions, classOf, classCount);
  return { classCount, personCount, classOf, similarity };
}

function group(
  embeddings: Float32Array,
  dimensions: number,
  { persons, photos, rejections, apart }: TrainingFaces,
): Uint32Array {
  const neighbours = likelyPairs(embeddings, dimensions, persons.length);
  return groupFaces({
    faces: Array.from(photos, (photoId, faceId) => ({
      ...{ faceId, photoId },
      // Clear and frontal: nothing else is known.
      ...{ size: clusteringTuning.clearSize, sharpness: 1, yaw: 0 },
    })),
    embedding: (row) => embeddings.subarray(row * dimensions, (row + 1) * dimensions),
    dimensions,
    neighbours: (row) => neighbours[row]!,
    constraints: {
      confirmed: [...persons.entries()]
        .filter(([, personId]) => personId >= 0)
        .map(([faceId, personId]) => ({ faceId, personId })),
      rejected: rejections.map(({ row, person }) => ({ faceId: row, personId: person })),
      sides: apart.flatMap(([a, b], eventId) => [
        { faceId: a, eventId, side: 0 as const },
        { faceId: b, eventId, side: 1 as const },
      ]),
    },
    sureness: clusteringTuning.sureness,
    seed: clusteringTuning.seed,
  }).groupOfRow;
}

/** For each row the likeliest others, as many as the library looks up. */
function likelyPairs(embeddings: Float32Array, dimensions: number, count: number): number[][] {
  const { edgeSimilarity, neighbours } = clusteringTuning;
  const others = Array.from({ length: count }, (): number[] => []);
  const similarities = Array.from({ length: count }, (): number[] => []);
  forEachPair(embeddings, dimensions, (first, second, similarity) => {
    if (similarity < edgeSimilarity) return;
    others[first]!.push(second);
    others[second]!.push(first);
    similarities[first]!.push(similarity);
    similarities[second]!.push(similarity);
  });
  return others.map((ofRow, row) => {
    const theirs = similarities[row]!;
    const least = Float64Array.from(theirs).sort().at(-neighbours) ?? -1;
    return ofRow.filter((_, at) => theirs[at]! >= least);
  });
}

function classSimilarities(
  embeddings: Float32Array,
  dimensions: number,
  classOf: Int32Array,
  classCount: number,
): Float32Array {
  const means = new Float32Array(classCount * dimensions);
  const sizes = new Uint32Array(classCount);
  for (const one of classOf) if (one >= 0) sizes[one]!++;
  for (const [row, one] of classOf.entries()) {
    if (one < 0) continue;
    for (let i = 0; i < dimensions; i++) {
      means[one * dimensions + i]! += embeddings[row * dimensions + i]! / sizes[one]!;
    }
  }
  return timesTransposed(means, means, dimensions);
}

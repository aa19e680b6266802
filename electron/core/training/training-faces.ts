import { FEATURE_SIZE } from '../head.ts';

/** What the user's labels say, as rows of `features`. */
export interface TrainingFaces {
  /** count × 512. */
  readonly features: Float32Array;
  /** Person of each face, −1 where the user named nobody. */
  readonly persons: Int32Array;
  /** Photo of each face: faces of one photo are different people. */
  readonly photos: Int32Array;
  /** Faces that were said not to be a person. */
  readonly rejections: readonly { readonly row: number; readonly person: number }[];
  /** Pairs of faces that were said to be two people. */
  readonly apart: readonly (readonly [number, number])[];
}

/** The labels do not suffice, or contradict themselves; the message is for the user. */
export class TrainingError extends Error {
  override readonly name = 'TrainingError';
}

/**
 * @throws RangeError when arrays do not fit each other or features are no numbers.
 * @throws TrainingError when there is nothing to learn from.
 */
export function checkFaces(faces: TrainingFaces): void {
  const { features, persons, photos, rejections, apart } = faces;
  const count = persons.length;
  if (features.length !== count * FEATURE_SIZE || photos.length !== count) {
    throw new RangeError(
      `${count} persons need ${count} photos and ${count * FEATURE_SIZE} features, ` +
        `not ${photos.length} and ${features.length}`,
    );
  }
  const rows = [...rejections.map(({ row }) => row), ...apart.flat()];
  if (rows.some((row) => !(row >= 0 && row < count && Number.isInteger(row)))) {
    throw new RangeError('Rejections and pairs must name rows of the features');
  }
  if (!features.every(Number.isFinite)) throw new RangeError('Features must be finite numbers');
  const sizes = new Map<number, number>();
  for (const person of persons) {
    if (person >= 0) sizes.set(person, (sizes.get(person) ?? 0) + 1);
  }
  if (sizes.size < 2) throw new TrainingError('Name at least two people first.');
  if (![...sizes.values()].some((size) => size > 1)) {
    throw new TrainingError('Name at least two faces of one person first.');
  }
}

/** Pairs of rows that the user, or one photo, says are two people. */
export function knownApart(faces: TrainingFaces): Set<number> {
  const { persons, photos, rejections, apart } = faces;
  const count = persons.length;
  const pairs = new Set<number>();
  const add = (a: number, b: number) => {
    if (a !== b) pairs.add(pairKey(Math.min(a, b), Math.max(a, b), count));
  };
  for (const [a, b] of apart) add(a, b);
  const rowsOfPerson = Map.groupBy(persons.keys(), (row) => persons[row]!);
  for (const { row, person } of rejections) {
    for (const other of person < 0 ? [] : (rowsOfPerson.get(person) ?? [])) add(row, other);
  }
  for (const rows of Map.groupBy(photos.keys(), (row) => photos[row]!).values()) {
    for (const [place, a] of rows.entries()) {
      for (const b of rows.slice(0, place)) {
        if (persons[a]! < 0 || persons[a] !== persons[b]) add(a, b);
      }
    }
  }
  return pairs;
}

export const pairKey = (first: number, second: number, count: number) => first * count + second;

/** Features of some rows, count × 512. */
export function selectRows(features: Float32Array, rows: readonly number[]): Float32Array {
  const selected = new Float32Array(rows.length * FEATURE_SIZE);
  for (const [place, row] of rows.entries()) {
    const at = row * FEATURE_SIZE;
    selected.set(features.subarray(at, at + FEATURE_SIZE), place * FEATURE_SIZE);
  }
  return selected;
}

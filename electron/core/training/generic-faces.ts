import { type Random, createRandom, normal } from '../random.ts';
import { FEATURE_SIZE } from '../head.ts';
import { timesTransposed, transposed } from '../matrices.ts';
import type { Pull } from './recipe.ts';
import { inputCount, momentsOf, principalAxes, whiten, type Whitening } from './whitening.ts';

/**
 * What faces in general are like, without being anyone's: features = mean + between · a + within · b
 * with standard normal a (the same for all faces of one person) and b (Prince and Elder 2007).
 */
export interface GenericFaces {
  /** 512. */
  readonly mean: Float32Array;
  /** rows × 512: how people differ from each other. */
  readonly between: Float32Array;
  /** rows × 512: how pictures of one person differ. */
  readonly within: Float32Array;
}

/**
 * Fits the model to faces of many people: covariance of the people's means, and of faces around
 * them. People with one face tell about `within` nothing.
 *
 * @param features count × 512.
 */
export function fitGenericFaces(
  features: Float32Array,
  identities: readonly string[],
  rank: number,
  seed: number,
): GenericFaces {
  const rowsOf = Map.groupBy(identities.keys(), (row) => identities[row]!);
  const people = [...rowsOf.values()].filter((rows) => rows.length > 1);
  const means = new Float32Array(people.length * FEATURE_SIZE);
  const around = new Float32Array(people.flat().length * FEATURE_SIZE);
  let place = 0;
  let inverseSizes = 0;
  for (const [person, rows] of people.entries()) {
    const at = person * FEATURE_SIZE;
    for (const row of rows) {
      for (let i = 0; i < FEATURE_SIZE; i++) {
        means[at + i]! += features[row * FEATURE_SIZE + i]! / rows.length;
      }
    }
    // Distances from a mean of few are too short.
    const stretch = Math.sqrt(rows.length / (rows.length - 1));
    for (const row of rows) {
      for (let i = 0; i < FEATURE_SIZE; i++) {
        around[place++] = (features[row * FEATURE_SIZE + i]! - means[at + i]!) * stretch;
      }
    }
    inverseSizes += 1 / rows.length / people.length;
  }
  const { covariance: within } = momentsOf(around);
  const { mean, covariance: between } = momentsOf(means);
  for (let i = 0; i < between.length; i++) between[i]! -= within[i]! * inverseSizes;
  return {
    mean,
    between: scaledAxes(between, rank, seed),
    within: scaledAxes(within, rank, seed),
  };
}

function scaledAxes(covariance: Float32Array, rank: number, seed: number): Float32Array {
  const { values, directions } = principalAxes(covariance, rank, seed);
  return directions.map((value, at) => value * Math.sqrt(values[Math.floor(at / FEATURE_SIZE)]!));
}

/** Faces drawn from the model: `people` × `facesEach`, person by person; features of count × 512. */
export function drawFaces(
  { mean, between, within }: GenericFaces,
  people: number,
  facesEach: number,
  seed: number,
): { readonly features: Float32Array; readonly identities: Int32Array } {
  const random = createRandom(seed);
  const count = people * facesEach;
  const ofPeople = new Float32Array((people * between.length) / FEATURE_SIZE);
  const ofFaces = new Float32Array((count * within.length) / FEATURE_SIZE);
  for (let person = 0; person < people; person++) {
    drawRow(ofPeople, person, people, random);
    for (let face = 0; face < facesEach; face++) {
      drawRow(ofFaces, person * facesEach + face, count, random);
    }
  }
  const centres = along(ofPeople, between);
  const features = along(ofFaces, within);
  for (let at = 0; at < features.length; at++) {
    const face = Math.floor(at / FEATURE_SIZE);
    const centre = Math.floor(face / facesEach) * FEATURE_SIZE + (at % FEATURE_SIZE);
    features[at]! += centres[centre]! + mean[at % FEATURE_SIZE]!;
  }
  const identities = Int32Array.from({ length: people * facesEach }, (_, row) =>
    Math.floor(row / facesEach),
  );
  return { features, identities };
}

function drawRow(target: Float32Array, row: number, rows: number, random: Random): void {
  const width = target.length / rows;
  for (let i = 0; i < width; i++) target[row * width + i] = normal(random);
}

/** Sums of axes (one a row), by amounts of each: count × 512. */
const along = (amounts: Float32Array, axes: Float32Array): Float32Array =>
  timesTransposed(amounts, transposed(axes, FEATURE_SIZE), axes.length / FEATURE_SIZE);

/** The pull of a recipe as a form on the change of the head, see `addPull`. */
export function pullForm(
  whitening: Whitening,
  pull: Pull,
  populations: readonly GenericFaces[],
): Float32Array {
  const { rank, deviations } = whitening;
  const width = inputCount(whitening);
  const diagonal = new Float32Array(width);
  // The bias is held by faces in general alone.
  for (let i = 0; i < rank; i++) diagonal[i] = pull.weights / deviations[i]! ** 2;
  if (populations.length === 0 || pull.generic === 0) return diagonal;
  const form = new Float32Array(width * width);
  for (let i = 0; i < width; i++) form[i * width + i] = diagonal[i]!;
  const weight = pull.generic / populations.length;
  for (const { mean, between, within } of populations) {
    const spread = { ...whitening, constant: 0, mean: new Float32Array(FEATURE_SIZE) };
    addProducts(form, whiten(spread, between), width, weight);
    addProducts(form, whiten(spread, within), width, weight);
    addProducts(form, whiten(whitening, mean), width, weight);
  }
  return form;
}

/** Adds weight · rowsᵀ · rows. */
function addProducts(form: Float32Array, rows: Float32Array, width: number, weight: number): void {
  for (let row = 0; row < rows.length; row += width) {
    for (let i = 0; i < width; i++) {
      const scaled = weight * rows[row + i]!;
      for (let j = 0; j < width; j++) form[i * width + j]! += scaled * rows[row + j]!;
    }
  }
}

/** Rows of `between`, and of `within`, in the packed form. */
export const GENERIC_RANK = 64;
const packedSize = (1 + 2 * GENERIC_RANK) * FEATURE_SIZE;

/**
 * 16-bit floating point, little-endian: for each population its mean, `between` and `within`, 64
 * rows each.
 */
export function packGenericFaces(populations: readonly GenericFaces[]): Uint8Array {
  const values = new Float16Array(populations.length * packedSize);
  for (const [place, { mean, between, within }] of populations.entries()) {
    if (between.length + within.length + mean.length !== packedSize) {
      throw new RangeError(`Both kinds of rows must be ${GENERIC_RANK}`);
    }
    values.set([...mean, ...between, ...within], place * packedSize);
  }
  return new Uint8Array(values.buffer);
}

/** @throws RangeError when the bytes are no whole populations. */
export function unpackGenericFaces(bytes: Uint8Array): GenericFaces[] {
  const count = bytes.length / 2 / packedSize;
  if (!Number.isInteger(count))
    throw new RangeError(`${bytes.length} bytes are no faces in general`);
  const values = Float32Array.from(new Float16Array(Uint8Array.from(bytes).buffer));
  const half = (1 + GENERIC_RANK) * FEATURE_SIZE;
  return Array.from({ length: count }, (_, place) => {
    const one = values.subarray(place * packedSize, (place + 1) * packedSize);
    return {
      mean: one.slice(0, FEATURE_SIZE),
      between: one.slice(FEATURE_SIZE, half),
      within: one.slice(half),
    };
  });
}

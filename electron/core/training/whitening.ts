import { createRandom, normal } from '../random.ts';
import { FEATURE_SIZE } from '../head.ts';
import { symmetricEigen } from '../symmetric-eigen.ts';
import { timesItsTranspose, timesTransposed, transposed, transposedTimes } from '../matrices.ts';

/**
 * Directions in which features are read: inputs = (directions · (features − mean)) / deviations, and
 * one more that is the same for all faces, by which the bias is trained.
 */
export interface Whitening {
  readonly rank: number;
  /** What that input is: the greater, the faster the bias is trained; 0 leaves it as it is. */
  readonly constant: number;
  /** 512. */
  readonly mean: Float32Array;
  /** rank × 512, orthonormal rows. */
  readonly directions: Float32Array;
  /** Standard deviation along each direction, above 0. */
  readonly deviations: Float32Array;
}

/** Reads features as they are, for training in the head's own parameters. */
export function noWhitening(): Whitening {
  const directions = new Float32Array(FEATURE_SIZE * FEATURE_SIZE);
  for (let i = 0; i < FEATURE_SIZE; i++) directions[i * FEATURE_SIZE + i] = 1;
  return {
    rank: FEATURE_SIZE,
    constant: 1,
    mean: new Float32Array(FEATURE_SIZE),
    directions,
    deviations: new Float32Array(FEATURE_SIZE).fill(1),
  };
}

/**
 * The directions in which faces differ most: principal components by subspace iteration from a
 * random start (Halko, Martinsson and Tropp, arXiv 0909.4061).
 *
 * @param features count × 512; with fewer faces than `rank` + 1 the rank is lower.
 */
export function findWhitening(
  features: Float32Array,
  rank: number,
  constant: number,
  seed: number,
): Whitening {
  const count = features.length / FEATURE_SIZE;
  const { mean, covariance } = momentsOf(features);
  const { values, directions } = principalAxes(covariance, Math.min(rank, count - 1), seed);
  return { rank: values.length, constant, mean, directions, deviations: values.map(Math.sqrt) };
}

/**
 * The greatest eigenvalues of a symmetric 512 × 512 matrix, falling, and their eigenvectors one a
 * row. Those that are not above zero are left out, so there may be fewer than `rank`.
 */
export function principalAxes(matrix: Float32Array, rank: number, seed: number) {
  const kept = Math.min(rank, FEATURE_SIZE);
  const searched = Math.min(kept + 10, FEATURE_SIZE);
  const random = createRandom(seed);
  let basis = Float32Array.from({ length: searched * FEATURE_SIZE }, () => normal(random));
  for (let round = 0; round < 6; round++) {
    orthonormalize(basis, FEATURE_SIZE);
    basis = new Float32Array(timesTransposed(basis, matrix, FEATURE_SIZE));
  }
  orthonormalize(basis, FEATURE_SIZE);
  const image = timesTransposed(basis, matrix, FEATURE_SIZE);
  const within = Float64Array.from(timesTransposed(basis, image, FEATURE_SIZE));
  const { values, vectors } = symmetricEigen(within, searched);
  const real = values.subarray(0, kept).filter((value) => value > 1e-9 * values[0]!).length;
  const columns = transposedRows(vectors, searched, real);
  return {
    values: Float32Array.from(values.subarray(0, real)),
    directions: transposedTimes(columns, real, basis, FEATURE_SIZE),
  };
}

/** Mean and covariance (512 × 512) of features, count × 512. */
export function momentsOf(features: Float32Array) {
  const count = features.length / FEATURE_SIZE;
  const mean = new Float32Array(FEATURE_SIZE);
  for (let i = 0; i < features.length; i++) mean[i % FEATURE_SIZE]! += features[i]! / count;
  const centred = features.map((value, i) => value - mean[i % FEATURE_SIZE]!);
  const covariance = timesItsTranspose(transposed(centred, FEATURE_SIZE), count);
  for (let i = 0; i < covariance.length; i++) covariance[i]! /= Math.max(1, count - 1);
  return { mean, covariance };
}

/** Inputs of a face. */
export const inputCount = ({ rank }: Whitening) => rank + 1;

/** Inputs of faces: count × `inputCount`. */
export function whiten(whitening: Whitening, features: Float32Array): Float32Array {
  const { rank, constant, mean, directions, deviations } = whitening;
  const along = timesTransposed(features, directions, FEATURE_SIZE);
  const offset = timesTransposed(mean, directions, FEATURE_SIZE);
  const width = inputCount(whitening);
  const count = along.length / rank;
  const inputs = new Float32Array(count * width).fill(constant);
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < rank; i++) {
      inputs[row * width + i] = (along[row * rank + i]! - offset[i]!) / deviations[i]!;
    }
  }
  return inputs;
}

/** The first `kept` rows as columns: size × kept. */
function transposedRows(rows: Float64Array, size: number, kept: number): Float32Array {
  const columns = new Float32Array(size * kept);
  for (let row = 0; row < kept; row++) {
    for (let i = 0; i < size; i++) columns[i * kept + row] = rows[row * size + i]!;
  }
  return columns;
}

/** Gram and Schmidt, twice for the sake of rounding. */
function orthonormalize(rows: Float32Array, size: number): void {
  const count = rows.length / size;
  for (let row = 0; row < count; row++) {
    const at = row * size;
    for (let pass = 0; pass < 2; pass++) {
      for (let before = 0; before < row; before++) {
        const from = before * size;
        let dot = 0;
        for (let i = 0; i < size; i++) dot += rows[at + i]! * rows[from + i]!;
        for (let i = 0; i < size; i++) rows[at + i]! -= dot * rows[from + i]!;
      }
    }
    let square = 0;
    for (let i = 0; i < size; i++) square += rows[at + i]! ** 2;
    const factor = square > 0 ? 1 / Math.sqrt(square) : 0;
    for (let i = 0; i < size; i++) rows[at + i]! *= factor;
  }
}

import { timesItsTranspose } from '../matrices.ts';

/** A batch of unit vectors, one row a face, and the identity of each. */
export interface LabelledBatch {
  readonly embeddings: Float32Array;
  readonly dimensions: number;
  /** Any numbers; equal means the same person. One a row. */
  readonly identities: ArrayLike<number>;
}

/** Cosine similarities of all pairs of rows: count × count. */
export function pairSimilarities(embeddings: Float32Array, dimensions: number): Float32Array {
  return timesItsTranspose(embeddings, dimensions);
}

/** Squared Euclidean distances of all pairs of unit vectors, 0 to 4: count × count. */
export function pairSquaredDistances(embeddings: Float32Array, dimensions: number): Float32Array {
  const distances = pairSimilarities(embeddings, dimensions);
  // Rounding can leave a hair below zero.
  for (let i = 0; i < distances.length; i++) distances[i] = Math.max(0, 2 - 2 * distances[i]!);
  return distances;
}

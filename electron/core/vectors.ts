/** Dot product of unit vectors: cosine similarity, −1 to 1. */
export function cosineSimilarity(a: Float32Array, b: Float32Array): number {
  let dot = 0;
  for (let index = 0; index < a.length; index++) dot += a[index]! * b[index]!;
  return dot;
}

/** Squared Euclidean distance; of unit vectors 0 to 4, and 2 − 2 × cosine similarity. */
export function squaredDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index]! - b[index]!) ** 2;
  return sum;
}

/** Dot product of two rows of a matrix. */
export function rowProduct(
  rows: Float32Array,
  dimensions: number,
  first: number,
  second: number,
): number {
  const a = first * dimensions;
  const b = second * dimensions;
  // Sums that do not wait for each other take half the time.
  let [sum, odd] = [0, 0];
  let i = 0;
  for (; i + 1 < dimensions; i += 2) {
    sum += rows[a + i]! * rows[b + i]!;
    odd += rows[a + i + 1]! * rows[b + i + 1]!;
  }
  if (i < dimensions) sum += rows[a + i]! * rows[b + i]!;
  return sum + odd;
}

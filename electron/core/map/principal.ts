import { symmetricEigen } from '../symmetric-eigen.ts';

/**
 * Principal component analysis: where each row lies along the directions in which the rows differ
 * most. A direction's sign is chosen so that its largest component is positive: the same rows give
 * the same picture.
 *
 * @param rows `count × size` numbers, row by row.
 * @param dimensions how many directions, at most `size`.
 * @returns `count × dimensions` numbers, mean 0, the most important direction first.
 */
export function principalCoordinates(
  rows: Float32Array,
  size: number,
  dimensions: number,
): Float32Array {
  const count = rows.length / size;
  const mean = new Float64Array(size);
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < size; i++) mean[i]! += rows[row * size + i]! / count;
  }
  const covariance = new Float64Array(size * size);
  const centred = new Float64Array(size);
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < size; i++) centred[i] = rows[row * size + i]! - mean[i]!;
    for (let i = 0; i < size; i++) {
      for (let j = i; j < size; j++) covariance[i * size + j]! += centred[i]! * centred[j]!;
    }
  }
  const { vectors } = symmetricEigen(covariance, size);
  const coordinates = new Float32Array(count * dimensions);
  for (let dimension = 0; dimension < dimensions; dimension++) {
    const direction = vectors.subarray(dimension * size, (dimension + 1) * size);
    const largest = direction.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
    const sign = largest < 0 ? -1 : 1;
    for (let row = 0; row < count; row++) {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += direction[i]! * (rows[row * size + i]! - mean[i]!);
      coordinates[row * dimensions + dimension] = sign * sum;
    }
  }
  return coordinates;
}

import { timesTransposed } from './products.ts';

/** Dense matrices as typed arrays, row by row. */

export { timesTransposed };

/** Rows of a symmetric product that are made at a time. */
const symmetricRows = 64;

/** a · aᵀ, with `a` rows × inner: rows × rows, of which half is computed. */
export function timesItsTranspose(a: Float32Array, inner: number): Float32Array {
  const rows = a.length / inner;
  const target = new Float32Array(rows * rows);
  const block = new Float32Array(symmetricRows * rows);
  for (let from = 0; from < rows; from += symmetricRows) {
    const to = Math.min(rows, from + symmetricRows);
    const columns = rows - from;
    timesTransposed(a.subarray(from * inner, to * inner), a.subarray(from * inner), inner, block);
    for (let row = from; row < to; row++) {
      const at = (row - from) * columns - from;
      for (let column = row; column < rows; column++) {
        const value = block[at + column]!;
        target[row * rows + column] = value;
        target[column * rows + row] = value;
      }
    }
  }
  return target;
}

/** aᵀ · b, with `a` rows × columnsA and `b` rows × columnsB: columnsA × columnsB. */
export function transposedTimes(
  a: Float32Array,
  columnsA: number,
  b: Float32Array,
  columnsB: number,
): Float32Array {
  return timesTransposed(transposed(a, columnsA), transposed(b, columnsB), a.length / columnsA);
}

export function transposed(matrix: Float32Array, columns: number): Float32Array {
  const rows = matrix.length / columns;
  const target = new Float32Array(matrix.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      target[column * rows + row] = matrix[row * columns + column]!;
    }
  }
  return target;
}

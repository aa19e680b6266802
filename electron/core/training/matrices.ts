/** Dense matrices as typed arrays, row by row. */

/**
 * target = a · bᵀ, with `a` rows × inner and `b` columns × inner; `target` is rows × columns.
 * Four rows at a time read each row of `b` once.
 */
export function timesTransposed(
  a: Float32Array,
  b: Float32Array,
  inner: number,
  target: Float32Array = new Float32Array((a.length / inner) * (b.length / inner)),
): Float32Array {
  const rows = a.length / inner;
  const columns = b.length / inner;
  let row = 0;
  for (; row + 4 <= rows; row += 4) {
    const a0 = row * inner;
    const a1 = a0 + inner;
    const a2 = a1 + inner;
    const a3 = a2 + inner;
    for (let column = 0; column < columns; column++) {
      const from = column * inner;
      let sum0 = 0;
      let sum1 = 0;
      let sum2 = 0;
      let sum3 = 0;
      for (let i = 0; i < inner; i++) {
        const value = b[from + i]!;
        sum0 += value * a[a0 + i]!;
        sum1 += value * a[a1 + i]!;
        sum2 += value * a[a2 + i]!;
        sum3 += value * a[a3 + i]!;
      }
      const to = row * columns + column;
      target[to] = sum0;
      target[to + columns] = sum1;
      target[to + 2 * columns] = sum2;
      target[to + 3 * columns] = sum3;
    }
  }
  for (; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let i = 0; i < inner; i++) sum += a[row * inner + i]! * b[column * inner + i]!;
      target[row * columns + column] = sum;
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

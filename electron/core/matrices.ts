/** Dense matrices as typed arrays, row by row. */

/** Rows of `a` and of `b` that are multiplied at a time: as many sums as a processor holds. */
const rowsAtOnce = 4;

/**
 * target = a · bᵀ, with `a` rows × inner and `b` columns × inner; `target` is rows × columns. Sums are
 * of 64 bits, since JavaScript's products are: numbers are widened once, not at every product. They
 * do not depend on how many rows there are.
 */
export function timesTransposed(
  a: Float32Array,
  b: Float32Array | Float64Array,
  inner: number,
  target: Float32Array = new Float32Array((a.length / inner) * (b.length / inner)),
): Float32Array {
  const rows = a.length / inner;
  const columns = b.length / inner;
  const wide = b instanceof Float64Array ? b : new Float64Array(b);
  const panel = new Float64Array(rowsAtOnce * inner);
  const [row1, row2, row3] = [inner, 2 * inner, 3 * inner];
  for (let row = 0; row < rows; row += rowsAtOnce) {
    const taken = Math.min(rowsAtOnce, rows - row);
    panel.set(a.subarray(row * inner, (row + taken) * inner));
    for (let column = 0; column < columns; column += 2) {
      const from0 = column * inner;
      // The last of an odd number of columns is taken twice, and written once.
      const paired = column + 1 < columns;
      const from1 = paired ? from0 + inner : from0;
      let s00 = 0;
      let s01 = 0;
      let s10 = 0;
      let s11 = 0;
      let s20 = 0;
      let s21 = 0;
      let s30 = 0;
      let s31 = 0;
      for (let i = 0; i < inner; i++) {
        const b0 = wide[from0 + i]!;
        const b1 = wide[from1 + i]!;
        const a0 = panel[i]!;
        const a1 = panel[row1 + i]!;
        const a2 = panel[row2 + i]!;
        const a3 = panel[row3 + i]!;
        s00 += a0 * b0;
        s01 += a0 * b1;
        s10 += a1 * b0;
        s11 += a1 * b1;
        s20 += a2 * b0;
        s21 += a2 * b1;
        s30 += a3 * b0;
        s31 += a3 * b1;
      }
      const to = row * columns + column;
      target[to] = s00;
      if (taken > 1) target[to + columns] = s10;
      if (taken > 2) target[to + 2 * columns] = s20;
      if (taken > 3) target[to + 3 * columns] = s30;
      if (!paired) continue;
      target[to + 1] = s01;
      if (taken > 1) target[to + columns + 1] = s11;
      if (taken > 2) target[to + 2 * columns + 1] = s21;
      if (taken > 3) target[to + 3 * columns + 1] = s31;
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

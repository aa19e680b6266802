/**
 * Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan,
 * Matrix Computations, 8.5).
 *
 * @param matrix `size × size` numbers, row by row; its upper triangle counts. It is not changed.
 * @returns the eigenvalues, falling, and as many unit vectors of `size` numbers, row by row.
 */
export function symmetricEigen(
  matrix: Float64Array,
  size: number,
): { readonly values: Float64Array; readonly vectors: Float64Array } {
  const a = Float64Array.from(matrix);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < row; column++) a[row * size + column] = a[column * size + row]!;
  }
  const vectors = new Float64Array(size * size);
  for (let row = 0; row < size; row++) vectors[row * size + row] = 1;
  const scale = a.reduce((sum, value) => sum + value * value, 0);
  for (let sweep = 0; sweep < 60; sweep++) {
    let outside = 0;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        const square = a[p * size + q]! ** 2;
        outside += square;
        // So small that all such elements together change nothing.
        if (square > 1e-27 * scale) rotate(a, vectors, size, p, q);
      }
    }
    if (outside <= 1e-22 * scale) break;
  }
  const order = Array.from({ length: size }, (_, row) => row).sort(
    (i, j) => a[j * size + j]! - a[i * size + i]! || i - j,
  );
  const sorted = new Float64Array(size * size);
  for (const [to, from] of order.entries()) {
    sorted.set(vectors.subarray(from * size, (from + 1) * size), to * size);
  }
  return { values: Float64Array.from(order, (row) => a[row * size + row]!), vectors: sorted };
}

/** Makes element (p, q) zero; the rows of `vectors` turn with it. */
function rotate(a: Float64Array, vectors: Float64Array, size: number, p: number, q: number): void {
  const apq = a[p * size + q]!;
  const theta = (a[q * size + q]! - a[p * size + p]!) / (2 * apq);
  const tangent = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  for (let k = 0; k < size; k++) {
    const kp = a[k * size + p]!;
    const kq = a[k * size + q]!;
    a[k * size + p] = cosine * kp - sine * kq;
    a[k * size + q] = sine * kp + cosine * kq;
  }
  for (const target of [a, vectors]) {
    for (let k = 0; k < size; k++) {
      const pk = target[p * size + k]!;
      const qk = target[q * size + k]!;
      target[p * size + k] = cosine * pk - sine * qk;
      target[q * size + k] = sine * pk + cosine * qk;
    }
  }
}

/** Numbers per face before and after the head. */
export const FEATURE_SIZE = 512;
export const EMBEDDING_SIZE = 192;

/**
 * The trainable last layer: embedding = normalize(weights · features + bias). `weights` is
 * 192 × 512, row by row; `bias` 192. A compact head has fewer rows.
 */
export interface Head {
  readonly version: string;
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

/** @throws RangeError when the arrays of `head` have other lengths than a head has. */
export function checkHead(head: Head): void {
  const rows = head.bias.length;
  if (rows < 1 || rows > EMBEDDING_SIZE || head.weights.length !== rows * FEATURE_SIZE) {
    throw new RangeError(
      `A head has ${EMBEDDING_SIZE} × ${FEATURE_SIZE} weights and ${EMBEDDING_SIZE} biases or fewer rows, ` +
        `not ${head.weights.length} and ${head.bias.length}`,
    );
  }
}

/**
 * Embeddings of `features.length / 512` faces: as many numbers of unit length each as the head has
 * rows, one face after the other. A face whose projection is zero keeps zeros.
 *
 * @throws RangeError when `features` is not whole faces or `target` has another length.
 */
export function embedFeatures(
  head: Head,
  features: Float32Array,
  target: Float32Array = new Float32Array((features.length / FEATURE_SIZE) * head.bias.length),
): Float32Array {
  checkHead(head);
  const rows = head.bias.length;
  const count = features.length / FEATURE_SIZE;
  if (!Number.isInteger(count)) {
    throw new RangeError(`${features.length} numbers are not whole faces of ${FEATURE_SIZE}`);
  }
  if (target.length !== count * rows) {
    throw new RangeError(`The target must hold ${count * rows} numbers`);
  }
  // Four faces at a time read each weight once.
  let face = 0;
  for (; face + 4 <= count; face += 4) projectFour(head, features, target, face);
  for (; face < count; face += 1) projectOne(head, features, target, face);
  for (face = 0; face < count; face += 1) normalizeRow(target, face * rows, rows);
  return target;
}

function projectOne(head: Head, features: Float32Array, target: Float32Array, face: number): void {
  const { weights, bias } = head;
  const rows = bias.length;
  const base = face * FEATURE_SIZE;
  for (let row = 0; row < rows; row += 1) {
    const from = row * FEATURE_SIZE;
    let even = 0;
    let odd = 0;
    for (let i = 0; i < FEATURE_SIZE; i += 2) {
      even += weights[from + i]! * features[base + i]!;
      odd += weights[from + i + 1]! * features[base + i + 1]!;
    }
    target[face * rows + row] = even + odd + bias[row]!;
  }
}

function projectFour(head: Head, features: Float32Array, target: Float32Array, face: number): void {
  const { weights, bias } = head;
  const rows = bias.length;
  const a = face * FEATURE_SIZE;
  const b = a + FEATURE_SIZE;
  const c = b + FEATURE_SIZE;
  const d = c + FEATURE_SIZE;
  for (let row = 0; row < rows; row += 1) {
    const from = row * FEATURE_SIZE;
    // Even and odd terms apart, in the same order as for one face: results do not depend on the batch.
    let evenA = 0;
    let oddA = 0;
    let evenB = 0;
    let oddB = 0;
    let evenC = 0;
    let oddC = 0;
    let evenD = 0;
    let oddD = 0;
    for (let i = 0; i < FEATURE_SIZE; i += 2) {
      const even = weights[from + i]!;
      const odd = weights[from + i + 1]!;
      evenA += even * features[a + i]!;
      oddA += odd * features[a + i + 1]!;
      evenB += even * features[b + i]!;
      oddB += odd * features[b + i + 1]!;
      evenC += even * features[c + i]!;
      oddC += odd * features[c + i + 1]!;
      evenD += even * features[d + i]!;
      oddD += odd * features[d + i + 1]!;
    }
    const to = face * rows + row;
    target[to] = evenA + oddA + bias[row]!;
    target[to + rows] = evenB + oddB + bias[row]!;
    target[to + 2 * rows] = evenC + oddC + bias[row]!;
    target[to + 3 * rows] = evenD + oddD + bias[row]!;
  }
}

function normalizeRow(values: Float32Array, offset: number, rows: number): void {
  let sum = 0;
  for (let i = offset; i < offset + rows; i += 1) sum += values[i]! * values[i]!;
  if (!(sum > 0)) return;
  const factor = 1 / Math.sqrt(sum);
  for (let i = offset; i < offset + rows; i += 1) values[i]! *= factor;
}

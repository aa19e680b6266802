import { timesTransposed } from './matrices.ts';

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

/** Weights row by row, then biases: 32-bit floats, little-endian. */
export function packHead({ weights, bias }: Head): Uint8Array {
  const bytes = new Uint8Array((weights.length + bias.length) * 4);
  const view = new DataView(bytes.buffer);
  weights.forEach((value, i) => view.setFloat32(i * 4, value, true));
  bias.forEach((value, i) => view.setFloat32((weights.length + i) * 4, value, true));
  return bytes;
}

/** @throws RangeError when the bytes are no head of 192 rows, or hold what is no number. */
export function unpackHead(version: string, bytes: Uint8Array): Head {
  const count = EMBEDDING_SIZE * (FEATURE_SIZE + 1);
  if (bytes.length !== count * 4) throw new RangeError(`${bytes.length} bytes are no head`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = Float32Array.from({ length: count }, (_, i) => view.getFloat32(i * 4, true));
  if (!values.every(Number.isFinite)) throw new RangeError('A head must hold finite numbers');
  const weights = values.slice(0, EMBEDDING_SIZE * FEATURE_SIZE);
  return { version, weights, bias: values.slice(weights.length) };
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
  timesTransposed(features, head.weights, FEATURE_SIZE, target);
  for (let face = 0; face < count; face++) {
    for (let row = 0; row < rows; row++) target[face * rows + row]! += head.bias[row]!;
    normalizeRow(target, face * rows, rows);
  }
  return target;
}

function normalizeRow(values: Float32Array, offset: number, rows: number): void {
  let sum = 0;
  for (let i = offset; i < offset + rows; i += 1) sum += values[i]! * values[i]!;
  if (!(sum > 0)) return;
  const factor = 1 / Math.sqrt(sum);
  for (let i = offset; i < offset + rows; i += 1) values[i]! *= factor;
}

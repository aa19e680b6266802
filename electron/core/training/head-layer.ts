import { FEATURE_SIZE, type Head } from '../head.ts';
import { timesTransposed, transposed, transposedTimes } from '../matrices.ts';
import { inputCount, whiten, type Whitening } from './whitening.ts';

/** Faces as the trained layer reads them. */
export interface LayerInputs {
  readonly count: number;
  /** count × `inputCount`. */
  readonly inputs: Float32Array;
  /** What the base head makes of them before normalisation: count × its rows. */
  readonly base: Float32Array;
  /** Rows of the base head. */
  readonly dimensions: number;
}

export interface LayerOutputs {
  /** Unit vectors, count × dimensions; a zero projection stays zero. */
  readonly embeddings: Float32Array;
  /** Lengths before normalisation. */
  readonly lengths: Float32Array;
}

export function readFaces(head: Head, whitening: Whitening, features: Float32Array): LayerInputs {
  const base = timesTransposed(features, head.weights, FEATURE_SIZE);
  const dimensions = head.bias.length;
  for (let i = 0; i < base.length; i++) base[i]! += head.bias[i % dimensions]!;
  return {
    count: features.length / FEATURE_SIZE,
    inputs: whiten(whitening, features),
    base,
    dimensions,
  };
}

export function chooseRows(faces: LayerInputs, rows: ArrayLike<number>): LayerInputs {
  const { dimensions } = faces;
  const width = faces.inputs.length / faces.count;
  const inputs = new Float32Array(rows.length * width);
  const base = new Float32Array(rows.length * dimensions);
  for (let place = 0; place < rows.length; place++) {
    const row = rows[place]!;
    inputs.set(faces.inputs.subarray(row * width, (row + 1) * width), place * width);
    base.set(faces.base.subarray(row * dimensions, (row + 1) * dimensions), place * dimensions);
  }
  return { count: rows.length, inputs, base, dimensions };
}

/** embeddings = normalize(base + change · inputs); `change` is dimensions × `inputCount`. */
export function forward(
  change: Float32Array,
  { inputs, base, count, dimensions }: LayerInputs,
): LayerOutputs {
  const embeddings = timesTransposed(inputs, change, inputs.length / count);
  const lengths = new Float32Array(count);
  for (let row = 0; row < count; row++) {
    const at = row * dimensions;
    let square = 0;
    for (let i = at; i < at + dimensions; i++) {
      embeddings[i]! += base[i]!;
      square += embeddings[i]! ** 2;
    }
    lengths[row] = Math.sqrt(square);
    const factor = square > 0 ? 1 / lengths[row]! : 0;
    for (let i = at; i < at + dimensions; i++) embeddings[i]! *= factor;
  }
  return { embeddings, lengths };
}

/** Slope of a loss by `change` (dimensions × `inputCount`), from its slope by the embeddings. */
export function backward(
  { inputs, count, dimensions }: LayerInputs,
  { embeddings, lengths }: LayerOutputs,
  slope: Float32Array,
): Float32Array {
  const raw = new Float32Array(slope.length);
  for (let row = 0; row < count; row++) {
    const at = row * dimensions;
    if (lengths[row] === 0) continue;
    // Normalisation takes away what lies along the embedding.
    let along = 0;
    for (let i = at; i < at + dimensions; i++) along += slope[i]! * embeddings[i]!;
    for (let i = at; i < at + dimensions; i++) {
      raw[i] = (slope[i]! - along * embeddings[i]!) / lengths[row]!;
    }
  }
  return transposedTimes(raw, dimensions, inputs, inputs.length / count);
}

/**
 * The head that the base and a change make: W + change · diag(1 / deviations) · directions, and the
 * bias that faces of the mean have the constant's column added by it.
 */
export function changedHead(
  base: Head,
  whitening: Whitening,
  change: Float32Array,
  version: string,
): Head {
  const { rank, constant, mean, directions, deviations } = whitening;
  const width = inputCount(whitening);
  const scaled = Float32Array.from(
    { length: base.bias.length * rank },
    (_, i) => change[Math.floor(i / rank) * width + (i % rank)]! / deviations[i % rank]!,
  );
  const weights = timesTransposed(scaled, transposed(directions, FEATURE_SIZE), rank);
  const shift = timesTransposed(weights, mean, FEATURE_SIZE);
  return {
    version,
    weights: weights.map((value, i) => value + base.weights[i]!),
    bias: base.bias.map((value, i) => value - shift[i]! + constant * change[i * width + rank]!),
  };
}

/** `share` of the way from one head to another, 0 to 1 (Wortsman et al., arXiv 2109.01903). */
export function mixHeads(from: Head, to: Head, share: number): Head {
  const mixed = (a: Float32Array, b: Float32Array) =>
    a.map((value, i) => value + share * (b[i]! - value));
  return {
    version: to.version,
    weights: mixed(from.weights, to.weights),
    bias: mixed(from.bias, to.bias),
  };
}

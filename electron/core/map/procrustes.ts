import { symmetricEigen } from '../symmetric-eigen.ts';

/** x' = scale · rotation · (x − from) + to; the rotation may mirror. */
export interface Placement {
  /** `dimensions × dimensions`, row by row, orthogonal. */
  readonly rotation: Float64Array;
  readonly scale: number;
  readonly from: Float64Array;
  readonly to: Float64Array;
}

/**
 * The turning, mirroring, scaling and shifting that bring `source` closest to `target` by least
 * squares (orthogonal Procrustes: Schönemann 1966; Gower 1975). What still differs afterwards is
 * real movement of the points among each other.
 *
 * @param source `count × dimensions` numbers, point by point, as many as `target`.
 * @throws RangeError when the lists differ in length or are empty.
 */
export function fitPlacement(
  source: ArrayLike<number>,
  target: ArrayLike<number>,
  dimensions: number,
): Placement {
  const count = source.length / dimensions;
  if (source.length !== target.length || count < 1 || !Number.isInteger(count)) {
    throw new RangeError('Two layouts of the same points are needed, at least one point');
  }
  const from = meanOf(source, dimensions);
  const to = meanOf(target, dimensions);
  const cross = new Float64Array(dimensions * dimensions);
  let spread = 0;
  for (let point = 0; point < count; point++) {
    const at = point * dimensions;
    for (let i = 0; i < dimensions; i++) {
      const s = source[at + i]! - from[i]!;
      spread += s * s;
      for (let j = 0; j < dimensions; j++) {
        cross[j * dimensions + i]! += (target[at + j]! - to[j]!) * s;
      }
    }
  }
  const { rotation, trace } = nearestOrthogonal(cross, dimensions);
  return { rotation, scale: spread > 0 && trace > 0 ? trace / spread : 1, from, to };
}

/** Moves all points in place. */
export function applyPlacement(placement: Placement, points: Float32Array): void {
  const { rotation, scale, from, to } = placement;
  const dimensions = from.length;
  const centred = new Float64Array(dimensions);
  for (let at = 0; at < points.length; at += dimensions) {
    for (let i = 0; i < dimensions; i++) centred[i] = points[at + i]! - from[i]!;
    for (let j = 0; j < dimensions; j++) {
      let sum = 0;
      for (let i = 0; i < dimensions; i++) sum += rotation[j * dimensions + i]! * centred[i]!;
      points[at + j] = scale * sum + to[j]!;
    }
  }
}

function meanOf(points: ArrayLike<number>, dimensions: number): Float64Array {
  const mean = new Float64Array(dimensions);
  const count = points.length / dimensions;
  for (let at = 0; at < points.length; at++) mean[at % dimensions]! += points[at]! / count;
  return mean;
}

/**
 * U · Vᵀ of the singular value decomposition m = U · S · Vᵀ, from the eigenvectors of mᵀ · m, and
 * the sum of the singular values. Directions that m does not fill are completed at will.
 */
function nearestOrthogonal(m: Float64Array, size: number) {
  const gram = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      for (let k = 0; k < size; k++) gram[i * size + j]! += m[k * size + i]! * m[k * size + j]!;
    }
  }
  const { values, vectors } = symmetricEigen(gram, size);
  const lefts: Float64Array[] = [];
  let trace = 0;
  for (let at = 0; at < size; at++) {
    const right = vectors.subarray(at * size, (at + 1) * size);
    const singular = Math.sqrt(Math.max(0, values[at]!));
    trace += singular;
    const known = singular > 1e-9 * Math.sqrt(Math.max(values[0]!, 1e-300));
    const wanted = known
      ? Float64Array.from({ length: size }, (_, row) => {
          let sum = 0;
          for (let k = 0; k < size; k++) sum += m[row * size + k]! * right[k]!;
          return sum;
        })
      : undefined;
    lefts.push(completed(wanted, lefts, right, size));
  }
  const rotation = new Float64Array(size * size);
  for (let at = 0; at < size; at++) {
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        rotation[row * size + column]! += lefts[at]![row]! * vectors[at * size + column]!;
      }
    }
  }
  return { rotation, trace };
}

/** A unit vector at right angles to those before: near `wanted`, else near `otherwise` or an axis. */
function completed(
  wanted: Float64Array | undefined,
  before: readonly Float64Array[],
  otherwise: Float64Array,
  size: number,
): Float64Array {
  const axes = Array.from({ length: size }, (_, axis) =>
    Float64Array.from({ length: size }, (_, i) => (i === axis ? 1 : 0)),
  );
  for (const candidate of [...(wanted ? [wanted] : []), otherwise, ...axes]) {
    const vector = Float64Array.from(candidate);
    const length = Math.hypot(...vector);
    for (const other of before) {
      const along = vector.reduce((sum, value, i) => sum + value * other[i]!, 0);
      for (let i = 0; i < size; i++) vector[i]! -= along * other[i]!;
    }
    const rest = Math.hypot(...vector);
    if (rest > 1e-6 * length) return vector.map((value) => value / rest);
  }
  throw new RangeError('No direction is left');
}

/**
 * Affine map of the plane: x' = xx·x + xy·y + x0, y' = yx·x + yy·y + y0. Coordinates are
 * continuous: the centre of the first pixel is at (0.5, 0.5).
 */
export interface Affine {
  readonly xx: number;
  readonly xy: number;
  readonly x0: number;
  readonly yx: number;
  readonly yy: number;
  readonly y0: number;
}

/** x and y of each point one after the other: x0, y0, x1, y1, … */
export type PackedPoints = ArrayLike<number>;

/**
 * The rotation, uniform scale and translation that bring `source` closest to `target` by least
 * squares, never a reflection (Umeyama 1991, closed form for the plane).
 *
 * @throws RangeError when the lists differ in length, hold fewer than two points, or all source
 * points are one.
 */
export function fitSimilarity(source: PackedPoints, target: PackedPoints): Affine {
  const count = source.length / 2;
  if (source.length !== target.length || !(count >= 2) || !Number.isInteger(count)) {
    throw new RangeError('A similarity needs two lists of at least two points, equally long');
  }
  let sourceX = 0;
  let sourceY = 0;
  let targetX = 0;
  let targetY = 0;
  for (let i = 0; i < source.length; i += 2) {
    sourceX += source[i] ?? 0;
    sourceY += source[i + 1] ?? 0;
    targetX += target[i] ?? 0;
    targetY += target[i + 1] ?? 0;
  }
  sourceX /= count;
  sourceY /= count;
  targetX /= count;
  targetY /= count;
  let spread = 0;
  let along = 0;
  let across = 0;
  for (let i = 0; i < source.length; i += 2) {
    const sx = (source[i] ?? 0) - sourceX;
    const sy = (source[i + 1] ?? 0) - sourceY;
    const tx = (target[i] ?? 0) - targetX;
    const ty = (target[i + 1] ?? 0) - targetY;
    spread += sx * sx + sy * sy;
    along += sx * tx + sy * ty;
    across += sx * ty - sy * tx;
  }
  if (!(spread > 0)) throw new RangeError('All points of the source are one point');
  const cosine = along / spread;
  const sine = across / spread;
  return {
    xx: cosine,
    xy: -sine,
    x0: targetX - cosine * sourceX + sine * sourceY,
    yx: sine,
    yy: cosine,
    y0: targetY - sine * sourceX - cosine * sourceY,
  };
}

/** The map that undoes `map`. @throws RangeError when `map` flattens the plane. */
export function invert(map: Affine): Affine {
  const determinant = map.xx * map.yy - map.xy * map.yx;
  if (!(Math.abs(determinant) > 1e-12)) throw new RangeError('The map cannot be undone');
  const xx = map.yy / determinant;
  const xy = -map.xy / determinant;
  const yx = -map.yx / determinant;
  const yy = map.xx / determinant;
  return {
    xx,
    xy,
    x0: -xx * map.x0 - xy * map.y0,
    yx,
    yy,
    y0: -yx * map.x0 - yy * map.y0,
  };
}

/** Maps the rectangle 0, 0, `width`, `height` onto the box x1, y1, x2, y2. */
export function ontoBox(
  width: number,
  height: number,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
): Affine {
  return { xx: (x2 - x1) / width, xy: 0, x0: x1, yx: 0, yy: (y2 - y1) / height, y0: y1 };
}

/** Where every point is on the screen: two pixels each; NaN where it is behind the eye. */
export function projectAll(
  positions: Float32Array,
  matrix: Float32Array,
  width: number,
  height: number,
  target: Float32Array = new Float32Array((positions.length / 3) * 2),
): Float32Array {
  const [a0 = 0, a1 = 0, , a3 = 0, b0 = 0, b1 = 0, , b3 = 0] = matrix;
  const [c0 = 0, c1 = 0, , c3 = 0, d0 = 0, d1 = 0, , d3 = 0] = matrix.subarray(8);
  for (let at = 0, to = 0; at < positions.length; at += 3, to += 2) {
    const x = positions[at] ?? 0;
    const y = positions[at + 1] ?? 0;
    const z = positions[at + 2] ?? 0;
    const w = a3 * x + b3 * y + c3 * z + d3;
    const seen = w > 0.02;
    target[to] = seen ? (((a0 * x + b0 * y + c0 * z + d0) / w) * 0.5 + 0.5) * width : NaN;
    target[to + 1] = seen ? (0.5 - ((a1 * x + b1 * y + c1 * z + d1) / w) * 0.5) * height : NaN;
  }
  return target;
}

/** The row of the point nearest to a place within a radius, or −1. */
export function nearestTo(screen: Float32Array, x: number, y: number, radius: number): number {
  let best = radius * radius;
  let nearest = -1;
  for (let at = 0; at < screen.length; at += 2) {
    const distance = ((screen[at] ?? 0) - x) ** 2 + ((screen[at + 1] ?? 0) - y) ** 2;
    // The later of two is drawn over the other.
    if (distance <= best) [best, nearest] = [distance, at / 2];
  }
  return nearest;
}

/** Rows of the points within a circle. */
export function withinCircle(screen: Float32Array, x: number, y: number, radius: number): number[] {
  const rows: number[] = [];
  for (let at = 0; at < screen.length; at += 2) {
    const distance = ((screen[at] ?? 0) - x) ** 2 + ((screen[at + 1] ?? 0) - y) ** 2;
    if (distance <= radius * radius) rows.push(at / 2);
  }
  return rows;
}

/** Rows of the points inside a closed line, by how often a ray from each crosses it. */
export function withinLine(
  screen: Float32Array,
  line: readonly (readonly [number, number])[],
): number[] {
  const xs = line.map(([x]) => x);
  const ys = line.map(([, y]) => y);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const rows: number[] = [];
  for (let at = 0; at < screen.length; at += 2) {
    const x = screen[at] ?? NaN;
    const y = screen[at + 1] ?? NaN;
    if (!(x >= left && x <= right && y >= top && y <= bottom)) continue;
    let inside = false;
    for (const [corner, [x1, y1]] of line.entries()) {
      const [x0, y0] = line[corner === 0 ? line.length - 1 : corner - 1] ?? [0, 0];
      if (y0 > y !== y1 > y && x < ((x1 - x0) * (y - y0)) / (y1 - y0) + x0) inside = !inside;
    }
    if (inside) rows.push(at / 2);
  }
  return rows;
}

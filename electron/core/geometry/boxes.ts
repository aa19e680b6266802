/**
 * Boxes are packed as x1, y1, x2, y2 in pixels, edges between pixels (a box that covers the first
 * pixel is 0, 0, 1, 1): `boxes[4 * boxIndex]` is the left edge.
 */
export type PackedBoxes = Float32Array | Float64Array;

/** What the intersection of two boxes is divided by. */
export type OverlapMeasure = 'union' | 'smaller';

/**
 * Overlap of box `aIndex` of `a` with box `bIndex` of `b`, 0 to 1: intersection over union, or over
 * the smaller of the two areas. Empty boxes overlap with nothing.
 */
export function boxOverlap(
  a: PackedBoxes,
  aIndex: number,
  b: PackedBoxes,
  bIndex: number,
  measure: OverlapMeasure = 'union',
): number {
  const i = aIndex * 4;
  const j = bIndex * 4;
  const ax1 = a[i] ?? 0;
  const ay1 = a[i + 1] ?? 0;
  const ax2 = a[i + 2] ?? 0;
  const ay2 = a[i + 3] ?? 0;
  const bx1 = b[j] ?? 0;
  const by1 = b[j + 1] ?? 0;
  const bx2 = b[j + 2] ?? 0;
  const by2 = b[j + 3] ?? 0;
  const width = Math.min(ax2, bx2) - Math.max(ax1, bx1);
  const height = Math.min(ay2, by2) - Math.max(ay1, by1);
  if (!(width > 0 && height > 0)) return 0;
  const intersection = width * height;
  const aArea = (ax2 - ax1) * (ay2 - ay1);
  const bArea = (bx2 - bx1) * (by2 - by1);
  const whole = measure === 'union' ? aArea + bArea - intersection : Math.min(aArea, bArea);
  return whole > 0 ? intersection / whole : 0;
}

/** Indices of `scores`, highest score first; equal scores keep their order. */
export function descendingOrder(scores: ArrayLike<number>): Int32Array {
  const order = new Int32Array(scores.length);
  for (let index = 0; index < order.length; index += 1) order[index] = index;
  return order.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
}

/**
 * Greedy non-maximum suppression: takes boxes from the highest score down and drops every box that
 * overlaps a taken one by more than `threshold`.
 *
 * @returns for each box the index of the box that took it in (its own index when it was kept).
 */
export function suppress(
  boxes: PackedBoxes,
  scores: ArrayLike<number>,
  threshold: number,
  measure: OverlapMeasure = 'union',
): Int32Array {
  const order = descendingOrder(scores);
  const keeper = new Int32Array(order.length).fill(-1);
  for (let rank = 0; rank < order.length; rank += 1) {
    const kept = order[rank] ?? 0;
    if (keeper[kept] !== -1) continue;
    keeper[kept] = kept;
    for (let later = rank + 1; later < order.length; later += 1) {
      const other = order[later] ?? 0;
      if (keeper[other] !== -1) continue;
      if (boxOverlap(boxes, kept, boxes, other, measure) > threshold) keeper[other] = kept;
    }
  }
  return keeper;
}

/** Indices of the boxes that `suppress` keeps, highest score first. */
export function nonMaximumSuppression(
  boxes: PackedBoxes,
  scores: ArrayLike<number>,
  threshold: number,
  measure: OverlapMeasure = 'union',
): number[] {
  const keeper = suppress(boxes, scores, threshold, measure);
  const kept: number[] = [];
  for (const index of descendingOrder(scores)) if (keeper[index] === index) kept.push(index);
  return kept;
}

/** Grows the shorter side of box `index` around its centre until the box is square, in place. */
export function makeSquare(boxes: PackedBoxes, index: number): void {
  const i = index * 4;
  const x1 = boxes[i] ?? 0;
  const y1 = boxes[i + 1] ?? 0;
  const x2 = boxes[i + 2] ?? 0;
  const y2 = boxes[i + 3] ?? 0;
  const half = Math.max(x2 - x1, y2 - y1) / 2;
  const centreX = (x1 + x2) / 2;
  const centreY = (y1 + y2) / 2;
  boxes[i] = centreX - half;
  boxes[i + 1] = centreY - half;
  boxes[i + 2] = centreX + half;
  boxes[i + 3] = centreY + half;
}

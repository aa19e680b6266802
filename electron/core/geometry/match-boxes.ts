import type { Box } from '../face.ts';

/**
 * Pairs boxes of two looks at one photo that overlap most, each at most once.
 *
 * @param leastOverlap intersection over union, 0 to 1, below which two boxes are no pair.
 * @returns for each of `boxes` the index of its partner among `others`, or −1.
 */
export function matchBoxes(
  boxes: readonly Box[],
  others: readonly Box[],
  leastOverlap: number,
): number[] {
  const pairs = boxes
    .flatMap((box, at) => others.map((other, of) => ({ at, of, overlap: overlapOf(box, other) })))
    .filter(({ overlap }) => overlap >= leastOverlap)
    .sort((a, b) => b.overlap - a.overlap || a.at - b.at || a.of - b.of);
  const partners = new Array<number>(boxes.length).fill(-1);
  const taken = new Set<number>();
  for (const { at, of } of pairs) {
    if (partners[at] !== -1 || taken.has(of)) continue;
    partners[at] = of;
    taken.add(of);
  }
  return partners;
}

/** Intersection over union of two boxes, 0 to 1. */
export function overlapOf(a: Box, b: Box): number {
  const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (across <= 0 || down <= 0) return 0;
  const both = across * down;
  return both / (a.width * a.height + b.width * b.height - both);
}

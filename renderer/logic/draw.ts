import type { FaceDetail } from '../../electron/contract/entities.ts';

/** Fractions of the photo. */
export type Box = FaceDetail['box'];

export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Smallest side of a box that keys leave, as a share of the photo. */
const smallest = 0.005;
const inside = (value: number, most: number) => Math.max(0, Math.min(most, value));

/** Where keys begin: a square in the middle, a fifth of the photo's shorter side. */
export function firstBox(width: number, height: number): Box {
  const side = Math.min(width, height) / 5;
  const box = { width: side / width, height: side / height };
  return { x: (1 - box.width) / 2, y: (1 - box.height) / 2, ...box };
}

/** The box between two corners, cut off at the photo's edges. */
export function boxBetween(a: Spot, b: Spot): Box {
  const left = inside(Math.min(a.x, b.x), 1);
  const top = inside(Math.min(a.y, b.y), 1);
  return {
    x: left,
    y: top,
    width: inside(Math.max(a.x, b.x), 1) - left,
    height: inside(Math.max(a.y, b.y), 1) - top,
  };
}

/** The box cut off at the photo's edges: a detected face may reach beyond them. */
export function clipped(box: Box): Box {
  return boxBetween(box, { x: box.x + box.width, y: box.y + box.height });
}

export function moved(box: Box, by: Spot): Box {
  return {
    ...box,
    x: inside(box.x + by.x, 1 - box.width),
    y: inside(box.y + by.y, 1 - box.height),
  };
}

/** Larger or smaller around its middle, by shares of the photo for each side. */
export function grown(box: Box, by: Spot): Box {
  const side = (size: number, step: number) => Math.max(smallest, Math.min(1, size + 2 * step));
  const width = side(box.width, by.x);
  const height = side(box.height, by.y);
  return {
    x: inside(box.x + (box.width - width) / 2, 1 - width),
    y: inside(box.y + (box.height - height) / 2, 1 - height),
    width,
    height,
  };
}

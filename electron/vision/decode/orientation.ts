import type { Rectangle, RgbImage } from '../../core/image.ts';

/** Exif orientation: how the stored pixels have to be turned to stand upright; 1 is upright already. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Where an upright pixel (x, y) is stored: the coordinates are swapped first, then counted from the
 * opposite stored edge.
 */
interface Turn {
  readonly swap: boolean;
  readonly flipX: boolean;
  readonly flipY: boolean;
}

const turns: Record<Orientation, Turn> = {
  1: { swap: false, flipX: false, flipY: false },
  2: { swap: false, flipX: true, flipY: false },
  3: { swap: false, flipX: true, flipY: true },
  4: { swap: false, flipX: false, flipY: true },
  5: { swap: true, flipX: false, flipY: false },
  6: { swap: true, flipX: false, flipY: true },
  7: { swap: true, flipX: true, flipY: true },
  8: { swap: true, flipX: true, flipY: false },
};

/** The orientation a file states; anything but 1 to 8 counts as upright. */
export function toOrientation(value: number | undefined): Orientation {
  return value !== undefined && Number.isInteger(value) && value >= 1 && value <= 8
    ? (value as Orientation)
    : 1;
}

/** Size after turning; the same function leads back, as only the swap matters. */
export function turnedSize(size: Size, orientation: Orientation): Size {
  return turns[orientation].swap
    ? { width: size.height, height: size.width }
    : { width: size.width, height: size.height };
}

/** The stored rectangle that shows an upright rectangle; `stored` is the stored size. */
export function toStoredArea(area: Rectangle, stored: Size, orientation: Orientation): Rectangle {
  const { swap, flipX, flipY } = turns[orientation];
  const left = swap ? area.top : area.left;
  const top = swap ? area.left : area.top;
  const width = swap ? area.height : area.width;
  const height = swap ? area.width : area.height;
  return {
    left: flipX ? stored.width - left - width : left,
    top: flipY ? stored.height - top - height : top,
    width,
    height,
  };
}

/** Turns stored pixels upright. Returns the same image for orientation 1. */
export function uprightImage(stored: RgbImage, orientation: Orientation): RgbImage {
  if (orientation === 1) return stored;
  const { swap, flipX, flipY } = turns[orientation];
  const { width, height } = turnedSize(stored, orientation);
  const source = stored.data;
  const data = new Uint8Array(width * height * 3);
  // One step to the right, or down, in the upright image is this many bytes in the stored one.
  const stepX = 3 * (flipX ? -1 : 1);
  const stepY = 3 * stored.width * (flipY ? -1 : 1);
  const right = swap ? stepY : stepX;
  const down = swap ? stepX : stepY;
  const origin =
    (flipX ? (stored.width - 1) * 3 : 0) + (flipY ? (stored.height - 1) * stored.width * 3 : 0);
  let target = 0;
  for (let y = 0; y < height; y++) {
    let from = origin + y * down;
    for (let x = 0; x < width; x++) {
      data[target] = source[from] ?? 0;
      data[target + 1] = source[from + 1] ?? 0;
      data[target + 2] = source[from + 2] ?? 0;
      target += 3;
      from += right;
    }
  }
  return { data, width, height };
}

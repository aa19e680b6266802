import sharp, { type Sharp } from 'sharp';
import type { Rectangle, RgbImage } from '../../electron/core/image.ts';

/** Pixels that differ everywhere, from a small generator of its own: no symmetry can hide. */
export function noise(width: number, height: number, seed = 1): RgbImage {
  let state = seed;
  const data = Uint8Array.from({ length: width * height * 3 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
  return { data, width, height };
}

export type Colour = readonly [red: number, green: number, blue: number];

/** Four even quarters: above left, above right, below left, below right. */
export function quarters(width: number, height: number, colours: readonly Colour[]): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const quarter = (y * 2 >= height ? 2 : 0) + (x * 2 >= width ? 1 : 0);
      data.set(colours[quarter] ?? [0, 0, 0], (y * width + x) * 3);
    }
  }
  return { data, width, height };
}

/** The colours in the middle of the four quarters of an image. */
export function quarterColours(image: RgbImage): number[][] {
  const { width, height } = image;
  return [0.25, 0.75].flatMap((y) =>
    [0.25, 0.75].map((x) => {
      const at = (Math.floor(height * y) * width + Math.floor(width * x)) * 3;
      return [...image.data.subarray(at, at + 3)];
    }),
  );
}

export function toSharp(image: RgbImage): Sharp {
  return sharp(image.data, { raw: { width: image.width, height: image.height, channels: 3 } });
}

/** Cuts pixel by pixel, for comparison. */
export function cut(image: RgbImage, area: Rectangle): RgbImage {
  const data = new Uint8Array(area.width * area.height * 3);
  for (let y = 0; y < area.height; y++) {
    for (let x = 0; x < area.width; x++) {
      for (let channel = 0; channel < 3; channel++) {
        const from = ((area.top + y) * image.width + area.left + x) * 3 + channel;
        data[(y * area.width + x) * 3 + channel] = image.data[from] ?? 0;
      }
    }
  }
  return { data, width: area.width, height: area.height };
}

export function largestDifference(one: RgbImage, other: RgbImage): number {
  if (one.width !== other.width || one.height !== other.height) return Infinity;
  return one.data.reduce(
    (largest, value, at) => Math.max(largest, Math.abs(value - (other.data[at] ?? 0))),
    0,
  );
}

export function meanDifference(one: RgbImage, other: RgbImage): number {
  if (one.width !== other.width || one.height !== other.height) return Infinity;
  const sum = one.data.reduce((sum, value, at) => sum + Math.abs(value - (other.data[at] ?? 0)), 0);
  return sum / one.data.length;
}

/**
 * Where the stored picture's first row and first column are seen, in the words of the Exif
 * specification (tag 274).
 */
const exifSides = {
  1: ['top', 'left'],
  2: ['top', 'right'],
  3: ['bottom', 'right'],
  4: ['bottom', 'left'],
  5: ['left', 'top'],
  6: ['right', 'top'],
  7: ['right', 'bottom'],
  8: ['left', 'bottom'],
} as const;

export type ExifOrientation = keyof typeof exifSides;

export const exifOrientations = [1, 2, 3, 4, 5, 6, 7, 8] as const;

/** The pixels as a camera would have stored them, so that `orientation` shows `upright`. */
export function storeAs(upright: RgbImage, orientation: ExifOrientation): RgbImage {
  const [firstRow, firstColumn] = exifSides[orientation];
  const rowsAreRows = firstRow === 'top' || firstRow === 'bottom';
  const width = rowsAreRows ? upright.width : upright.height;
  const height = rowsAreRows ? upright.height : upright.width;
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const seen = { x: 0, y: 0 };
      for (const [side, distance] of [
        [firstRow, row],
        [firstColumn, column],
      ] as const) {
        if (side === 'top') seen.y = distance;
        if (side === 'bottom') seen.y = upright.height - 1 - distance;
        if (side === 'left') seen.x = distance;
        if (side === 'right') seen.x = upright.width - 1 - distance;
      }
      const at = (seen.y * upright.width + seen.x) * 3;
      data.set(upright.data.subarray(at, at + 3), (row * width + column) * 3);
    }
  }
  return { data, width, height };
}

import type { RgbImage } from '../../core/image.ts';

/**
 * The share of a damaged picture's rows that were decoded, 0 to 1. Decoders fill what is missing
 * with one colour, so the rows at the end that all show the last pixel's colour count as missing.
 * `image` is as stored: files are cut off at the end of what is stored, not of what is upright.
 */
export function readableShare(image: RgbImage): number {
  const { data, width, height } = image;
  const fill = data.subarray(data.length - 3);
  const rowBytes = width * 3;
  for (let row = height - 1; row >= 0; row--) {
    for (let at = row * rowBytes; at < (row + 1) * rowBytes; at++) {
      const difference = (data[at] ?? 0) - (fill[at % 3] ?? 0);
      if (difference > fillTolerance || difference < -fillTolerance) return (row + 1) / height;
    }
  }
  return 0;
}

/** Grey levels that scaling and colour conversion may add to an even surface. */
const fillTolerance = 2;

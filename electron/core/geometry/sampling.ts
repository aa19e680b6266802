import type { RgbImage } from '../image.ts';
import type { Affine } from './transforms.ts';

/**
 * An image with its halves, quarters and so on, made when first needed: sampling from the level
 * next above the wanted size averages all source pixels at a constant cost per sample.
 */
export interface ImagePyramid {
  readonly width: number;
  readonly height: number;
  /** Level 0 is the image itself; each level halves the one before, an odd last row or column is dropped. */
  level(index: number): RgbImage;
  readonly levelCount: number;
}

/** Averages each 2 × 2 pixels into one. */
export function halve(image: RgbImage): RgbImage {
  const width = Math.max(1, image.width >> 1);
  const height = Math.max(1, image.height >> 1);
  const right = image.width > 1 ? 3 : 0;
  const below = image.height > 1 ? image.width * 3 : 0;
  const source = image.data;
  const data = new Uint8Array(width * height * 3);
  let to = 0;
  for (let y = 0; y < height; y += 1) {
    let from = y * 2 * image.width * 3;
    for (let x = 0; x < width; x += 1) {
      for (let channel = 0; channel < 3; channel += 1) {
        const at = from + channel;
        const sum =
          source[at]! + source[at + right]! + source[at + below]! + source[at + below + right]!;
        data[to] = (sum + 2) >> 2;
        to += 1;
      }
      from += 6;
    }
  }
  return { data, width, height };
}

export function createPyramid(image: RgbImage): ImagePyramid {
  const levels = [image];
  const shorter = Math.min(image.width, image.height);
  const levelCount = Math.max(1, Math.floor(Math.log2(Math.max(1, shorter / 8))) + 1);
  return {
    width: image.width,
    height: image.height,
    levelCount,
    level(index) {
      if (!(index >= 0 && index < levelCount)) throw new RangeError(`No level ${index}`);
      let known = levels[index];
      while (known === undefined) {
        known = halve(levels[levels.length - 1]!);
        levels.push(known);
        known = levels[index];
      }
      return known;
    },
  };
}

/** How bytes become numbers for a network: (byte − mean) · scale. */
export interface Normalisation {
  readonly mean: number;
  readonly scale: number;
}

/** The level whose pixels are nearest to, and not much larger than, one output pixel. */
function levelFor(pyramid: ImagePyramid, pixelsPerSample: number): number {
  // Up to 1.5 source pixels per sample two taps see nearly everything; beyond that halve first.
  const wanted = Math.ceil(Math.log2(Math.max(pixelsPerSample, 1e-6) / 1.5));
  return Math.min(Math.max(wanted, 0), pyramid.levelCount - 1);
}

/**
 * Fills three planes (R, G, B) of `width` × `height` numbers at `target[offset]` with the pixels
 * that `map` leads to: `map` goes from output coordinates to the pyramid's full-size coordinates.
 * Bilinear between pixels of the fitting level, black outside the image.
 *
 * @throws RangeError when `target` is too short.
 */
export function sampleAffine(
  pyramid: ImagePyramid,
  map: Affine,
  width: number,
  height: number,
  normalisation: Normalisation,
  target: Float32Array,
  offset: number,
): void {
  const plane = width * height;
  if (offset < 0 || offset + plane * 3 > target.length) {
    throw new RangeError('The target is too short for three planes');
  }
  const pixelsPerSample = Math.sqrt(Math.abs(map.xx * map.yy - map.xy * map.yx));
  const levelIndex = levelFor(pyramid, pixelsPerSample);
  const { data, width: sourceWidth, height: sourceHeight } = pyramid.level(levelIndex);
  const shrink = 1 / 2 ** levelIndex;
  const { mean, scale } = normalisation;
  const stepX = map.xx * shrink;
  const stepY = map.yx * shrink;
  const lastX = sourceWidth - 1;
  const lastY = sourceHeight - 1;
  const black = (0 - mean) * scale;
  const greens = offset + plane;
  const blues = greens + plane;
  const row = sourceWidth * 3;
  let to = 0;
  for (let v = 0; v < height; v += 1) {
    let x = (map.xx * 0.5 + map.xy * (v + 0.5) + map.x0) * shrink - 0.5;
    let y = (map.yx * 0.5 + map.yy * (v + 0.5) + map.y0) * shrink - 0.5;
    for (let u = 0; u < width; u += 1, to += 1, x += stepX, y += stepY) {
      if (x < -1 || y < -1 || x > sourceWidth || y > sourceHeight) {
        target[offset + to] = black;
        target[greens + to] = black;
        target[blues + to] = black;
        continue;
      }
      const sx = x < 0 ? 0 : x > lastX ? lastX : x;
      const sy = y < 0 ? 0 : y > lastY ? lastY : y;
      const ix = sx | 0;
      const iy = sy | 0;
      const fx = sx - ix;
      const fy = sy - iy;
      const at = iy * row + ix * 3;
      const right = ix < lastX ? 3 : 0;
      const below = iy < lastY ? row : 0;
      const w11 = fx * fy;
      const w10 = fx - w11;
      const w01 = fy - w11;
      const w00 = 1 - fx - w01;
      const c = at + below;
      target[offset + to] =
        (data[at]! * w00 +
          data[at + right]! * w10 +
          data[c]! * w01 +
          data[c + right]! * w11 -
          mean) *
        scale;
      target[greens + to] =
        (data[at + 1]! * w00 +
          data[at + right + 1]! * w10 +
          data[c + 1]! * w01 +
          data[c + right + 1]! * w11 -
          mean) *
        scale;
      target[blues + to] =
        (data[at + 2]! * w00 +
          data[at + right + 2]! * w10 +
          data[c + 2]! * w01 +
          data[c + right + 2]! * w11 -
          mean) *
        scale;
    }
  }
}

/**
 * Resizes the whole image to `width` × `height` into three planes at `target[offset]`.
 * The same as `sampleAffine` with an upright map, faster for large outputs.
 */
export function sampleResized(
  pyramid: ImagePyramid,
  width: number,
  height: number,
  normalisation: Normalisation,
  target: Float32Array,
  offset = 0,
): void {
  const plane = width * height;
  if (offset < 0 || offset + plane * 3 > target.length) {
    throw new RangeError('The target is too short for three planes');
  }
  const { mean, scale } = normalisation;
  const image = pyramid.level(
    levelFor(pyramid, Math.sqrt((pyramid.width / width) * (pyramid.height / height))),
  );
  const { data, width: sourceWidth, height: sourceHeight } = image;
  const greens = offset + plane;
  const blues = greens + plane;
  if (sourceWidth === width && sourceHeight === height) {
    for (let to = 0, from = 0; to < plane; to += 1, from += 3) {
      target[offset + to] = (data[from]! - mean) * scale;
      target[greens + to] = (data[from + 1]! - mean) * scale;
      target[blues + to] = (data[from + 2]! - mean) * scale;
    }
    return;
  }
  const columns = new Int32Array(width);
  const nextColumns = new Int32Array(width);
  const fractions = new Float32Array(width);
  for (let u = 0; u < width; u += 1) {
    const x = Math.min(Math.max(((u + 0.5) * sourceWidth) / width - 0.5, 0), sourceWidth - 1);
    columns[u] = Math.floor(x) * 3;
    nextColumns[u] = Math.min(Math.floor(x) + 1, sourceWidth - 1) * 3;
    fractions[u] = x - Math.floor(x);
  }
  // Two source rows are blended once per output row, then the columns are read from the blend.
  const row = sourceWidth * 3;
  const blend = new Float32Array(row);
  let to = 0;
  for (let v = 0; v < height; v += 1) {
    const y = Math.min(Math.max(((v + 0.5) * sourceHeight) / height - 0.5, 0), sourceHeight - 1);
    const top = Math.floor(y);
    const fy = y - top;
    const above = top * row;
    const below = Math.min(top + 1, sourceHeight - 1) * row;
    for (let i = 0; i < row; i += 1) {
      const value = data[above + i]!;
      blend[i] = (value + (data[below + i]! - value) * fy - mean) * scale;
    }
    for (let u = 0; u < width; u += 1, to += 1) {
      const a = columns[u]!;
      const b = nextColumns[u]!;
      const f = fractions[u]!;
      const red = blend[a]!;
      const green = blend[a + 1]!;
      const blue = blend[a + 2]!;
      target[offset + to] = red + (blend[b]! - red) * f;
      target[greens + to] = green + (blend[b + 1]! - green) * f;
      target[blues + to] = blue + (blend[b + 2]! - blue) * f;
    }
  }
}

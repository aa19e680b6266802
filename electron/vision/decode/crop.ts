import type { Box } from '../../core/face.ts';
import { cropSquare } from '../../core/geometry/crop-square.ts';
import type { PhotoPixels, Rectangle, RgbImage } from '../../core/image.ts';
import { cropTuning } from '../../core/tuning.ts';
import { encodeJpeg } from '../pixels.ts';

const { side, jpegQuality } = cropTuning;

/**
 * A square upright JPEG around a face, `cropTuning.side` pixels a side, from the photo's real pixels
 * (enlarged where the face is smaller). At the photo's edge the square moves inside, and it shrinks to
 * the photo's shorter side, so that a crop shows nothing but the photo.
 */
export async function cropFace(photo: PhotoPixels, box: Box): Promise<Uint8Array> {
  return encodeJpeg(await cutSquare(photo, cropSquare(photo, box)), jpegQuality);
}

async function cutSquare(photo: PhotoPixels, square: Rectangle): Promise<RgbImage> {
  const { area, image } = await photo.region(square, side);
  const columns = samples(square.left, square.width, area.left, area.width, image.width);
  const rows = samples(square.top, square.height, area.top, area.height, image.height);
  return interpolate(image, columns, rows);
}

/** For each pixel of the crop along one axis: the pixel before it, and how far it is on to the next. */
interface Samples {
  readonly before: Int32Array;
  readonly share: Float32Array;
}

/** Places outside of the image take its edge. */
function samples(
  start: number,
  length: number,
  from: number,
  shown: number,
  pixels: number,
): Samples {
  const before = new Int32Array(side);
  const share = new Float32Array(side);
  for (let index = 0; index < side; index++) {
    const place = start + ((index + 0.5) * length) / side;
    const at = clamp(((place - from) * pixels) / shown - 0.5, 0, pixels - 1);
    before[index] = Math.min(Math.floor(at), Math.max(0, pixels - 2));
    share[index] = at - (before[index] ?? 0);
  }
  return { before, share };
}

/** Bilinear: the region comes scaled down already, so pixels are only ever spread. */
function interpolate(image: RgbImage, columns: Samples, rows: Samples): RgbImage {
  const source = image.data;
  const data = new Uint8Array(side * side * 3);
  const right = image.width > 1 ? 3 : 0;
  const down = image.height > 1 ? image.width * 3 : 0;
  let target = 0;
  for (let y = 0; y < side; y++) {
    const row = (rows.before[y] ?? 0) * image.width * 3;
    const low = rows.share[y] ?? 0;
    for (let x = 0; x < side; x++) {
      const at = row + (columns.before[x] ?? 0) * 3;
      const far = columns.share[x] ?? 0;
      for (let channel = at; channel < at + 3; channel++) {
        const above = mix(source[channel] ?? 0, source[channel + right] ?? 0, far);
        const below = mix(source[channel + down] ?? 0, source[channel + down + right] ?? 0, far);
        data[target++] = mix(above, below, low) + 0.5;
      }
    }
  }
  return { data, width: side, height: side };
}

function mix(one: number, other: number, share: number): number {
  return one + (other - one) * share;
}

function clamp(value: number, lowest: number, highest: number): number {
  return Math.min(highest, Math.max(lowest, value));
}

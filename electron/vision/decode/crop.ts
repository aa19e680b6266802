import type { Box } from '../../core/face.ts';
import type { PhotoPixels, Rectangle, RgbImage } from '../../core/image.ts';
import { cropTuning } from '../../core/tuning.ts';
import { encodeJpeg, resizePixels } from '../pixels.ts';

/**
 * A square upright JPEG around a face, `cropTuning.side` pixels a side, from the photo's real pixels
 * (enlarged where the face is smaller). Where the square reaches outside the photo, the photo's edge
 * is repeated.
 */
export async function cropFace(photo: PhotoPixels, box: Box): Promise<Uint8Array> {
  return encodeJpeg(await cutSquare(photo, cropSquare(photo, box)), cropTuning.jpegQuality);
}

/** The square around a face box, in pixels of the photo; may reach outside of it. */
function cropSquare(photo: PhotoPixels, box: Box): Rectangle {
  const boxWidth = box.width * photo.width;
  const boxHeight = box.height * photo.height;
  const side = Math.max(2, Math.round(Math.max(boxWidth, boxHeight) * cropTuning.enlargement));
  // A square with its centre outside the photo could miss it altogether.
  const centreX = clamp((box.x + box.width / 2) * photo.width, 0, photo.width);
  const centreY = clamp((box.y + box.height / 2) * photo.height, 0, photo.height);
  const left = Math.round(centreX - side / 2);
  const top = Math.round(centreY - side / 2);
  return { left, top, width: side, height: side };
}

async function cutSquare(photo: PhotoPixels, square: Rectangle): Promise<RgbImage> {
  const { side } = cropTuning;
  const { area, image } = await photo.region(square, side);
  const scale = side / square.width;
  const left = clamp(Math.round((area.left - square.left) * scale), 0, side - 1);
  const top = clamp(Math.round((area.top - square.top) * scale), 0, side - 1);
  const width = clamp(Math.round(area.width * scale), 1, side - left);
  const height = clamp(Math.round(area.height * scale), 1, side - top);
  return padByEdge(await resizePixels(image, { width, height }), left, top, side);
}

/** Lays an image into a square, at (left, top), and repeats its edge pixels around it. */
function padByEdge(image: RgbImage, left: number, top: number, side: number): RgbImage {
  if (image.width === side && image.height === side) return image;
  const data = new Uint8Array(side * side * 3);
  for (let y = 0; y < side; y++) {
    const row = clamp(y - top, 0, image.height - 1) * image.width;
    for (let x = 0; x < side; x++) {
      const from = (row + clamp(x - left, 0, image.width - 1)) * 3;
      data.set(image.data.subarray(from, from + 3), (y * side + x) * 3);
    }
  }
  return { data, width: side, height: side };
}

function clamp(value: number, lowest: number, highest: number): number {
  return Math.min(highest, Math.max(lowest, value));
}

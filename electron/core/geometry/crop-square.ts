import type { Box, Landmarks } from '../face.ts';
import type { Rectangle } from '../image.ts';
import { cropTuning } from '../tuning.ts';
import { ALIGNED_LANDMARKS, ALIGNED_SIZE } from './template.ts';
import { fitSimilarity, type Affine } from './transforms.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * The square that the picture of a face shows, in pixels of the photo: around the face's box, moved
 * inside at the photo's edge, and at most as large as the photo's shorter side.
 */
export function cropSquare(photo: Size, box: Box): Rectangle {
  const boxWidth = box.width * photo.width;
  const boxHeight = box.height * photo.height;
  const wanted = Math.max(2, Math.round(Math.max(boxWidth, boxHeight) * cropTuning.enlargement));
  const length = Math.min(wanted, photo.width, photo.height);
  const centreX = (box.x + box.width / 2) * photo.width;
  const centreY = (box.y + box.height / 2) * photo.height;
  const left = clamp(Math.round(centreX - length / 2), 0, photo.width - length);
  const top = clamp(Math.round(centreY - length / 2), 0, photo.height - length);
  return { left, top, width: length, height: length };
}

/**
 * What brings a face's picture into the position in which the encoder sees faces. Both sides are 1.
 *
 * @throws RangeError when all landmarks are one point.
 */
export function cropAlignment(photo: Size, box: Box, landmarks: Landmarks): Affine {
  const { left, top, width: side } = cropSquare(photo, box);
  const source = landmarks.flatMap(([x, y]) => [
    (x * photo.width - left) / side,
    (y * photo.height - top) / side,
  ]);
  return fitSimilarity(
    source,
    ALIGNED_LANDMARKS.map((coordinate) => coordinate / ALIGNED_SIZE),
  );
}

function clamp(value: number, lowest: number, highest: number): number {
  return Math.min(highest, Math.max(lowest, value));
}

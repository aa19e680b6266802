import { drawnFaceTuning } from '../tuning.ts';

/** x, y of left eye, right eye, nose tip, left and right mouth corner, each as a share of the box. */
const usual = [0.3, 0.38, 0.7, 0.38, 0.5, 0.58, 0.34, 0.77, 0.66, 0.77] as const;

/**
 * Where the five landmarks of a frontal face are in its box.
 * @param box x1, y1, x2, y2 in pixels
 * @returns ten numbers: x, y in the same pixels
 */
export function usualLandmarks(box: ArrayLike<number>): Float32Array {
  const [x = 0, y = 0, right = 0, bottom = 0] = Array.from(box);
  return Float32Array.from(usual, (share, i) =>
    i % 2 === 0 ? x + share * (right - x) : y + share * (bottom - y),
  );
}

/**
 * Whether landmarks can be those of an upright face in the box: near it, the eyes left and right and
 * above the mouth.
 */
export function arePlausible(landmarks: ArrayLike<number>, box: ArrayLike<number>): boolean {
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = Array.from(box);
  const [width, height] = [x2 - x1, y2 - y1];
  const at = (point: number): [number, number] => [
    ((landmarks[2 * point] ?? NaN) - x1) / width,
    ((landmarks[2 * point + 1] ?? NaN) - y1) / height,
  ];
  const points = [at(0), at(1), at(2), at(3), at(4)];
  const { landmarkReach, eyeDistance, eyesAboveMouth } = drawnFaceTuning;
  const near = (share: number) => share >= -landmarkReach && share <= 1 + landmarkReach;
  if (!points.every(([x, y]) => near(x) && near(y))) return false;
  const [leftEye, rightEye, , leftMouth, rightMouth] = points as [
    [number, number],
    [number, number],
    [number, number],
    [number, number],
    [number, number],
  ];
  const eyes = (leftEye[1] + rightEye[1]) / 2;
  const mouth = (leftMouth[1] + rightMouth[1]) / 2;
  return rightEye[0] - leftEye[0] >= eyeDistance && mouth - eyes >= eyesAboveMouth;
}

import type { FaceQuality } from './face.ts';
import type { HeadPose } from './geometry/pose.ts';
import { qualityTuning } from './tuning.ts';

/**
 * Sharpness of an aligned face, 0 to 1: the mean squared Laplacian of its brightness as a share of
 * the brightness's variance, so that contrast does not count as sharpness, on a logarithmic scale.
 * Only the middle of the picture counts; hair and background lie around it.
 *
 * @param aligned three planes (R, G, B) of `side` × `side` numbers in any linear scale.
 */
export function measureSharpness(aligned: Float32Array, side: number): number {
  const plane = side * side;
  const margin = Math.round(side * 0.18);
  const last = side - margin;
  const brightness = new Float32Array(plane);
  for (let i = 0; i < plane; i += 1) {
    brightness[i] =
      0.299 * aligned[i]! + 0.587 * aligned[plane + i]! + 0.114 * aligned[2 * plane + i]!;
  }
  let count = 0;
  let sum = 0;
  let squares = 0;
  let edges = 0;
  for (let y = margin; y < last; y += 1) {
    for (let x = margin; x < last; x += 1) {
      const at = y * side + x;
      const value = brightness[at]!;
      const laplacian =
        brightness[at - 1]! +
        brightness[at + 1]! +
        brightness[at - side]! +
        brightness[at + side]! -
        4 * value;
      sum += value;
      squares += value * value;
      edges += laplacian * laplacian;
      count += 1;
    }
  }
  const mean = sum / count;
  const variance = squares / count - mean * mean;
  if (!(variance > 1e-9)) return 0;
  const ratio = Math.log(Math.max(edges / count / variance, 1e-9));
  const { blurredLogRatio, crispLogRatio } = qualityTuning;
  return clamp((ratio - blurredLogRatio) / (crispLogRatio - blurredLogRatio));
}

/**
 * One figure for how far a face can be trusted for recognition, 0 to 1: the product of what its
 * size, sharpness, pose and detection leave of it.
 */
export function overallQuality(
  size: number,
  sharpness: number,
  pose: HeadPose,
  detectionScore: number,
): number {
  const { fullSize, leastSharpness, yawLimit, pitchLimit } = qualityTuning;
  const bySize = clamp(size / fullSize);
  const bySharpness = leastSharpness + (1 - leastSharpness) * clamp(sharpness);
  const turned = (pose.yaw / yawLimit) ** 2 + (pose.pitch / pitchLimit) ** 2;
  const byPose = 1 / (1 + turned);
  return clamp(Math.sqrt(bySize) * bySharpness * byPose * detectionScore);
}

/** Everything that one look at a face tells; `size` in full-resolution pixels. */
export function assessQuality(
  size: number,
  aligned: Float32Array,
  side: number,
  pose: HeadPose,
  detectionScore: number,
): FaceQuality {
  const sharpness = measureSharpness(aligned, side);
  return {
    size,
    sharpness,
    ...pose,
    overall: overallQuality(size, sharpness, pose, detectionScore),
  };
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}

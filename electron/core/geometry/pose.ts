import type { PackedPoints } from './transforms.ts';
import { AVERAGE_LANDMARKS } from './template.ts';

/** Degrees; the signs are those of FaceQuality. */
export interface HeadPose {
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
}

/**
 * Depth of the five landmarks in the units of the aligned template, towards the viewer, nose tip
 * first: eyes lie some 30 mm and mouth corners some 22 mm behind the tip of the nose where the
 * eyes are 63 mm (35 units) apart.
 */
const DEPTHS = [-17, -17, 0, -12, -12];

/** Least-squares inverse of the 5 × 4 matrix [x y z 1] of the model's points: 4 × 5, row by row. */
const MODEL_INVERSE = pseudoInverse(
  DEPTHS.map((depth, i) => [AVERAGE_LANDMARKS[2 * i]!, AVERAGE_LANDMARKS[2 * i + 1]!, depth, 1]),
);

/**
 * Which way a head looks, from its five landmarks in pixels: a weak-perspective camera is fitted
 * to an average face by least squares. Steep poses are under-estimated, as landmarks of hidden
 * points are guesses; within 40° the angle is good to some 10°.
 */
export function estimatePose(landmarks: PackedPoints): HeadPose {
  const eyeX = (landmarks[2] ?? 0) - (landmarks[0] ?? 0);
  const eyeY = (landmarks[3] ?? 0) - (landmarks[1] ?? 0);
  const roll = Math.atan2(eyeY, eyeX);
  const cosine = Math.cos(-roll);
  const sine = Math.sin(-roll);
  const across = [0, 0, 0, 0];
  const down = [0, 0, 0, 0];
  for (let point = 0; point < 5; point += 1) {
    const x = landmarks[2 * point] ?? 0;
    const y = landmarks[2 * point + 1] ?? 0;
    const uprightX = cosine * x - sine * y;
    const uprightY = sine * x + cosine * y;
    for (let term = 0; term < 4; term += 1) {
      const weight = MODEL_INVERSE[term]![point]!;
      across[term]! += weight * uprightX;
      down[term]! += weight * uprightY;
    }
  }
  const scale =
    (Math.hypot(across[0]!, across[1]!, across[2]!) + Math.hypot(down[0]!, down[1]!, down[2]!)) / 2;
  // Below a thousandth of a pixel per unit there is no face to fit, only rounding.
  if (!(scale > 1e-3)) return { yaw: 0, pitch: 0, roll: degrees(roll) };
  const right = clampToOne(across[2]! / scale);
  const below = clampToOne(down[2]! / scale);
  const towards = Math.sqrt(Math.max(0, 1 - right * right - below * below));
  return {
    yaw: degrees(Math.atan2(right, towards)),
    pitch: degrees(Math.atan2(-below, towards)),
    roll: degrees(roll),
  };
}

function clampToOne(value: number): number {
  return Math.min(1, Math.max(-1, value));
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}

/** (AᵀA)⁻¹Aᵀ of a matrix with independent columns. */
function pseudoInverse(rows: readonly (readonly number[])[]): number[][] {
  const columns = rows[0]!.length;
  // Gauss-Jordan on [AᵀA | Aᵀ].
  const work = Array.from({ length: columns }, (_, i) => [
    ...Array.from({ length: columns }, (_, j) =>
      rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0),
    ),
    ...rows.map((row) => row[i]!),
  ]);
  for (let pivot = 0; pivot < columns; pivot += 1) {
    let best = pivot;
    for (let i = pivot + 1; i < columns; i += 1) {
      if (Math.abs(work[i]![pivot]!) > Math.abs(work[best]![pivot]!)) best = i;
    }
    [work[pivot], work[best]] = [work[best]!, work[pivot]!];
    const divisor = work[pivot]![pivot]!;
    work[pivot] = work[pivot]!.map((value) => value / divisor);
    for (let i = 0; i < columns; i += 1) {
      if (i === pivot) continue;
      const factor = work[i]![pivot]!;
      work[i] = work[i]!.map((value, j) => value - factor * work[pivot]![j]!);
    }
  }
  return work.map((row) => row.slice(columns));
}

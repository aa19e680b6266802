import { FEATURE_SIZE } from '../core/head.ts';
import { sampleAffine, type ImagePyramid } from '../core/geometry/sampling.ts';
import { ALIGNED_LANDMARKS, ALIGNED_SIZE } from '../core/geometry/template.ts';
import { fitSimilarity, invert } from '../core/geometry/transforms.ts';
import { embeddingTuning } from '../core/tuning.ts';
import type { Networks } from './networks.ts';

/** The encoder takes (byte − 127.5) / 128. */
export const ENCODER_INPUT = { mean: 127.5, scale: 1 / 128 } as const;

const PICTURE = ALIGNED_SIZE * ALIGNED_SIZE * 3;

/** A face where its pixels are: x, y of the five landmarks in the pyramid's full-size pixels. */
export interface PlacedFace {
  readonly pyramid: ImagePyramid;
  readonly landmarks: ArrayLike<number>;
}

export interface EncodedFace {
  /** 512 numbers, mean of the face and its mirror image. */
  readonly features: Float32Array;
  /** The aligned face: three planes of 112 × 112, (byte − 127.5) / 128. */
  readonly aligned: Float32Array;
}

/**
 * Aligns each face to ArcFace's template with a similarity transform and encodes it and its mirror
 * image. Results do not depend on which faces are encoded together.
 */
export async function encodeFaces(
  networks: Networks,
  faces: readonly PlacedFace[],
): Promise<EncodedFace[]> {
  const encoded: EncodedFace[] = [];
  const facesPerBatch = Math.max(1, embeddingTuning.batchSize >> 1);
  for (let from = 0; from < faces.length; from += facesPerBatch) {
    const batch = faces.slice(from, from + facesPerBatch);
    const input = new Float32Array(batch.length * 2 * PICTURE);
    batch.forEach((face, i) => {
      alignFace(face, input, i * 2 * PICTURE);
      mirrorPicture(input, i * 2 * PICTURE, (i * 2 + 1) * PICTURE);
    });
    const features = await networks.encode(input, batch.length * 2);
    batch.forEach((_, i) => {
      encoded.push({
        features: meanOfBoth(features, i * 2 * FEATURE_SIZE),
        aligned: input.subarray(i * 2 * PICTURE, (i * 2 + 1) * PICTURE),
      });
    });
  }
  return encoded;
}

/**
 * Writes the aligned face as three planes of 112 × 112 at `target[offset]`.
 * @throws RangeError when all landmarks are one point.
 */
export function alignFace(face: PlacedFace, target: Float32Array, offset: number): void {
  const map = invert(fitSimilarity(face.landmarks, ALIGNED_LANDMARKS));
  sampleAffine(face.pyramid, map, ALIGNED_SIZE, ALIGNED_SIZE, ENCODER_INPUT, target, offset);
}

function mirrorPicture(pictures: Float32Array, from: number, to: number): void {
  for (let row = 0; row < ALIGNED_SIZE * 3; row += 1) {
    const start = from + row * ALIGNED_SIZE;
    const end = to + (row + 1) * ALIGNED_SIZE - 1;
    for (let x = 0; x < ALIGNED_SIZE; x += 1) pictures[end - x] = pictures[start + x]!;
  }
}

/** Mean of the features of a face and of its mirror image, which follow each other. */
function meanOfBoth(output: Float32Array, at: number): Float32Array {
  const features = new Float32Array(FEATURE_SIZE);
  for (let i = 0; i < FEATURE_SIZE; i += 1) {
    features[i] = (output[at + i]! + output[at + FEATURE_SIZE + i]!) / 2;
  }
  return features;
}

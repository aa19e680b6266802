import type { Box, DetectedFace, Landmarks, Point } from '../core/face.ts';
import type { PhotoPixels } from '../core/image.ts';
import { estimatePose } from '../core/geometry/pose.ts';
import { ALIGNED_SIZE } from '../core/geometry/template.ts';
import { assessQuality } from '../core/quality.ts';
import { detectionTuning } from '../core/tuning.ts';
import { findFaces, type FoundFace } from './detect/find-faces.ts';
import { placeDrawn, placeFaces, type PhotoFace } from './detect/place-faces.ts';
import { encodeFaces, type EncodedFace } from './embed.ts';
import { createNetworks, type NetworkOptions, type Networks } from './networks.ts';

export interface AnalyzeOptions {
  /** Least detection score of a returned face, 0 to 1; the product's own when absent. */
  readonly minScore?: number;
}

export interface FaceAnalyzer {
  /** All faces of a photo, most certain first. The same photo gives the same faces. */
  analyze(photo: PhotoPixels, options?: AnalyzeOptions): Promise<DetectedFace[]>;
  /** The face in a box that somebody drew (fractions of the photo): it is one because they say so. */
  place(photo: PhotoPixels, box: Box): Promise<DetectedFace>;
}

/** Loads the models. @throws what the runtime throws when one cannot be loaded. */
export async function createFaceAnalyzer(options: NetworkOptions): Promise<FaceAnalyzer> {
  return faceAnalyzerOf(await createNetworks(options));
}

/** The pipeline over networks that are loaded already. */
export function faceAnalyzerOf(networks: Networks): FaceAnalyzer {
  return {
    async analyze(photo, { minScore = detectionTuning.faceScore } = {}) {
      const found = await findFaces(networks, photo, minScore);
      const placed = await placeFaces(networks, photo, found);
      const encoded = await encodeFaces(networks, placed);
      return found.map((face, i) =>
        described(photo, boxOf(face), face.score, placed[i]!, encoded[i]!),
      );
    },
    async place(photo, box) {
      const { width, height } = photo;
      const placed = await placeDrawn(networks, photo, {
        left: box.x * width,
        top: box.y * height,
        width: box.width * width,
        height: box.height * height,
      });
      const [encoded] = await encodeFaces(networks, [placed]);
      return described(photo, box, 1, placed, encoded!);
    },
  };
}

function described(
  photo: PhotoPixels,
  box: Box,
  score: number,
  { photoLandmarks }: PhotoFace,
  { features, aligned }: EncodedFace,
): DetectedFace {
  const size = Math.sqrt(box.width * photo.width * box.height * photo.height);
  const pose = estimatePose(photoLandmarks);
  return {
    box,
    landmarks: landmarksOf(photoLandmarks, photo.width, photo.height),
    detectionScore: score,
    quality: assessQuality(size, aligned, ALIGNED_SIZE, pose, score),
    features,
  };
}

function boxOf({ candidate: { box }, view: { width, height } }: FoundFace): Box {
  return {
    x: box[0]! / width,
    y: box[1]! / height,
    width: (box[2]! - box[0]!) / width,
    height: (box[3]! - box[1]!) / height,
  };
}

function landmarksOf(points: ArrayLike<number>, width: number, height: number): Landmarks {
  const point = (i: number): Point => [points[2 * i]! / width, points[2 * i + 1]! / height];
  return [point(0), point(1), point(2), point(3), point(4)];
}

import { suppress } from '../../core/geometry/boxes.ts';
import { createPyramid, type ImagePyramid } from '../../core/geometry/sampling.ts';
import type { PhotoPixels } from '../../core/image.ts';
import { detectionTuning } from '../../core/tuning.ts';
import type { Networks } from '../networks.ts';
import { findCandidates, firstLookLogitFor, planFor, type Candidate } from './find-candidates.ts';
import { detectionScore } from './score.ts';

export interface FoundFace {
  /** In pixels of `view`. */
  readonly candidate: Candidate;
  /** The picture of the whole photo that it was found in. */
  readonly view: ImagePyramid;
  /** Probability that this is a face, 0 to 1. */
  readonly score: number;
}

/**
 * All faces of a photo whose score is at least `minScore`, most certain first. A photo with small
 * faces is looked at again from nearer: where some are small, others are smaller.
 */
export async function findFaces(
  networks: Networks,
  photo: PhotoPixels,
  minScore: number,
): Promise<FoundFace[]> {
  const { viewSide, closerSide } = detectionTuning;
  const view = createPyramid(await photo.view(viewSide));
  const plan = planFor(Math.max(view.width, view.height), minScore);
  const found = scored(await findCandidates(networks, view, plan), view);
  if (!worthCloserLook(photo, view, found)) return sorted(found, minScore);
  const closer = createPyramid(await photo.view(closerSide));
  const longestSide = Math.max(closer.width, closer.height);
  const more = await findCandidates(networks, closer, {
    proposalSizes: [longestSide],
    smallestFace: null,
    firstLookLogit: firstLookLogitFor(minScore),
  });
  return sorted(merged([...found, ...scored(more, closer)]), minScore);
}

function scored(candidates: readonly Candidate[], view: ImagePyramid): FoundFace[] {
  return candidates.map((candidate) => ({
    candidate,
    view,
    score: detectionScore(candidate.signs),
  }));
}

function sorted(faces: readonly FoundFace[], minScore: number): FoundFace[] {
  return faces.filter(({ score }) => score >= minScore).sort((a, b) => b.score - a.score);
}

function worthCloserLook(
  photo: PhotoPixels,
  view: ImagePyramid,
  found: readonly FoundFace[],
): boolean {
  const { closerGain, smallFace, smallFaceScore } = detectionTuning;
  if (Math.max(photo.width, photo.height) < Math.max(view.width, view.height) * closerGain) {
    return false;
  }
  return found.some(
    ({ candidate, score }) => candidate.signs.size < smallFace && score >= smallFaceScore,
  );
}

/** The same face seen in both views counts once. */
function merged(faces: readonly FoundFace[]): FoundFace[] {
  const boxes = new Float32Array(faces.length * 4);
  faces.forEach(({ candidate, view }, i) => {
    candidate.box.forEach((value, edge) => {
      boxes[i * 4 + edge] = value / (edge % 2 === 0 ? view.width : view.height);
    });
  });
  const keeper = suppress(
    boxes,
    faces.map(({ score }) => score),
    detectionTuning.finalOverlap,
  );
  return faces.filter((_, i) => keeper[i] === i);
}

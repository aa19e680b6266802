import { createHash } from 'node:crypto';
import { packFeatures } from '../../core/features.ts';
import { matchBoxes } from '../../core/geometry/match-boxes.ts';
import { renewalTuning } from '../../core/tuning.ts';
import type { openCrops } from '../../store/crops.ts';
import type { FoundFaceRow } from '../../store/faces.ts';
import type { FileStamp } from '../../store/files.ts';
import type { Store } from '../../store/store.ts';
import type { AnalyzedFace, PhotoAnalysis } from '../../vision/protocol.ts';

/** Where photos are kept. */
export interface PhotoKeeper {
  readonly store: Store;
  readonly crops: ReturnType<typeof openCrops>;
  /** Names the models and the pipeline that look at the photos. */
  readonly modelFingerprint: string;
}

/**
 * Writes what was found in a photo, whole or not at all. A photo that was looked at by other models
 * keeps those of its faces that are found again or that the user spoke of.
 *
 * @returns how many faces it has and whether any came, went or look otherwise; null when the same
 *   models have looked at the same photo before.
 */
export function keepPhoto(
  keeper: PhotoKeeper,
  stamp: FileStamp,
  analysis: PhotoAnalysis,
): { readonly faces: number; readonly changed: boolean } | null {
  const { store, crops, modelFingerprint } = keeper;
  const modelId = store.photos.modelId(modelFingerprint);
  const known = store.photos.byHash(analysis.sha256);
  if (known?.modelId === modelId) {
    store.files.setPhoto(stamp, known.photoId);
    return null;
  }
  const { width, height, takenAt } = analysis;
  const before = known ? store.faces.found(known.photoId) : [];
  const places = placeFaces(before, analysis.faces);
  // First the crops: named by content, they do no harm should the rest not come about.
  crops.put(
    analysis.sha256,
    analysis.faces.map((face, at) => [places[at]!.ordinal, face.crop] as const),
  );
  store.transaction(() => {
    let photoId: number;
    if (known) {
      photoId = known.photoId;
      store.photos.renew(photoId, { modelId, width, height, takenAt });
      const kept = new Set(places.map(({ faceId }) => faceId));
      for (const { faceId, spoken } of before) {
        if (!kept.has(faceId) && !spoken) store.faces.remove(faceId);
      }
    } else {
      const { sha256, byteSize, format } = analysis;
      photoId = store.photos.insert({
        sha256,
        byteSize,
        format,
        width,
        height,
        takenAt,
        modelId,
      });
    }
    for (const [at, face] of analysis.faces.entries()) {
      const { faceId, ordinal } = places[at]!;
      if (faceId === undefined) store.faces.insert(photoId, ordinal, faceRow(face));
      else store.faces.renew(faceId, faceRow(face));
    }
    store.files.setPhoto(stamp, photoId);
  });
  const faces = analysis.faces.length;
  return { faces, changed: faces > 0 || before.length > 0 };
}

/**
 * Which face each one is that was found before, if any, and its place among the photo's faces: what
 * newer models find where a face was is that face, with all that the user said of it.
 */
function placeFaces(
  before: readonly FoundFaceRow[],
  faces: readonly AnalyzedFace[],
): { readonly faceId: number | undefined; readonly ordinal: number }[] {
  const partners = matchBoxes(
    faces.map(({ box }) => box),
    before,
    renewalTuning.sameFaceOverlap,
  );
  let next = Math.max(-1, ...before.map(({ ordinal }) => ordinal)) + 1;
  return partners.map((partner) => {
    const same = before[partner];
    return { faceId: same?.faceId, ordinal: same?.ordinal ?? next++ };
  });
}

/** A face as the store keeps it. */
export function faceRow(face: AnalyzedFace) {
  const { size, sharpness, yaw, pitch, roll, overall } = face.quality;
  return {
    ...face.box,
    landmarks: JSON.stringify(face.landmarks),
    detectionScore: face.detectionScore,
    size,
    sharpness,
    yaw,
    pitch,
    roll,
    quality: overall,
    features: packFeatures(face.features),
  };
}

/** Names the weights and the code that found the faces. */
export function fingerprintOf(manifest: string, pipelineVersion: number): string {
  return createHash('sha256').update(manifest).update(String(pipelineVersion)).digest('hex');
}

import { resolve } from 'node:path';
import type { ChannelResult } from '../contract/channels.ts';
import { KithError } from '../contract/errors.ts';
import type { Box } from '../core/face.ts';
import { packFeatures, unpackFeatures } from '../core/features.ts';
import { EMBEDDING_SIZE, embedFeatures, FEATURE_SIZE } from '../core/head.ts';
import { verificationTuning } from '../core/tuning.ts';
import { cosineSimilarity, squaredDistance } from '../core/vectors.ts';
import { VisionFailure } from '../vision/failure.ts';
import type { AnalyzedFace, PhotoAnalysis } from '../vision/protocol.ts';
import type { Library } from './library.ts';

/** The photo's main face: large and near the centre. */
export function mainFace<F extends { readonly box: Box }>(
  faces: readonly F[],
  aspect: number,
): F | undefined {
  let best: F | undefined;
  let bestWeight = -Infinity;
  for (const face of faces) {
    const { box } = face;
    const side = Math.sqrt(box.width * aspect * box.height);
    const fromCentre = Math.hypot(
      (box.x + box.width / 2 - 0.5) * aspect,
      box.y + box.height / 2 - 0.5,
    );
    const weight = side - fromCentre;
    if (weight > bestWeight) [best, bestWeight] = [face, weight];
  }
  return best;
}

/** The embedding of a photo's main face. Photos are not added to the library. */
export async function embedPhoto(
  library: Library,
  path: string,
): Promise<ChannelResult<'host.embed'>> {
  const empty = {
    path,
    detected: false,
    embedding: new Float32Array(EMBEDDING_SIZE),
    features: new Float32Array(FEATURE_SIZE),
    face: null,
  };
  let analysis: PhotoAnalysis;
  try {
    analysis = await analyze(library, path, true);
  } catch (error) {
    if (error instanceof VisionFailure && error.code !== 'models-missing') {
      return { ...empty, failure: error.message };
    }
    throw error;
  }
  const face = mainFace(analysis.faces, analysis.width / analysis.height);
  if (!face) return { ...empty, failure: null };
  const { box, landmarks, detectionScore, quality } = face;
  return {
    path,
    detected: true,
    embedding: embeddingOf(library, face),
    features: face.features,
    face: {
      box,
      landmarks: landmarks.map(([x, y]) => [x, y]) as NonNullable<
        ChannelResult<'host.embed'>['face']
      >['landmarks'],
      detectionScore,
      quality: quality.overall,
    },
    failure: null,
  };
}

/** Whether the main faces of two photos are one person. */
export async function verifyFaces(
  library: Library,
  paths: readonly [string, string],
): Promise<ChannelResult<'host.verify'>> {
  const [a, b] = await Promise.all(
    paths.map(async (path) => {
      const embedded = await embedPhoto(library, path);
      if (embedded.failure !== null) throw new KithError('refused', `${path}: ${embedded.failure}`);
      if (!embedded.detected) throw new KithError('refused', `${path}: no face was found in it.`);
      return embedded.embedding;
    }),
  );
  const similarity = cosineSimilarity(a!, b!);
  const threshold = verificationTuning.sameSimilarity;
  return {
    cosineSimilarity: similarity,
    squaredDistance: squaredDistance(a!, b!),
    same: similarity >= threshold,
    threshold,
  };
}

/** Who the faces of a photo from outside are, by the named faces they resemble most. */
export async function identifyFaces(
  library: Library,
  path: string,
): Promise<ChannelResult<'host.identify'>> {
  const analysis = await analyze(library, path, false).catch((error: unknown) => {
    if (error instanceof VisionFailure) throw new KithError('refused', `${path}: ${error.message}`);
    throw error;
  });
  return Promise.all(
    analysis.faces.map(async (face) => {
      const found = await library.grouping.search(
        face.features,
        verificationTuning.identifyNeighbours,
      );
      const named = found.faceIds
        .map((faceId, rank) => ({
          label: library.store.labels.target.label(faceId),
          similarity: found.similarities[rank]!,
        }))
        .find(({ label }) => label?.state === 'confirmed');
      const known =
        named !== undefined && named.similarity >= verificationTuning.sameSimilarity
          ? named.label!.personId
          : null;
      return {
        box: face.box,
        detectionScore: face.detectionScore,
        personId: known,
        name: known === null ? null : (library.store.labels.personName(known) ?? null),
        cosineSimilarity: named?.similarity ?? null,
      };
    }),
  );
}

function analyze(library: Library, path: string, mainFaceWanted: boolean): Promise<PhotoAnalysis> {
  return library.pool.request({ kind: 'analyze', path: resolve(path), mainFaceWanted });
}

/** From the features as they would be stored, so that a photo resembles itself in the library fully. */
function embeddingOf(library: Library, face: AnalyzedFace): Float32Array {
  return embedFeatures(library.head, unpackFeatures(packFeatures(face.features)));
}

import { resolve } from 'node:path';
import type { ChannelResult } from '../contract/channels.ts';
import { KithError } from '../contract/errors.ts';
import type {
  Alignment,
  FaceVerification,
  LookedPhoto,
  Verification,
  VerifySide,
} from '../contract/recognition.ts';
import type { Box, Landmarks } from '../core/face.ts';
import { packFeatures, unpackFeatures } from '../core/features.ts';
import { cropAlignment } from '../core/geometry/crop-square.ts';
import { EMBEDDING_SIZE, embedFeatures, FEATURE_SIZE } from '../core/head.ts';
import { verificationTuning } from '../core/tuning.ts';
import { cosineSimilarity, squaredDistance } from '../core/vectors.ts';
import { probabilityOf, similarityOf } from '../core/verification.ts';
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
  return compare(library, a!, b!);
}

/** Whether two faces are one person: faces of the library, or of photos that were looked at. */
export function verifySides(
  library: Library,
  sides: readonly [VerifySide, VerifySide],
): FaceVerification {
  const [a, b] = sides.map((side) => {
    const packed =
      'features' in side
        ? Uint8Array.from(Buffer.from(side.features, 'base64'))
        : library.store.faces.featuresOf(side.faceId);
    if (packed?.byteLength !== 2 * FEATURE_SIZE) throw gone();
    return embedFeatures(library.head, unpackFeatures(packed));
  });
  const alignments = sides.map((side) =>
    'features' in side ? null : alignmentOf(library, side.faceId),
  );
  return { ...compare(library, a!, b!), alignments: [alignments[0]!, alignments[1]!] };
}

function alignmentOf({ store }: Library, faceId: number): Alignment | null {
  const row = store.faces.placed(faceId);
  if (!row) throw gone();
  return cropAlignment(
    { width: row.photoWidth, height: row.photoHeight },
    row,
    JSON.parse(row.landmarks) as Landmarks,
  );
}

function gone(): KithError {
  return new KithError('not-found', 'This face is not in the library any more.');
}

function compare(library: Library, a: Float32Array, b: Float32Array): Verification {
  const similarity = cosineSimilarity(a, b);
  const { pairs } = library.calibration;
  const threshold = similarityOf(verificationTuning.sameProbability, pairs);
  return {
    cosineSimilarity: similarity,
    squaredDistance: squaredDistance(a, b),
    probability: probabilityOf(similarity, pairs),
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
      const { nearest, known } = await whoIs(library, face);
      return {
        box: face.box,
        detectionScore: face.detectionScore,
        personId: known?.personId ?? null,
        name: known?.name ?? null,
        cosineSimilarity: nearest?.similarity ?? null,
      };
    }),
  );
}

/** Looks at a photo from outside, who is on it, and forgets it. @throws KithError why it cannot. */
export async function lookAtPhoto(library: Library, bytes: Uint8Array): Promise<LookedPhoto> {
  const looked = await library.pool
    .request(
      { kind: 'look', bytes, longestSide: verificationTuning.previewSide },
      { priority: 'user' },
    )
    .catch((error: unknown) => {
      if (error instanceof VisionFailure) throw new KithError('refused', error.message);
      throw error;
    });
  const { width, height, faces, preview } = looked;
  const main = mainFace(faces, width / height);
  const ordered = main ? [main, ...faces.filter((face) => face !== main)] : [];
  return {
    preview: base64(preview),
    width,
    height,
    faces: await Promise.all(
      ordered.map(async (face) => {
        const { nearest, known } = await whoIs(library, face);
        return {
          box: face.box,
          picture: base64(face.crop),
          alignment: cropAlignment({ width, height }, face.box, face.landmarks),
          features: base64(packFeatures(face.features)),
          person:
            nearest && known
              ? {
                  ...known,
                  faceId: nearest.faceId,
                  probability: probabilityOf(nearest.similarity, library.calibration.pairs),
                }
              : null,
        };
      }),
    ),
  };
}

/** The named face that a face resembles most, and its person where it does so enough. */
async function whoIs(library: Library, { features }: AnalyzedFace) {
  const { labels } = library.store;
  const found = await library.grouping.search(features, verificationTuning.identifyNeighbours);
  const nearest = found.faceIds
    .map((faceId, rank) => ({
      faceId,
      label: labels.target.label(faceId),
      similarity: found.similarities[rank]!,
    }))
    .find(({ label }) => label?.state === 'confirmed');
  const personId = nearest?.label?.personId ?? null;
  const name = personId === null ? undefined : labels.personName(personId);
  const known =
    nearest !== undefined &&
    personId !== null &&
    name !== undefined &&
    probabilityOf(nearest.similarity, library.calibration.pairs) >=
      verificationTuning.sameProbability
      ? { personId, name }
      : null;
  return { nearest, known };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

function analyze(library: Library, path: string, mainFaceWanted: boolean): Promise<PhotoAnalysis> {
  return library.pool.request({ kind: 'analyze', path: resolve(path), mainFaceWanted });
}

/** From the features as they would be stored, so that a photo resembles itself in the library fully. */
function embeddingOf(library: Library, face: AnalyzedFace): Float32Array {
  return embedFeatures(library.head, unpackFeatures(packFeatures(face.features)));
}

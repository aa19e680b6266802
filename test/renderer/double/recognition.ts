import { KithError } from '../../../electron/contract/errors.ts';
import type {
  FaceVerification,
  LookedPhoto,
  VerifySide,
} from '../../../electron/contract/recognition.ts';
import type { DoubleLibrary } from './library.ts';

const alignment = { xx: 1.5, xy: 0, x0: -0.25, yx: 0, yy: 1.5, y0: -0.25 };
const features = (mark: string) => mark.repeat(1366) + '==';

/** Finds the faces at the same places of whatever photo: somebody known, and a stranger. */
export function lookAt(library: DoubleLibrary, photo: string): LookedPhoto {
  if (photo.length < 1000) throw new KithError('refused', 'The file is text, not a picture.');
  const [known] = library.facesWhere(({ state }) => state === 'confirmed');
  const personId = known?.personId ?? null;
  return {
    preview: photo,
    width: 1920,
    height: 1280,
    faces: [
      {
        box: { x: 0.445, y: 0.33, width: 0.104, height: 0.18 },
        picture: photo,
        alignment,
        features: features('A'),
        person:
          known && personId !== null
            ? {
                personId,
                name: library.names.get(personId) ?? '',
                faceId: known.faceId,
                probability: 0.962,
              }
            : null,
      },
      {
        box: { x: 0.21, y: 0.3, width: 0.097, height: 0.165 },
        picture: photo,
        alignment,
        features: features('B'),
        person: null,
      },
    ],
  };
}

/** Faces of one person, or features that begin alike, are one person. */
export function verify(
  library: DoubleLibrary,
  sides: readonly [VerifySide, VerifySide],
): FaceVerification {
  const who = (side: VerifySide) =>
    'faceId' in side ? String(library.face(side.faceId).look) : side.features.slice(0, 1);
  const same = who(sides[0]) === who(sides[1]);
  const cosineSimilarity = same ? 0.61 : 0.08;
  const known = (side: VerifySide) => ('faceId' in side ? alignment : null);
  return {
    cosineSimilarity,
    squaredDistance: 2 - 2 * cosineSimilarity,
    probability: same ? 0.974 : 0.022,
    same,
    threshold: 0.42,
    alignments: [known(sides[0]), known(sides[1])],
  };
}

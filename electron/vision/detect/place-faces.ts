import type { PhotoPixels, Rectangle } from '../../core/image.ts';
import { createPyramid, type ImagePyramid } from '../../core/geometry/sampling.ts';
import { detectionTuning } from '../../core/tuning.ts';
import type { PlacedFace } from '../embed.ts';
import type { Networks } from '../networks.ts';
import type { Candidate } from './find-candidates.ts';
import { squaresOf, verifyBoxes } from './mtcnn.ts';

/** A face with the pixels it is to be aligned from. */
export interface PhotoFace extends PlacedFace {
  /** x, y of the five landmarks, full-resolution pixels of the photo. */
  readonly photoLandmarks: Float32Array;
}

/**
 * Finds for each candidate the best pixels there are: those of the view where it shows the face
 * large enough, else the photo's own, cut out around the face and its landmarks looked for again.
 */
export async function placeFaces(
  networks: Networks,
  photo: PhotoPixels,
  view: ImagePyramid,
  candidates: readonly Candidate[],
): Promise<PhotoFace[]> {
  const scaleX = photo.width / view.width;
  const scaleY = photo.height / view.height;
  const shrunk = Math.max(scaleX, scaleY) > 1.05;
  // Asked for together, so that neighbours are decoded together.
  return Promise.all(
    candidates.map(async (candidate): Promise<PhotoFace> => {
      const { box, landmarks, signs } = candidate;
      if (!shrunk || signs.size >= detectionTuning.enoughPixels) {
        return {
          pyramid: view,
          landmarks,
          photoLandmarks: landmarks.map((value, i) => value * (i % 2 === 0 ? scaleX : scaleY)),
        };
      }
      const { image, area } = await photo.region(
        around(box, scaleX, scaleY),
        detectionTuning.regionSide,
      );
      const pyramid = createPyramid(image);
      const factorX = image.width / area.width;
      const factorY = image.height / area.height;
      const local = Float32Array.from(box, (value, i) =>
        i % 2 === 0
          ? (value * scaleX - area.left) * factorX
          : (value * scaleY - area.top) * factorY,
      );
      const squares = squaresOf(local);
      const plain = await verifyBoxes(networks, pyramid, squares);
      const mirrored = await verifyBoxes(networks, pyramid, squares, true);
      const found = plain.landmarks.map((value, i) => (value + mirrored.landmarks[i]!) / 2);
      return {
        pyramid,
        landmarks: found,
        photoLandmarks: found.map((value, i) =>
          i % 2 === 0 ? value / factorX + area.left : value / factorY + area.top,
        ),
      };
    }),
  );
}

/** The face with as much around it as the encoder's picture shows, full-resolution pixels. */
function around(box: Float32Array, scaleX: number, scaleY: number): Rectangle {
  const width = (box[2]! - box[0]!) * scaleX;
  const height = (box[3]! - box[1]!) * scaleY;
  const side = Math.max(width, height) * 2;
  return {
    left: ((box[0]! + box[2]!) / 2) * scaleX - side / 2,
    top: ((box[1]! + box[3]!) / 2) * scaleY - side / 2,
    width: side,
    height: side,
  };
}

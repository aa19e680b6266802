import type { PhotoPixels, Rectangle } from '../../core/image.ts';
import { createPyramid, type ImagePyramid } from '../../core/geometry/sampling.ts';
import { detectionTuning, embeddingTuning } from '../../core/tuning.ts';
import type { PlacedFace } from '../embed.ts';
import type { Networks } from '../networks.ts';
import type { FoundFace } from './find-faces.ts';
import { arePlausible, usualLandmarks } from '../../core/geometry/landmarks.ts';
import { squaresOf, verifyBoxes } from './mtcnn.ts';

/** A face with the pixels it is to be aligned from. */
export interface PhotoFace extends PlacedFace {
  /** x, y of the five landmarks, full-resolution pixels of the photo. */
  readonly photoLandmarks: Float32Array;
}

/**
 * Finds for each face the best pixels there are: those of its view where it is large enough there,
 * else the photo's own, cut out around the face. O-Net then looks a third time, for the landmarks, at
 * squares of several sizes: their mean is steadier than one.
 */
export async function placeFaces(
  networks: Networks,
  photo: PhotoPixels,
  faces: readonly FoundFace[],
): Promise<PhotoFace[]> {
  // Asked for together, so that neighbours are decoded together.
  const cutOuts = await Promise.all(faces.map((face) => cutOut(photo, face)));
  const placed: PhotoFace[] = [];
  for (const { pyramid, box, toPhoto } of cutOuts) {
    const landmarks = await steadyLandmarks(networks, pyramid, box);
    placed.push({
      pyramid,
      landmarks,
      photoLandmarks: landmarks.map((value, i) =>
        i % 2 === 0 ? value * toPhoto.scaleX + toPhoto.left : value * toPhoto.scaleY + toPhoto.top,
      ),
    });
  }
  return placed;
}

/** The same for a box that somebody drew, in full-resolution pixels of the photo. */
export async function placeDrawn(
  networks: Networks,
  photo: PhotoPixels,
  drawn: Rectangle,
): Promise<PhotoFace> {
  const { left, top, width, height } = drawn;
  const edges = Float32Array.of(left, top, left + width, top + height);
  const { pyramid, box, toPhoto } = await fromRegion(photo, edges, 1, 1);
  const found = await steadyLandmarks(networks, pyramid, box);
  // O-Net sees nothing in a face that is turned away or covered: the usual places are better then.
  const landmarks = arePlausible(found, box) ? found : usualLandmarks(box);
  return {
    pyramid,
    landmarks,
    photoLandmarks: landmarks.map((value, i) =>
      i % 2 === 0 ? value * toPhoto.scaleX + toPhoto.left : value * toPhoto.scaleY + toPhoto.top,
    ),
  };
}

async function steadyLandmarks(
  networks: Networks,
  pyramid: ImagePyramid,
  box: Float32Array,
): Promise<Float32Array> {
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = squaresOf(box);
  const squares = embeddingTuning.landmarkSquares.flatMap((scale) => {
    const half = ((x2 - x1) / 2) * scale;
    const x = (x1 + x2) / 2;
    const y = (y1 + y2) / 2;
    return [x - half, y - half, x + half, y + half];
  });
  const looks = await verifyBoxes(networks, pyramid, Float32Array.from(squares));
  const mean = new Float32Array(10);
  const count = embeddingTuning.landmarkSquares.length;
  looks.landmarks.forEach((value, i) => {
    mean[i % 10]! += value / count;
  });
  return mean;
}

interface CutOut {
  readonly pyramid: ImagePyramid;
  /** x1, y1, x2, y2 in pixels of `pyramid`. */
  readonly box: Float32Array;
  readonly toPhoto: {
    readonly scaleX: number;
    readonly scaleY: number;
    readonly left: number;
    readonly top: number;
  };
}

async function cutOut(photo: PhotoPixels, { candidate, view }: FoundFace): Promise<CutOut> {
  const { box, signs } = candidate;
  const scaleX = photo.width / view.width;
  const scaleY = photo.height / view.height;
  const shrunk = Math.max(scaleX, scaleY) > 1.05;
  if (!shrunk || signs.size >= detectionTuning.enoughPixels) {
    return { pyramid: view, box, toPhoto: { scaleX, scaleY, left: 0, top: 0 } };
  }
  return fromRegion(photo, box, scaleX, scaleY);
}

/** @param box in a picture `scaleX` and `scaleY` times as small as the photo */
async function fromRegion(
  photo: PhotoPixels,
  box: Float32Array,
  scaleX: number,
  scaleY: number,
): Promise<CutOut> {
  const { image, area } = await photo.region(
    around(box, scaleX, scaleY),
    detectionTuning.regionSide,
  );
  const factorX = image.width / area.width;
  const factorY = image.height / area.height;
  return {
    pyramid: createPyramid(image),
    box: box.map((value, edge) =>
      edge % 2 === 0
        ? (value * scaleX - area.left) * factorX
        : (value * scaleY - area.top) * factorY,
    ),
    toPhoto: { scaleX: 1 / factorX, scaleY: 1 / factorY, left: area.left, top: area.top },
  };
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

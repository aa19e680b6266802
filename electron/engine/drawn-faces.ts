import { KithError } from '../contract/errors.ts';
import type { LabelDocument } from '../contract/label-document.ts';
import type { Box } from '../core/face.ts';
import { overlapOf } from '../core/geometry/match-boxes.ts';
import { drawnFaceTuning } from '../core/tuning.ts';
import type { openCrops } from '../store/crops.ts';
import type { Store } from '../store/store.ts';
import { VisionFailure } from '../vision/failure.ts';
import type { PhotoFiles } from './photo-files.ts';
import { faceRow } from './scan/keep-photo.ts';
import type { VisionPool } from './vision-pool.ts';

/**
 * Faces that the user marks by hand. They are aligned and embedded like any other and kept, but absent
 * until an action says that they are there: so taking that back costs nothing.
 */
export class DrawnFaces {
  readonly #store: Store;
  readonly #crops: ReturnType<typeof openCrops>;
  readonly #pool: () => VisionPool;
  readonly #photoFiles: PhotoFiles;

  constructor(
    store: Store,
    crops: ReturnType<typeof openCrops>,
    pool: () => VisionPool,
    photoFiles: PhotoFiles,
  ) {
    this.#store = store;
    this.#crops = crops;
    this.#pool = pool;
    this.#photoFiles = photoFiles;
  }

  /**
   * The absent face in a box, made where it was not made before.
   * @param instead the face whose box is corrected, which may be where the new one is
   * @throws KithError when the photo is not there, the box is too small, or it holds a known face.
   */
  async place(photoId: number, box: Box, instead: number | null): Promise<number> {
    const photo = this.#store.photos.byId(photoId);
    if (!photo) throw new KithError('not-found', 'This photo is not in the library any more.');
    if (Math.min(box.width * photo.width, box.height * photo.height) < drawnFaceTuning.minSide) {
      throw new KithError('refused', 'This box is too small for a face. Draw a larger one.');
    }
    const refuseKnown = () => {
      const known = this.#store.faces
        .ofPhoto(photoId)
        .find(
          (face) =>
            face.faceId !== instead && overlapOf(face, box) >= drawnFaceTuning.sameFaceOverlap,
        );
      if (known) {
        throw new KithError('refused', 'There is a face in this place already. Correct its box.');
      }
    };
    refuseKnown();
    const made = this.#store.faces
      .absentDrawn(photoId)
      .find((face) => overlapOf(face, box) > 0.999);
    if (made) return made.faceId;
    const path = await this.#photoFiles.pathOf(photoId);
    const face = await this.#pool()
      .request({ kind: 'place', path, box }, { priority: 'user' })
      .catch((error: unknown) => {
        if (error instanceof VisionFailure) throw new KithError('refused', error.message);
        throw error;
      });
    // While the photo was looked at, another face may have been drawn.
    refuseKnown();
    return this.#store.transaction(() => {
      const ordinal = this.#store.faces.nextOrdinal(photoId);
      this.#crops.put(photo.sha256, [[ordinal, face.crop]]);
      const faceId = this.#store.faces.insert(photoId, ordinal, faceRow(face));
      this.#store.faces.markDrawn(faceId);
      this.#store.labels.target.setLabel(faceId, { state: 'absent', personId: null });
      return faceId;
    });
  }

  /**
   * Makes the faces of a document that were drawn where it comes from and are not known here.
   * @param faceIds the document's faces here, in its order; completed with those that were made
   * @returns the faces made
   */
  async placeMissing(document: LabelDocument, faceIds: (number | undefined)[]): Promise<number[]> {
    const placed: number[] = [];
    let number = 0;
    for (const { sha256, faces } of document.photos) {
      const photoId = this.#store.photos.byHash(sha256)?.photoId;
      for (const { box, drawn } of faces) {
        const at = number++;
        if (!drawn || photoId === undefined || faceIds[at] !== undefined) continue;
        const [x, y, width, height] = box;
        try {
          const faceId = await this.place(photoId, { x, y, width, height }, null);
          faceIds[at] = faceId;
          placed.push(faceId);
        } catch (error) {
          // A photo whose drive is away counts as missing.
          if (!(error instanceof KithError)) throw error;
        }
      }
    }
    return placed;
  }
}

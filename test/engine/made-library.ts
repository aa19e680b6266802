import { openStore, type Store } from '../../electron/store/store.ts';

/** The SHA-256 that photo `number` is said to have. */
export const sha256Of = (number: number) => String(number).padStart(64, '0');

/**
 * A library in memory with one face on each photo, better by number.
 * @param order numbers of the photos, in the order they were found: the face of the first is face 1
 * @param shift how far every box lies to the right, as another version's detector might see it
 */
export function makeLibrary(order: readonly number[] = [1, 2, 3, 4, 5, 6], shift = 0): Store {
  const store = openStore(':memory:');
  const modelId = store.photos.modelId('test');
  const { folderId } = store.folders.add('photos');
  for (const number of order) {
    const photoId = store.photos.insert({
      sha256: sha256Of(number),
      byteSize: 1,
      format: 'jpeg',
      width: 100,
      height: 100,
      takenAt: null,
      modelId,
    });
    const path = `photos/${number}.jpg`;
    store.files.setPhoto({ folderId, path, byteSize: 1, modifiedAt: 1 }, photoId);
    store.faces.insert(photoId, 0, {
      x: 0.2 + shift,
      y: 0.2,
      width: 0.4,
      height: 0.4,
      landmarks: '[[0,0],[0,0],[0,0],[0,0],[0,0]]',
      detectionScore: 1,
      size: 100,
      sharpness: 1,
      yaw: 0,
      pitch: 0,
      roll: 0,
      quality: number / 10,
      features: new Uint8Array(1024),
    });
  }
  return store;
}

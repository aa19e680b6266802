import { Labels } from '../../../electron/engine/labels.ts';
import { FaceTable } from '../../../electron/engine/grouping/face-table.ts';
import { openStore, type Store } from '../../../electron/store/store.ts';

/** A library in memory, of faces that are given by their vectors. Their ids count from 1. */
export class VectorLibrary {
  readonly store: Store = openStore(':memory:');
  readonly labels: Labels = new Labels(this.store, () => 1);
  readonly table: FaceTable;
  /** Who each face is, by its id less one. */
  readonly people: number[] = [];

  constructor(dimensions: number) {
    this.table = new FaceTable(dimensions, 48);
  }

  /** One photo a face. */
  add(vectors: readonly (readonly number[])[], persons: readonly number[], size = 100): void {
    for (const [at, vector] of vectors.entries()) this.addPhoto([vector], [persons[at]!], size);
  }

  /** One photo of several faces. */
  addPhoto(vectors: readonly (readonly number[])[], persons: readonly number[], size = 100): void {
    const photoId = this.store.photos.insert({
      sha256: String(this.people.length).padStart(64, '0'),
      byteSize: 1,
      format: 'jpeg',
      width: 10,
      height: 10,
      takenAt: null,
      modelId: this.store.photos.modelId('model'),
    });
    for (const [ordinal, vector] of vectors.entries()) {
      this.people.push(persons[ordinal]!);
      const faceId = this.store.faces.insert(photoId, ordinal, {
        x: 0,
        y: 0,
        width: 1,
        height: 1,
        landmarks: '[[0,0],[0,0],[0,0],[0,0],[0,0]]',
        detectionScore: 1,
        size,
        sharpness: 1,
        yaw: 0,
        pitch: 0,
        roll: 0,
        quality: 0.5,
        features: new Uint8Array(1024),
      });
      this.table.set(faceId, Float32Array.from(vector));
    }
  }
}

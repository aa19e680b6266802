import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { packFeatures } from '../../electron/core/features.ts';
import { openStore } from '../../electron/store/store.ts';
import { separablePeople } from '../core/training/numbers.ts';

export const people = 12;
export const facesEach = 8;
/** Of each person's faces so many are named. */
export const namedEach = 5;

export const drawnNames = Array.from({ length: people }, (_, person) => ({
  name: `Person ${person}`,
  faceIds: Array.from({ length: namedEach }, (_, at) => person * facesEach + at + 1),
}));

/** Makes a library whose faces are drawn numbers: twelve people who are not easily told apart. */
export function drawLibrary(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const { features } = separablePeople(people, facesEach, 0.5, 2);
  const store = openStore(join(folder, 'library.sqlite'));
  const modelId = store.photos.modelId('test');
  store.transaction(() => {
    for (let face = 0; face < people * facesEach; face++) {
      const photoId = store.photos.insert({
        sha256: String(face).padStart(64, '0'),
        byteSize: 1,
        format: 'jpeg',
        width: 100,
        height: 100,
        takenAt: `2020-01-${String(1 + (face % 28)).padStart(2, '0')}T12:00:00`,
        modelId,
      });
      store.faces.insert(photoId, 0, {
        x: 0.2,
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
        quality: 0.8,
        features: packFeatures(features.slice(face * 512, (face + 1) * 512)),
      });
    }
  });
  store.close();
}

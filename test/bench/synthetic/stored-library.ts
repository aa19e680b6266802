import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compactHead } from '../../../electron/core/compact.ts';
import { packFeatures } from '../../../electron/core/features.ts';
import { FEATURE_SIZE, type Head } from '../../../electron/core/head.ts';
import { timesTransposed, transposed } from '../../../electron/core/matrices.ts';
import { unpackGenericFaces } from '../../../electron/core/training/generic-faces.ts';
import { clusteringTuning } from '../../../electron/core/tuning.ts';
import { rowOfHead } from '../../../electron/engine/heads.ts';
import { openStore } from '../../../electron/store/store.ts';
import { modelsFolder } from '../setting.ts';
import type { SyntheticLibrary } from './library.ts';

/** Length of real faces' embeddings before they are normalised, about. */
const usualLength = 67;

/** Faces that are written at a time. */
const batch = 10_000;

/**
 * Writes a synthetic library as an engine would find it: photos, faces, features from which a head
 * makes the synthetic embeddings, and the true people as groups.
 */
export function storeLibrary(folder: string, library: SyntheticLibrary, head: Head): void {
  mkdirSync(folder, { recursive: true });
  const store = openStore(join(folder, 'library.sqlite'));
  const modelId = store.photos.modelId('synthetic');
  const featuresOf = inverse(head);
  const photoIds = new Map<number, number>();
  store.heads.insert(rowOfHead(head, 1));
  store.settings.set('head', head.version);
  for (let from = 0; from < library.size; from += batch) {
    const to = Math.min(library.size, from + batch);
    const features = featuresOf(library.embeddings(from, to, library.axes), library.axes);
    store.transaction(() => {
      for (let face = from; face < to; face++) {
        const photo = library.photoOfFace[face]!;
        if (!photoIds.has(photo)) {
          photoIds.clear();
          const sha256 = String(photo).padStart(64, '0');
          photoIds.set(
            photo,
            store.photos.insert({
              sha256,
              byteSize: 1,
              format: 'jpeg',
              width: 1000,
              height: 1000,
              takenAt: `20${String(10 + (photo % 10))}-0${1 + (photo % 9)}-1${photo % 7}T12:00:00`,
              modelId,
            }),
          );
        }
        const { size, sharpness, yaw } = library.face(face);
        const at = (face - from) * FEATURE_SIZE;
        store.faces.insert(photoIds.get(photo)!, face, {
          ...{ x: 0.2, y: 0.2, width: 0.2, height: 0.2 },
          landmarks: '[[0,0],[0,0],[0,0],[0,0],[0,0]]',
          detectionScore: 1,
          ...{ size, sharpness, yaw, pitch: 0, roll: 0 },
          quality: library.qualityOfFace[face]!,
          features: packFeatures(features.subarray(at, at + FEATURE_SIZE)),
        });
      }
      const changed = Array.from({ length: to - from }, (_, at) => ({
        faceId: from + at + 1,
        clusterId: library.personOfFace[from + at]! + 1,
        unclear: false,
      }));
      store.groups.move(changed, []);
    });
  }
  store.transaction(() => {
    store.groups.describe({ scope: 'all', suggestions: [], splits: [], pairs: [] });
    store.settings.set('lastClusterId', library.people);
    store.settings.set('grouped', {
      faces: library.size,
      people: library.people,
      eventId: 0,
      sureness: clusteringTuning.sureness,
      headVersion: head.version,
      unfinished: false,
    });
  });
  store.close();
}

/**
 * Embeddings to features of which the head makes them again: those of faces in general, changed as
 * little as possible.
 */
function inverse(head: Head): (embeddings: Float32Array, axes: number) => Float32Array {
  const { weights, bias } = compactHead(head);
  const dimensions = bias.length;
  const [{ mean } = { mean: new Float32Array(FEATURE_SIZE) }] = unpackGenericFaces(
    readFileSync(join(modelsFolder, 'generic-faces.bin')),
  );
  const usual = timesTransposed(mean, weights, FEATURE_SIZE).map((v, row) => v + bias[row]!);
  // The rows of a compact head stand upright on each other, if the biases are small.
  const energies = Array.from({ length: dimensions }, (_, row) =>
    weights
      .subarray(row * FEATURE_SIZE, (row + 1) * FEATURE_SIZE)
      .reduce((sum, value) => sum + value * value, 0),
  );
  const columns = transposed(weights, FEATURE_SIZE);
  return (embeddings, axes) => {
    const amounts = new Float32Array((embeddings.length / axes) * dimensions);
    for (let at = 0; at < amounts.length; at++) {
      const row = at % dimensions;
      const wanted = row < axes ? embeddings[Math.floor(at / dimensions) * axes + row]! : 0;
      amounts[at] = (usualLength * wanted - usual[row]!) / energies[row]!;
    }
    const features = timesTransposed(amounts, columns, dimensions);
    for (let i = 0; i < features.length; i++) features[i]! += mean[i % FEATURE_SIZE]!;
    return features;
  };
}

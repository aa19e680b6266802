import { parentPort, workerData } from 'node:worker_threads';
import { compactHead } from '../../core/compact.ts';
import { unpackFeatures } from '../../core/features.ts';
import { embedFeatures, FEATURE_SIZE, type Head } from '../../core/head.ts';
import { openStoreForReading, type Store } from '../../store/store.ts';
import { layOut, type FacesToLayOut } from './layout.ts';
import { keepMap, latestMap, readMap } from './map-file.ts';
import type { MadeMap, MapMessage, MapStart } from './protocol.ts';

/**
 * The thread that makes a map. It reads the library and writes nothing but the map's file, so it may
 * be ended at any time, but while it is in the index: that would end the process.
 */
const { databasePath, mapsFolder, head, dimensions, ending } = workerData as MapStart;
const tell = (message: MapMessage) => parentPort!.postMessage(message);
/** Faces embedded at once. */
const batch = 256;

const store = openStoreForReading(databasePath);
const { total, lastFaceId } = store.faces.extent();
const fingerprint = `${total}/${lastFaceId}/${store.faces.lastRevision()}`;
const kept = readMap(mapsFolder, head.version, dimensions);
if (kept?.fingerprint === fingerprint) finish(kept);
else {
  const faces = embedAll(store, total, compactHead(head));
  const base = kept ?? latestMap(mapsFolder, dimensions);
  const onShare = (share: number) => tell({ kind: 'share', share });
  const map = layOut(faces, dimensions, base, onShare, undefined, inIndex);
  keepMap(mapsFolder, dimensions, { ...map, format: 1, version: head.version, fingerprint });
  finish(map);
}
store.close();

function inIndex<T>(work: () => T): T {
  Atomics.store(ending, 1, 1);
  try {
    if (Atomics.load(ending, 0) !== 0) throw new Error('The thread is to end.');
    return work();
  } finally {
    Atomics.store(ending, 1, 0);
  }
}

function embedAll({ faces }: Store, count: number, compact: Head): FacesToLayOut {
  const size = compact.bias.length;
  const faceIds = new Uint32Array(count);
  const embeddings = new Float32Array(count * size);
  const features = new Float32Array(batch * FEATURE_SIZE);
  let row = 0;
  let waiting = 0;
  const embed = () => {
    const from = (row - waiting) * size;
    const target = embeddings.subarray(from, from + waiting * size);
    embedFeatures(compact, features.subarray(0, waiting * FEATURE_SIZE), target);
    waiting = 0;
  };
  for (const stored of faces.features(0)) {
    // Faces that a scan adds meanwhile are on the next map.
    if (row === count) break;
    features.set(unpackFeatures(stored.features), waiting * FEATURE_SIZE);
    faceIds[row++] = stored.faceId;
    if (++waiting === batch) embed();
  }
  embed();
  return {
    faceIds: faceIds.subarray(0, row),
    embeddings: embeddings.subarray(0, row * size),
    size,
  };
}

function finish({ faceIds, points, unit, laidOut }: MadeMap): void {
  const message: MapMessage = { kind: 'done', map: { faceIds, points, unit, laidOut } };
  parentPort!.postMessage(message, [faceIds.buffer, points.buffer]);
}

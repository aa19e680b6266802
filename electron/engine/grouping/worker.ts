import { parentPort, workerData } from 'node:worker_threads';
import { expectedPrecision } from '../../core/clustering/expected-precision.ts';
import { proposeSplit } from '../../core/clustering/split.ts';
import { compactHead } from '../../core/compact.ts';
import { unpackFeatures } from '../../core/features.ts';
import { embedFeatures } from '../../core/head.ts';
import { clusteringTuning, groupingTuning } from '../../core/tuning.ts';
import { cosineSimilarity } from '../../core/vectors.ts';
import { openStoreForReading } from '../../store/store.ts';
import { FaceIndex } from './face-index.ts';
import { FaceTable } from './face-table.ts';
import { LibraryGrouping } from './group-library.ts';
import type { AlikePair, GroupingRequest, GroupingStart } from './protocol.ts';

/**
 * The thread that owns the index and groups faces, so that the engine's thread stays free for the
 * user. It reads the store through a connection of its own and writes nothing but the index.
 */
const port = parentPort!;
const { databasePath, indexFolder, head } = workerData as GroupingStart;
const store = openStoreForReading(databasePath);
const compact = compactHead(head);
const dimensions = compact.bias.length;
const table = new FaceTable(dimensions, clusteringTuning.neighbours);
const grouping = new LibraryGrouping(store, table, neighboursOf, head.version);
let lastFaceId = 0;
let revision = store.faces.lastRevision();
let unsaved = 0;
let index = await openIndex();

async function openIndex(): Promise<FaceIndex> {
  const loaded = await FaceIndex.load(indexFolder, indexVersion(), dimensions);
  if (loaded instanceof FaceIndex) return loaded;
  port.postMessage({ kind: 'note', text: `index made anew: ${loaded.reason}` });
  return FaceIndex.create(indexVersion(), dimensions);
}

/** What the vectors are made with: another head, or features of newer models, make others. */
function indexVersion(): string {
  return `${head.version}/${revision}`;
}

/** Embeds and indexes the faces that came since the last time. */
async function takeNewFaces(): Promise<void> {
  for (const row of store.faces.features(lastFaceId)) {
    const embedding = embedFeatures(compact, unpackFeatures(row.features));
    table.set(row.faceId, embedding);
    if (!index.has(row.faceId)) {
      index.add(row.faceId, embedding);
      unsaved++;
    }
    lastFaceId = row.faceId;
  }
  for (const row of store.faces.renewed(revision)) {
    const embedding = embedFeatures(compact, unpackFeatures(row.features));
    table.set(row.faceId, embedding);
    index.add(row.faceId, embedding);
    grouping.renew(row.faceId);
    revision = row.revision;
    index.version = indexVersion();
    unsaved++;
  }
  if (index.size <= table.size) return;
  // The index knows faces that the store does not have: it belongs to another library.
  await FaceIndex.remove(indexFolder);
  index = await openIndex();
  table.forgetNeighbours();
  for (const faceId of table.faceIds()) index.add(faceId, table.embedding(faceId));
  unsaved = table.size;
}

function neighboursOf(faceId: number): Int32Array {
  return table.neighbours(faceId, () => {
    const found = index.search(table.embedding(faceId), clusteringTuning.neighbours + 1);
    return found.faceIds.filter(
      (other, rank) =>
        other !== faceId && found.similarities[rank]! >= clusteringTuning.edgeSimilarity,
    );
  });
}

/** @param always also when little is new: what is missing in the file is added when it is loaded. */
async function save(always: boolean): Promise<void> {
  const enough = Math.max(groupingTuning.unsavedFaces, index.size * groupingTuning.unsavedShare);
  if (unsaved === 0 || (!always && unsaved < enough)) return;
  await index.save(indexFolder);
  unsaved = 0;
}

function compare(faceIds: readonly number[], others: readonly number[], count: number) {
  const pairs: AlikePair[] = [];
  for (const faceId of faceIds) {
    for (const otherFaceId of others) {
      if (!table.has(faceId) || !table.has(otherFaceId)) continue;
      const similarity = cosineSimilarity(table.embedding(faceId), table.embedding(otherFaceId));
      pairs.push({ faceId, otherFaceId, similarity });
    }
  }
  pairs.sort((a, b) => b.similarity - a.similarity || a.otherFaceId - b.otherFaceId);
  // Different faces of the other side say more than one face again and again.
  const seen = new Set<number>();
  return pairs
    .filter(({ otherFaceId }) => !seen.has(otherFaceId) && seen.add(otherFaceId))
    .slice(0, count);
}

function known(faceIds: readonly number[]): Float32Array[] {
  return faceIds.filter((faceId) => table.has(faceId)).map((faceId) => table.embedding(faceId));
}

function split(faceIds: readonly number[]): number[] {
  const known = faceIds.filter((faceId) => table.has(faceId));
  const proposal = proposeSplit(known.map((faceId) => table.embedding(faceId)));
  return (proposal?.side ?? []).map((at) => known[at]!);
}

let chain: Promise<unknown> = Promise.resolve();
port.on('message', (request: GroupingRequest) => {
  chain = chain.then(async () => {
    try {
      port.postMessage({ id: request.id, result: await answer(request) });
    } catch (error) {
      port.postMessage({ id: request.id, error: (error as Error).message });
    }
  });
});

async function answer(request: GroupingRequest): Promise<unknown> {
  switch (request.kind) {
    case 'group':
      await takeNewFaces();
      return grouping.group(request.lastClusterId, request.sureness, request.wholeFaces);
    case 'preview':
      await takeNewFaces();
      return grouping.preview(request.sureness);
    case 'compare':
      return compare(request.faceIds, request.otherFaceIds, request.count);
    case 'expect':
      return expectedPrecision(known(request.confirmed), known(request.offered));
    case 'split':
      return split(request.faceIds);
    case 'search':
      await takeNewFaces();
      return index.search(embedFeatures(compact, request.features), request.count);
    case 'save':
      return save(false);
    case 'close':
      await save(true);
      store.close();
      port.close();
      return null;
  }
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { proposeSplit } from '../../core/clustering/split.ts';
import { compactHead } from '../../core/compact.ts';
import { unpackFeatures } from '../../core/features.ts';
import { embedFeatures, FEATURE_SIZE } from '../../core/head.ts';
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
/** Embedded, but perhaps not in the index yet. */
let unindexed: number[] = [];
let closing = false;
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
  embedding = embedding.then(embedNewFaces);
  await embedding;
  await indexNewFaces();
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

function split(faceIds: readonly number[]): number[] {
  const known = faceIds.filter((faceId) => table.has(faceId));
  const proposal = proposeSplit(known.map((faceId) => table.embedding(faceId)));
  return (proposal?.side ?? []).map((at) => known[at]!);
}

/** In batches, since reading and projecting many at a time is quicker. */
async function embedNewFaces(): Promise<void> {
  const started = performance.now();
  const before = table.size;
  for (;;) {
    const batch = store.faces.featuresAfter(lastFaceId, groupingTuning.facesPerRead);
    if (batch.length === 0) break;
    const features = new Float32Array(batch.length * FEATURE_SIZE);
    for (const [at, row] of batch.entries()) {
      unpackFeatures(row.features, features, at * FEATURE_SIZE);
    }
    const embeddings = embedFeatures(compact, features);
    for (const [at, { faceId }] of batch.entries()) {
      table.set(faceId, embeddings.subarray(at * dimensions, (at + 1) * dimensions));
      unindexed.push(faceId);
    }
    lastFaceId = batch.at(-1)!.faceId;
    await nextTurn();
  }
  const embedded = table.size - before;
  if (embedded < groupingTuning.facesPerRead) return;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  port.postMessage({ kind: 'note', text: `embedded ${embedded} faces in ${seconds} s` });
}

async function indexNewFaces(): Promise<void> {
  for (const [at, faceId] of unindexed.entries()) {
    if (index.has(faceId)) continue;
    index.add(faceId, table.embedding(faceId));
    unsaved++;
    // Questions that need no index are answered in between.
    if (at % groupingTuning.facesPerIndexing === 0) await nextTurn();
    if (closing) throw new Error('The library is being closed.');
  }
  unindexed = [];
}

let chain: Promise<unknown> = Promise.resolve();
let embedding = embedNewFaces();
port.on('message', (request: GroupingRequest) => {
  closing ||= request.kind === 'close';
  // What needs the table alone does not wait while many faces are indexed.
  if (request.kind === 'compare' || request.kind === 'split') {
    void embedding.then(() => reply(request));
  } else chain = chain.then(() => reply(request));
});

async function reply(request: GroupingRequest): Promise<void> {
  try {
    port.postMessage({ id: request.id, result: await answer(request) });
  } catch (error) {
    port.postMessage({ id: request.id, error: (error as Error).message });
  }
}

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

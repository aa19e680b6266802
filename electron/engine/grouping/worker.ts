import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { expectedPrecision } from '../../core/clustering/expected-precision.ts';
import { proposeSplit } from '../../core/clustering/split.ts';
import { compactHead } from '../../core/compact.ts';
import { unpackFeatures } from '../../core/features.ts';
import { embedFeatures, FEATURE_SIZE } from '../../core/head.ts';
import { clusteringTuning, groupingTuning } from '../../core/tuning.ts';
import { cosineSimilarity } from '../../core/vectors.ts';
import { openStoreForReading } from '../../store/store.ts';
import { DividedIndex } from './divided-index.ts';
import { FaceTable } from './face-table.ts';
import { LibraryGrouping } from './group-library.ts';
import { lookUpNeighbours } from './neighbours.ts';
import type { Neighbours } from './face-index.ts';
import type { AlikePair, GroupingRequest, GroupingStart } from './protocol.ts';

/**
 * The thread that owns the index and groups faces, so that the engine's thread stays free for the
 * user. It reads the store through a connection of its own and writes nothing but the index.
 */
const port = parentPort!;
const { databasePath, indexFolder, head, thresholdShift, offers } = workerData as GroupingStart;
const store = openStoreForReading(databasePath);
const compact = compactHead(head);
const dimensions = compact.bias.length;
const table = new FaceTable(dimensions, clusteringTuning.neighbours);
const grouping = new LibraryGrouping(store, table, lookUp, head.version, thresholdShift);
let lastFaceId = 0;
let revision = store.faces.lastRevision();
let unsaved = 0;
/** Embedded, but perhaps not in the index yet. */
let unindexed: number[] = [];
let closing = false;
let index = await openIndex();

async function openIndex(): Promise<DividedIndex> {
  const opened = await DividedIndex.open(indexFolder, indexVersion(), dimensions);
  for (const reason of opened.reasons) {
    port.postMessage({ kind: 'note', text: `index made anew: ${reason}` });
  }
  return opened.index;
}

function lookUp(faceIds: Iterable<number>): Promise<void> {
  return lookUpNeighbours(table, index, whileOpen(faceIds));
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
    await index.add(row.faceId, embedding);
    grouping.renew(row.faceId);
    revision = row.revision;
    index.version = indexVersion();
    unsaved++;
  }
  if (index.size <= table.size) return;
  // The index knows faces that the store does not have: it belongs to another library.
  await index.close();
  await DividedIndex.remove(indexFolder);
  index = await openIndex();
  table.forgetNeighbours();
  for (const faceId of table.faceIds()) await index.add(faceId, table.embedding(faceId));
  unsaved = table.size;
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

/** Neighbours of features that need not be of a face in the library. */
async function search(features: Float32Array, count: number): Promise<Neighbours> {
  const found = await index.search(embedFeatures(compact, features), count);
  const known = found.faceIds.indexOf(-1);
  const length = known < 0 ? found.faceIds.length : known;
  return {
    faceIds: [...found.faceIds.subarray(0, length)],
    similarities: [...found.similarities.subarray(0, length)],
  };
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

/** @throws Error when the library is closed meanwhile. */
function* whileOpen(faceIds: Iterable<number>): Generator<number> {
  for (const faceId of faceIds) {
    if (closing) throw new Error('The library is being closed.');
    yield faceId;
  }
}

async function indexNewFaces(): Promise<void> {
  for (const faceId of whileOpen(unindexed)) {
    if (index.has(faceId)) continue;
    await index.add(faceId, table.embedding(faceId));
    unsaved++;
  }
  unindexed = [];
}

/** What reads or changes the library as a whole goes in order. */
let chain: Promise<unknown> = Promise.resolve();
let chained = 0;
let embedding = embedNewFaces();
port.on('message', (request: GroupingRequest) => {
  closing ||= request.kind === 'close' || request.kind === 'abandon';
  const { kind } = request;
  // The user waits for these; they are answered between the steps of a long grouping.
  if (kind === 'abandon') return void reply(request, true);
  const needsTableAlone = kind === 'compare' || kind === 'expect' || kind === 'split';
  if (needsTableAlone || (kind === 'search' && chained > 0)) {
    void embedding.then(() => reply(request, true));
  } else {
    chained++;
    chain = chain.then(() => reply(request, false)).finally(() => chained--);
  }
});

async function reply(request: GroupingRequest, atOnce: boolean): Promise<void> {
  try {
    port.postMessage({ id: request.id, result: await answer(request, atOnce) });
  } catch (error) {
    port.postMessage({ id: request.id, error: (error as Error).message });
  }
}

async function answer(request: GroupingRequest, atOnce: boolean): Promise<unknown> {
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
      return expectedPrecision(known(request.confirmed), known(request.offered), offers);
    case 'split':
      return split(request.faceIds);
    case 'search':
      if (!atOnce) await takeNewFaces();
      return search(request.features, request.count);
    case 'save':
      return save(false);
    case 'close':
      await save(true);
      store.close();
      await index.close();
      port.close();
      return null;
    case 'abandon':
      await index.close();
      return null;
  }
}

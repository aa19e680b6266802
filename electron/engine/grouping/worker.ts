import { parentPort, workerData } from 'node:worker_threads';
import { groupFaces, sizedThreshold } from '../../core/clustering/group-faces.ts';
import { keepGroupIds } from '../../core/clustering/stable-ids.ts';
import { unpackFeatures } from '../../core/features.ts';
import { EMBEDDING_SIZE, embedFeatures, type Head } from '../../core/head.ts';
import { clusteringTuning } from '../../core/tuning.ts';
import { openStoreForReading } from '../../store/store.ts';
import { FaceIndex } from './face-index.ts';
import type { GroupingOutcome, GroupingRequest, GroupingStart } from './protocol.ts';

/**
 * The thread that owns the index and groups faces, so that the engine's thread stays free for the
 * user. It reads the store through a connection of its own and writes nothing but the index.
 */
const port = parentPort!;
const { databasePath, indexFolder, head } = workerData as GroupingStart;
const store = openStoreForReading(databasePath);

const embeddings = new Map<number, Float32Array>();
const neighbours = new Map<number, Int32Array>();
let lastFaceId = 0;
let index = await openIndex(head);
let unsaved = 0;

async function openIndex(forHead: Head): Promise<FaceIndex> {
  const loaded = await FaceIndex.load(indexFolder, forHead.version, EMBEDDING_SIZE);
  if (loaded instanceof FaceIndex) return loaded;
  port.postMessage({ kind: 'note', text: `index made anew: ${loaded.reason}` });
  return FaceIndex.create(forHead.version, EMBEDDING_SIZE);
}

/** Embeds and indexes the faces that came since the last time. */
function takeNewFaces(): void {
  for (const row of store.faces.features(lastFaceId)) {
    const embedding = embedFeatures(head, unpackFeatures(row.features));
    embeddings.set(row.faceId, embedding);
    if (!index.has(row.faceId)) {
      index.add(row.faceId, embedding);
      unsaved++;
    }
    lastFaceId = row.faceId;
  }
}

function neighboursOf(faceId: number): Int32Array {
  const known = neighbours.get(faceId);
  if (known) return known;
  const found = index.search(embeddings.get(faceId)!, clusteringTuning.neighbours + 1);
  const likely = found.faceIds.filter(
    (other, rank) =>
      other !== faceId && found.similarities[rank]! >= clusteringTuning.edgeSimilarity,
  );
  const list = Int32Array.from(likely);
  neighbours.set(faceId, list);
  return list;
}

async function group(lastClusterId: number): Promise<GroupingOutcome> {
  const started = performance.now();
  takeNewFaces();
  if (index.size > embeddings.size) {
    // The index knows faces that the store does not have: it belongs to another library.
    await FaceIndex.remove(indexFolder);
    index = await openIndex(head);
    neighbours.clear();
    for (const [faceId, embedding] of embeddings) index.add(faceId, embedding);
    unsaved = embeddings.size;
  }
  const faces = store.faces.groupable().filter(({ faceId }) => embeddings.has(faceId));
  const matrix = new Float32Array(faces.length * EMBEDDING_SIZE);
  for (const [row, { faceId }] of faces.entries()) {
    matrix.set(embeddings.get(faceId)!, row * EMBEDDING_SIZE);
  }
  const grouping = groupFaces({
    faces,
    embeddings: matrix,
    dimensions: EMBEDDING_SIZE,
    neighbours: neighboursOf,
    constraints: store.labels.constraints(),
    joinThreshold: sizedThreshold(
      clusteringTuning.joinSimilarity,
      clusteringTuning.joinSimilarityOfMany,
    ),
    suggestThreshold: clusteringTuning.suggestSimilarity,
  });
  const before = new Map(store.groups.current().map((row) => [row.faceId, row.clusterId]));
  const { ids, lastId } = keepGroupIds(grouping.groupOfFace, before, lastClusterId);
  const clusterOfGroup = new Map<number, number>();
  for (const [faceId, group] of grouping.groupOfFace) clusterOfGroup.set(group, ids.get(faceId)!);
  return {
    kind: 'grouped',
    changed: [...ids]
      .filter(([faceId, clusterId]) => before.get(faceId) !== clusterId)
      .map(([faceId, clusterId]) => ({ faceId, clusterId })),
    removed: [...before.keys()].filter((faceId) => !ids.has(faceId)),
    suggestions: grouping.suggestions.map(({ group, personId, similarity }) => ({
      clusterId: clusterOfGroup.get(group)!,
      personId,
      similarity,
    })),
    lastClusterId: lastId,
    milliseconds: performance.now() - started,
  };
}

async function save(): Promise<void> {
  if (unsaved === 0) return;
  await index.save(indexFolder);
  unsaved = 0;
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
      return group(request.lastClusterId);
    case 'search':
      takeNewFaces();
      return index.search(request.embedding, request.count);
    case 'save':
      return save();
    case 'close':
      await save();
      store.close();
      port.close();
      return null;
  }
}

import { parentPort } from 'node:worker_threads';
import { FaceIndex } from './face-index.ts';
import type { IndexReply, IndexRequest } from './index-protocol.ts';

/** The thread of one part of the index: hnswlib works on one core at a time. */
const port = parentPort!;
let index: FaceIndex | undefined;

let chain: Promise<unknown> = Promise.resolve();
port.on('message', (request: IndexRequest) => {
  chain = chain.then(async () => {
    try {
      const result = await answer(request);
      port.postMessage({ id: request.id, result } satisfies IndexReply);
    } catch (error) {
      port.postMessage({ id: request.id, error: (error as Error).message } satisfies IndexReply);
    }
  });
});

async function answer(request: IndexRequest): Promise<unknown> {
  switch (request.kind) {
    case 'open': {
      const { folder, version, dimensions, parameters } = request;
      const loaded = await FaceIndex.load(folder, version, dimensions);
      index =
        loaded instanceof FaceIndex ? loaded : FaceIndex.create(version, dimensions, parameters);
      return {
        faceIds: Int32Array.from(index.faceIds()),
        reason: loaded instanceof FaceIndex ? null : loaded.reason,
      };
    }
    case 'add': {
      const { dimensions } = index!;
      for (const [row, faceId] of request.faceIds.entries()) {
        index!.add(faceId, request.embeddings.subarray(row * dimensions, (row + 1) * dimensions));
      }
      return null;
    }
    case 'search':
      return search(request.embeddings, request.count);
    case 'save':
      index!.version = request.version;
      return index!.save(request.folder);
    case 'close':
      port.close();
      return null;
  }
}

/** The neighbours of several vectors, `count` places for each, −1 where there are fewer. */
function search(embeddings: Float32Array, count: number) {
  const { dimensions } = index!;
  const rows = embeddings.length / dimensions;
  const faceIds = new Int32Array(rows * count).fill(-1);
  const similarities = new Float32Array(rows * count);
  for (let row = 0; row < rows; row++) {
    const query = embeddings.subarray(row * dimensions, (row + 1) * dimensions);
    const found = index!.search(query, count);
    faceIds.set(found.faceIds, row * count);
    similarities.set(found.similarities, row * count);
  }
  return { faceIds, similarities };
}

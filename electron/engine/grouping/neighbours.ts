import { clusteringTuning, indexTuning } from '../../core/tuning.ts';
import type { DividedIndex } from './divided-index.ts';
import type { FaceTable } from './face-table.ts';

/** Looks in the index for the neighbours of those faces of the table whose are not known yet. */
export async function lookUpNeighbours(
  table: FaceTable,
  index: DividedIndex,
  faceIds: Iterable<number>,
): Promise<void> {
  const ahead: Promise<void>[] = [];
  let batch: number[] = [];
  const flush = async () => {
    ahead.push(lookUpBatch(table, index, batch));
    batch = [];
    if (ahead.length > indexTuning.batchesAhead) await ahead.shift();
  };
  for (const faceId of faceIds) {
    if (!table.has(faceId) || !table.lacksNeighbours(faceId)) continue;
    batch.push(faceId);
    if (batch.length === indexTuning.facesPerBatch) await flush();
  }
  if (batch.length > 0) await flush();
  await Promise.all(ahead);
}

async function lookUpBatch(
  table: FaceTable,
  index: DividedIndex,
  batch: readonly number[],
): Promise<void> {
  const { dimensions } = table;
  const embeddings = new Float32Array(batch.length * dimensions);
  for (const [row, faceId] of batch.entries()) {
    embeddings.set(table.embedding(faceId), row * dimensions);
  }
  // One more, since each face is its own neighbour.
  const found = await index.search(embeddings, table.neighbourCount + 1);
  for (const [row, faceId] of batch.entries()) {
    const likely: number[] = [];
    for (let at = row * found.count; at < (row + 1) * found.count; at++) {
      const other = found.faceIds[at]!;
      if (other < 0 || found.similarities[at]! < clusteringTuning.edgeSimilarity) break;
      if (other !== faceId) likely.push(other);
    }
    table.setNeighbours(faceId, likely);
  }
}

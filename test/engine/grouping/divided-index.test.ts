import { mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { indexTuning } from '../../../electron/core/tuning.ts';
import { cosineSimilarity } from '../../../electron/core/vectors.ts';
import {
  DividedIndex,
  mergeRows,
  neighboursPerPart,
} from '../../../electron/engine/grouping/divided-index.ts';
import { FaceTable } from '../../../electron/engine/grouping/face-table.ts';
import { lookUpNeighbours } from '../../../electron/engine/grouping/neighbours.ts';
import { peopleVectors } from '../../core/clustering/vectors.ts';

const dimensions = 32;
let folder: string;
const opened: DividedIndex[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kith-index-'));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((index) => index.close()));
  rmSync(folder, { recursive: true, force: true });
});

async function open(version = 'v1') {
  const result = await DividedIndex.open(folder, version, dimensions);
  opened.push(result.index);
  return result;
}

const vectors = peopleVectors(new Array<number>(60).fill(20), dimensions, 0.6, 3).vectors.map(
  (vector) => Float32Array.from(vector),
);

async function filled(): Promise<DividedIndex> {
  const { index } = await open();
  for (const [faceId, vector] of vectors.entries()) await index.add(faceId, vector);
  return index;
}

function exactNeighbours(query: number, count: number): number[] {
  return vectors
    .map((vector, faceId) => ({
      faceId,
      similarity: cosineSimilarity(vector, vectors[query]!),
    }))
    .sort((a, b) => b.similarity - a.similarity)
    .slice(0, count)
    .map(({ faceId }) => faceId);
}

describe('DividedIndex', () => {
  it('refuses vectors of another length', async () => {
    const { index } = await open();
    await expect(index.add(1, new Float32Array(3))).rejects.toThrow(RangeError);
  });

  it('finds nothing in nothing', async () => {
    const { index } = await open();
    expect(index.size).toBe(0);
    expect([...(await index.search(vectors[0]!, 2)).faceIds]).toEqual([-1, -1]);
  });

  it('finds what brute force finds, in several rows at once', async () => {
    const index = await filled();
    const queries = vectors.map((_, row) => row).filter((row) => row % 40 === 0);
    const rows = new Float32Array(queries.length * dimensions);
    for (const [at, query] of queries.entries()) rows.set(vectors[query]!, at * dimensions);
    const found = await index.search(rows, 10);
    let hits = 0;
    for (const [at, query] of queries.entries()) {
      const exact = new Set(exactNeighbours(query, 10));
      const list = found.faceIds.subarray(at * 10, (at + 1) * 10);
      expect(list[0]).toBe(query);
      hits += list.filter((faceId) => exact.has(faceId)).length;
    }
    expect(hits / (queries.length * 10)).toBeGreaterThanOrEqual(0.99);
  });

  it('lets a face have another vector', async () => {
    const index = await filled();
    await index.add(0, vectors[700]!);
    const found = await index.search(vectors[700]!, 2);
    expect([...found.faceIds].toSorted((a, b) => a - b)).toEqual([0, 700]);
    expect(index.size).toBe(vectors.length);
  });

  it('comes back from its folder, and lacks only the part that is damaged', async () => {
    await (await filled()).save(folder);
    const again = await open();
    expect(again.reasons).toEqual([]);
    expect(again.index.size).toBe(vectors.length);
    expect((await again.index.search(vectors[5]!, 1)).faceIds[0]).toBe(5);

    truncateSync(join(folder, '1', 'faces.hnsw'), 100);
    const damaged = await open();
    expect(damaged.reasons).toEqual(['its file is damaged']);
    expect(damaged.index.has(1)).toBe(false);
    expect(damaged.index.size).toBe(vectors.length / indexTuning.parts);
    expect((await open('v2')).index.size).toBe(0);
  });

  it('can be closed while it takes faces in', async () => {
    for (let round = 0; round < 5; round++) {
      const index = await filled();
      // The threads are at what was not waited for.
      void index
        .search(Float32Array.from(vectors.flatMap((vector) => [...vector])), 8)
        .catch(() => 0);
      await index.close();
      await expect(index.search(vectors[0]!, 1)).rejects.toThrow('A thread of the index ended.');
    }
  });

  it('says so when its threads are gone', async () => {
    const index = await filled();
    await index.close();
    await expect(index.search(vectors[0]!, 1)).rejects.toThrow('A thread of the index ended.');
  });
});

describe('mergeRows', () => {
  it('gives what sorting all parts gives', () => {
    const part = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (similarities) => {
        const count = 6;
        const parts = similarities.map((list, number) => {
          const sorted = list.toSorted((a, b) => b - a);
          const faceIds = new Int32Array(count).fill(-1);
          faceIds.set(sorted.map((_, at) => number * 100 + at));
          const values = new Float32Array(count);
          values.set(sorted);
          return { count, faceIds, similarities: values };
        });
        const merged = mergeRows(parts, 1, 4);
        const all = similarities.flat().toSorted((a, b) => b - a);
        const known = merged.faceIds.filter((faceId) => faceId >= 0).length;
        expect([...merged.similarities.subarray(0, known)]).toEqual(all.slice(0, 4));
        expect(new Set(merged.faceIds.subarray(0, known)).size).toBe(known);
      }),
    );
  });
});

describe('neighboursPerPart', () => {
  it('asks one part for all, and many for little more than their share', () => {
    expect(neighboursPerPart(49, 1)).toBe(49);
    expect(neighboursPerPart(48, 2)).toBe(35);
    expect(neighboursPerPart(1, 8)).toBe(1);
  });
});

describe('lookUpNeighbours', () => {
  it('looks each face up once, itself left out', async () => {
    const index = await filled();
    const table = new FaceTable(dimensions, 8);
    for (const [faceId, vector] of vectors.entries()) table.set(faceId, vector);
    await lookUpNeighbours(table, index, [3, 4, 5_000_000]);
    expect(table.lacksNeighbours(4)).toBe(false);
    expect(table.lacksNeighbours(5)).toBe(true);
    expect(() => table.neighbours(5)).toThrow(RangeError);
    const exact = exactNeighbours(3, 9).slice(1);
    expect(new Set(table.neighbours(3))).toEqual(new Set(exact));
  });
});

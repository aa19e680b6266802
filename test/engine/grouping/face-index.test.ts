import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cosineSimilarity } from '../../../electron/core/vectors.ts';
import { FaceIndex } from '../../../electron/engine/grouping/face-index.ts';

const dimensions = 32;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kith-index-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Unit vectors in clumps, as faces of people are. */
function faces(count: number, people: number): Float32Array[] {
  let state = 12345;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const centres = Array.from({ length: people }, () => Array.from({ length: dimensions }, random));
  return Array.from({ length: count }, (_, index) => {
    const vector = centres[index % people]!.map((value) => value + 0.7 * random());
    const length = Math.hypot(...vector);
    return Float32Array.from(vector, (value) => value / length);
  });
}

async function saved(vectors: Float32Array[]): Promise<void> {
  const index = FaceIndex.create('v1', dimensions);
  for (const [faceId, vector] of vectors.entries()) index.add(faceId, vector);
  await index.save(folder);
}

async function reasonNotUsed(): Promise<string> {
  const loaded = await FaceIndex.load(folder, 'v1', dimensions);
  if (loaded instanceof FaceIndex) throw new Error('The index was used.');
  return loaded.reason;
}

describe('FaceIndex', () => {
  it('refuses vectors of another length', () => {
    expect(() => FaceIndex.create('v1', dimensions).add(1, new Float32Array(3))).toThrow(
      RangeError,
    );
  });

  it('finds nothing in nothing, and no more than there is', () => {
    const index = FaceIndex.create('v1', dimensions);
    const [vector] = faces(1, 1);
    expect(index.search(vector!, 10).faceIds).toEqual([]);
    index.add(5, vector!);
    expect(index.search(vector!, 10).faceIds).toEqual([5]);
  });

  it('finds what brute force finds: recall@10 of at least 0.99, growing past its first room', () => {
    const vectors = faces(3000, 150);
    const index = FaceIndex.create('v1', dimensions);
    for (const [faceId, vector] of vectors.entries()) index.add(faceId, vector);
    let found = 0;
    for (let query = 0; query < vectors.length; query += 30) {
      const exact = vectors
        .map((vector, faceId) => ({
          faceId,
          similarity: cosineSimilarity(vector, vectors[query]!),
        }))
        .sort((a, b) => b.similarity - a.similarity)
        .slice(0, 10);
      const approximate = index.search(vectors[query]!, 10);
      expect(approximate.similarities[0]).toBeCloseTo(1, 5);
      found += exact.filter(({ faceId }) => approximate.faceIds.includes(faceId)).length;
    }
    expect(found / 1000).toBeGreaterThanOrEqual(0.99);
  });

  it('comes back from its folder as it was', async () => {
    const vectors = faces(500, 20);
    await saved(vectors);
    const loaded = await FaceIndex.load(folder, 'v1', dimensions);
    if (!(loaded instanceof FaceIndex)) throw new Error(loaded.reason);
    expect(loaded.size).toBe(500);
    expect(loaded.faceIds()).toContain(499);
    loaded.add(500, vectors[0]!);
    expect(loaded.search(vectors[0]!, 2).faceIds.toSorted()).toEqual([0, 500]);
  });

  it('is not used when there is none, or it is stale, cut off, damaged or half written', async () => {
    expect(await reasonNotUsed()).toBe('there is none yet');
    await saved(faces(100, 5));
    const other = await FaceIndex.load(folder, 'v2', dimensions);
    expect(other).toEqual({ reason: 'its vectors are of another head or older features' });

    const file = join(folder, 'faces.hnsw');
    const whole = readFileSync(file);
    const damaged = Buffer.from(whole);
    damaged[whole.length >> 1]! ^= 1;
    writeFileSync(file, damaged);
    expect(await reasonNotUsed()).toBe('its file is damaged');
    truncateSync(file, 100);
    expect(await reasonNotUsed()).toBe('its file is damaged');
    rmSync(file);
    expect(await reasonNotUsed()).toMatch(/cannot be read/u);
    writeFileSync(join(folder, 'faces.json'), '{');
    expect(await reasonNotUsed()).toBe('there is none yet');
  });
});

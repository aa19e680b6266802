import { describe, expect, it } from 'vitest';
import { createRandom, normal } from '../../../electron/core/random.ts';
import { layOut, type InIndex } from '../../../electron/engine/map/layout.ts';
import type { MadeMap } from '../../../electron/engine/map/protocol.ts';

const size = 16;

/** Faces of some people, each near a direction of its own. */
function facesOf(people: number, each: number, seed: number, spread = 0.15) {
  const random = createRandom(seed);
  const unit = (values: number[]) => {
    const length = Math.hypot(...values);
    return values.map((value) => value / length);
  };
  const vectors = Array.from({ length: people }, () => {
    const middle = unit(Array.from({ length: size }, () => normal(random)));
    return Array.from({ length: each }, () =>
      unit(middle.map((value) => value + spread * normal(random))),
    );
  }).flat();
  return {
    faceIds: Uint32Array.from(vectors, (_, row) => 3 * row + 1),
    embeddings: Float32Array.from(vectors.flat()),
    size,
  };
}

/** Share of faces whose nearest on the map is of the same person. */
function together({ points }: MadeMap, dimensions: number, each: number): number {
  const count = points.length / dimensions;
  const distance = (a: number, b: number) =>
    Math.hypot(
      ...Array.from(
        { length: dimensions },
        (_, i) => points[a * dimensions + i]! - points[b * dimensions + i]!,
      ),
    );
  let right = 0;
  for (let a = 0; a < count; a++) {
    let [nearest, best] = [-1, Infinity];
    for (let b = 0; b < count; b++) {
      if (a !== b && distance(a, b) < best) [nearest, best] = [b, distance(a, b)];
    }
    if (Math.floor(nearest / each) === Math.floor(a / each)) right++;
  }
  return right / count;
}

describe('layOut', () => {
  it.each([2, 3] as const)('puts a person’s faces together, in %i dimensions', (dimensions) => {
    const faces = facesOf(12, 12, 1);
    const map = layOut(faces, dimensions, undefined);
    expect(map.faceIds).toEqual(faces.faceIds);
    expect(map.laidOut).toBe(144);
    expect(together(map, dimensions, 12)).toBeGreaterThan(0.95);
    expect(Math.max(...map.points.map(Math.abs))).toBeLessThanOrEqual(2);
    expect(layOut(faces, dimensions, undefined).points).toEqual(map.points);
  });

  it('puts the others beside those of the sample that they resemble', () => {
    const map = layOut(facesOf(8, 20, 2), 2, undefined, undefined, 60);
    expect(map.laidOut).toBe(60);
    expect(together(map, 2, 20)).toBeGreaterThan(0.9);
  });

  it('stays near the map it is compared with, and hears how far it is', () => {
    const faces = facesOf(10, 12, 3);
    const base = layOut(faces, 2, undefined);
    const turned = { ...base, points: base.points.map((_, at) => base.points[at ^ 1]!) };
    const shares: number[] = [];
    const moved = (from: MadeMap, to: MadeMap) =>
      Math.sqrt(
        to.points.reduce((sum, value, at) => sum + (value - from.points[at]!) ** 2, 0) /
          faces.faceIds.length,
      );
    const again = layOut(faces, 2, turned, (share) => shares.push(share));
    expect(moved(turned, again)).toBeLessThan(0.2);
    expect(moved(turned, base)).toBeGreaterThan(0.5);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    const fewer = { ...base, faceIds: Uint32Array.of(1000, 1001), points: new Float32Array(4) };
    expect(together(layOut(faces, 2, fewer), 2, 12)).toBeGreaterThan(0.9);
  });

  it.each([1, 50, 200, 380])('ends at use %i of the index where it is told to', (last) => {
    let uses = 0;
    const inIndex: InIndex = (work) => {
      if (++uses === last) throw new Error('enough');
      return work();
    };
    const faces = facesOf(12, 20, 5);
    expect(() => layOut(faces, 2, undefined, undefined, 150, inIndex)).toThrow('enough');
    expect(uses).toBe(last);
  });

  it.each([0, 1, 2, 3, 5])('takes %i faces', (count) => {
    const all = facesOf(1, 6, 4);
    const faces = {
      faceIds: all.faceIds.slice(0, count),
      embeddings: all.embeddings.slice(0, count * size),
      size,
    };
    const { points } = layOut(faces, 3, undefined);
    expect(points.length).toBe(3 * count);
    expect(points.every(Number.isFinite)).toBe(true);
  });

  it('takes faces that are all the same', () => {
    const all = facesOf(1, 1, 5);
    const embeddings = new Float32Array(20 * size);
    for (let row = 0; row < 20; row++) embeddings.set(all.embeddings, row * size);
    const faceIds = Uint32Array.from({ length: 20 }, (_, row) => row + 1);
    const { points } = layOut({ faceIds, embeddings, size }, 2, undefined);
    expect(points.every(Number.isFinite)).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { embedFeatures, packHead, unpackHead, type Head } from '../../electron/core/head.ts';

/** A fixed sequence of numbers between −1 and 1. */
function numbers(count: number, seed: number): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}
const head: Head = { version: 'test', weights: numbers(192 * 512, 1), bias: numbers(192, 2) };

describe('embedFeatures', () => {
  it('equals the plain sums in double precision, scaled to unit length', () => {
    const features = numbers(7 * 512, 3);
    const embeddings = embedFeatures(head, features);
    expect(embeddings.length).toBe(7 * 192);
    for (let face = 0; face < 7; face += 1) {
      const raw = Array.from({ length: 192 }, (_, row) => {
        let sum = head.bias[row]!;
        for (let i = 0; i < 512; i += 1)
          sum += head.weights[row * 512 + i]! * features[face * 512 + i]!;
        return sum;
      });
      const length = Math.hypot(...raw);
      raw.forEach((value, row) =>
        expect(embeddings[face * 192 + row]).toBeCloseTo(value / length, 5),
      );
    }
  });

  it('gives the same bits alone and in a batch', () => {
    const features = numbers(6 * 512, 4);
    const batch = embedFeatures(head, features);
    for (let face = 0; face < 6; face += 1) {
      const alone = embedFeatures(head, features.slice(face * 512, (face + 1) * 512));
      expect([...alone]).toEqual([...batch.subarray(face * 192, (face + 1) * 192)]);
    }
  });

  it('writes into a given target, and leaves a zero projection zero', () => {
    const target = new Float32Array(192).fill(7);
    const still: Head = { ...head, bias: new Float32Array(192) };
    expect(embedFeatures(still, new Float32Array(512), target)).toBe(target);
    expect([...target]).toEqual(new Array(192).fill(0));
    expect(embedFeatures(head, new Float32Array(0)).length).toBe(0);
  });

  it('refuses broken heads, part faces and targets of another length', () => {
    const features = new Float32Array(512);
    expect(() => embedFeatures({ ...head, bias: new Float32Array(191) }, features)).toThrow(
      RangeError,
    );
    expect(() => embedFeatures({ ...head, weights: new Float32Array(5) }, features)).toThrow(
      RangeError,
    );
    expect(() => embedFeatures(head, new Float32Array(513))).toThrow(RangeError);
    expect(() => embedFeatures(head, features, new Float32Array(384))).toThrow(RangeError);
  });
});

describe('packHead', () => {
  it('is undone by unpackHead, at any place in memory', () => {
    const bytes = new Uint8Array(192 * 513 * 4 + 1);
    bytes.set(packHead(head), 1);
    expect(unpackHead('test', bytes.subarray(1))).toEqual(head);
  });

  it('is refused when it is cut short or holds what is no number', () => {
    const bytes = packHead(head);
    expect(() => unpackHead('test', bytes.subarray(4))).toThrow(RangeError);
    bytes.fill(255, 400, 404);
    expect(() => unpackHead('test', bytes)).toThrow('finite');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { averageLinkage } from '../../../electron/core/clustering/average-linkage.ts';
import type { Marks } from '../../../electron/core/clustering/constraints.ts';

const dimensions = 3;

const unitVector = fc
  .tuple(...Array.from({ length: dimensions }, () => fc.double({ min: -1, max: 1, noNaN: true })))
  .map((vector) => {
    const length = Math.hypot(...vector);
    return length < 1e-6 ? [1, 0, 0] : vector.map((value) => value / length);
  });

function completeGraph(size: number) {
  const targets: number[] = [];
  const offsets = new Uint32Array(size + 1);
  for (let node = 0; node < size; node++) {
    for (let other = 0; other < size; other++) if (other !== node) targets.push(other);
    offsets[node + 1] = targets.length;
  }
  return { size, offsets, targets: Uint32Array.from(targets) };
}

/** The textbook: compare all pairs of groups each time, join the closest. */
function textbook(vectors: readonly number[][], threshold: number): number[] {
  const embeddings = vectors.map((vector) => Float32Array.from(vector));
  let groups = embeddings.map((_, index) => [index]);
  for (;;) {
    let best = { similarity: -Infinity, a: 0, b: 0 };
    for (let a = 0; a < groups.length; a++) {
      for (let b = a + 1; b < groups.length; b++) {
        let sum = 0;
        for (const i of groups[a]!) {
          for (const j of groups[b]!) {
            for (let d = 0; d < dimensions; d++) sum += embeddings[i]![d]! * embeddings[j]![d]!;
          }
        }
        const similarity = sum / (groups[a]!.length * groups[b]!.length);
        if (similarity > best.similarity) best = { similarity, a, b };
      }
    }
    if (best.similarity < threshold) break;
    const joined = [...groups[best.a]!, ...groups[best.b]!];
    groups = [...groups.filter((_, index) => index !== best.a && index !== best.b), joined];
  }
  const nameOfNode: number[] = [];
  for (const group of groups) for (const node of group) nameOfNode[node] = Math.min(...group);
  return nameOfNode;
}

/** Uniform numbers from 0 to 1 that depend on the seed alone. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const noMarks: Marks = new Map();

function run(vectors: readonly number[][], threshold: number, marks?: readonly Marks[]): number[] {
  return Array.from(
    averageLinkage(completeGraph(vectors.length), {
      embeddings: Float32Array.from(vectors.flat()),
      dimensions,
      threshold: () => threshold,
      marks: marks ?? vectors.map(() => noMarks),
    }),
  );
}

describe('averageLinkage', () => {
  it('gives nothing for nothing', () => {
    expect(run([], 0.5)).toEqual([]);
  });

  it('agrees with the textbook on complete graphs', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 16 }),
        fc.double({ min: -0.5, max: 0.95, noNaN: true }),
        (seed, size, threshold) => {
          // Vectors without a pattern, so that no two pairs are equally alike.
          const random = mulberry32(seed);
          const vectors = Array.from({ length: size }, () => {
            const vector = Array.from({ length: dimensions }, () => random() - 0.5);
            const length = Math.hypot(...vector);
            return vector.map((value) => value / length);
          });
          expect(run(vectors, threshold)).toEqual(textbook(vectors, threshold));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('never joins what is marked apart, whatever is alike', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(unitVector, fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 3 })),
          {
            minLength: 1,
            maxLength: 16,
          },
        ),
        (faces) => {
          const marks = faces.map(
            ([, photo], index): Marks => new Map([[`photo ${photo}`, index]]),
          );
          const names = run(
            faces.map(([vector]) => vector),
            -1,
            marks,
          );
          for (let a = 0; a < faces.length; a++) {
            for (let b = 0; b < a; b++) {
              if (faces[a]![1] === faces[b]![1]) expect(names[a]).not.toBe(names[b]);
            }
          }
        },
      ),
    );
  });

  it('joins only along the graph', () => {
    const same = [1, 0, 0];
    const names = averageLinkage(
      { size: 4, offsets: Uint32Array.of(0, 1, 1, 2, 2), targets: Uint32Array.of(1, 3) },
      {
        embeddings: Float32Array.from([same, same, same, same].flat()),
        dimensions,
        threshold: () => 0.5,
        marks: [noMarks, noMarks, noMarks, noMarks],
      },
    );
    expect(Array.from(names)).toEqual([0, 0, 2, 2]);
  });
});

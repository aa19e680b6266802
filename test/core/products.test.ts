import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import startAssembler from 'wabt';
import { timesItsTranspose, transposedTimes } from '../../electron/core/matrices.ts';
import { assembledProducts, timesTransposed } from '../../electron/core/products.ts';
import { createRandom } from '../../electron/core/random.ts';

function drawn(count: number, seed: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: count }, () => random() - 0.5);
}

function byLoops(a: Float32Array, b: Float32Array, inner: number): number[] {
  const sums: number[] = [];
  for (let row = 0; row < a.length; row += inner) {
    for (let column = 0; column < b.length; column += inner) {
      let sum = 0;
      for (let i = 0; i < inner; i++) sum += a[row + i]! * b[column + i]!;
      sums.push(sum);
    }
  }
  return sums;
}

const shapes = fc.tuple(
  fc.integer({ min: 0, max: 140 }),
  fc.integer({ min: 0, max: 11 }),
  fc.integer({ min: 1, max: 70 }),
  fc.integer({ min: 1, max: 1e6 }),
);

describe('timesTransposed', () => {
  it('equals nested loops, whatever the shapes', () => {
    fc.assert(
      fc.property(shapes, ([rows, columns, inner, seed]) => {
        const a = drawn(rows * inner, seed);
        const b = drawn(columns * inner, seed + 1);
        const found = timesTransposed(a, b, inner);
        const expected = byLoops(a, b, inner);
        expect(found.length).toBe(expected.length);
        for (const [at, value] of expected.entries()) expect(found[at]).toBeCloseTo(value, 5);
      }),
      { numRuns: 60 },
    );
  });

  it('needs no more room than it asks for, also for large ones', () => {
    const a = drawn(3 * 40_000, 1);
    const b = drawn(5 * 40_000, 2);
    const found = timesTransposed(a, b, 40_000);
    byLoops(a, b, 40_000).forEach((value, at) => expect(found[at]).toBeCloseTo(value, 2));
  });

  it('gives a row the same bits alone and among others, and leaves the rest of a target alone', () => {
    const a = drawn(67 * 33, 3);
    const b = drawn(7 * 33, 4);
    const all = timesTransposed(a, b, 33);
    for (const row of [0, 1, 63, 64, 66]) {
      const target = new Float32Array(9).fill(5);
      timesTransposed(a.subarray(row * 33, (row + 1) * 33), b, 33, target);
      expect([...target]).toEqual([...all.subarray(row * 7, row * 7 + 7), 5, 5]);
    }
  });

  it('lets numbers that are none come through', () => {
    expect(timesTransposed(Float32Array.of(NaN, 1), Float32Array.of(1, 1), 2)[0]).toBeNaN();
  });
});

it('timesItsTranspose equals the product of both', () => {
  for (const rows of [0, 1, 63, 64, 65, 150]) {
    const a = drawn(rows * 9, rows + 1);
    expect(timesItsTranspose(a, 9)).toEqual(timesTransposed(a, a, 9));
  }
});

it('transposedTimes equals nested loops', () => {
  const a = drawn(6 * 4, 1);
  const b = drawn(6 * 3, 2);
  const found = transposedTimes(a, 4, b, 3);
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j < 3; j++) {
      let sum = 0;
      for (let row = 0; row < 6; row++) sum += a[row * 4 + i]! * b[row * 3 + j]!;
      expect(found[i * 3 + j]).toBeCloseTo(sum, 5);
    }
  }
});

describe('the program in WebAssembly', () => {
  it('is what an assembler makes of its text', async () => {
    const text = readFileSync(new URL('../../electron/core/products.wat', import.meta.url), 'utf8');
    const assembler = await startAssembler();
    const parsed = assembler.parseWat('products.wat', text);
    parsed.validate();
    expect(assembledProducts).toBe(Buffer.from(parsed.toBinary({}).buffer).toString('base64'));
  });
});

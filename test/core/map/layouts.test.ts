import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeBeside, scattered } from '../../../electron/core/map/beside.ts';
import { principalCoordinates } from '../../../electron/core/map/principal.ts';
import { applyPlacement, fitPlacement } from '../../../electron/core/map/procrustes.ts';
import { createRandom } from '../../../electron/core/random.ts';

/** Orthogonal numbers, row by row, by Gram and Schmidt; mirrored by half of the seeds. */
function turning(dimensions: number, seed: number): number[][] {
  const random = createRandom(seed);
  const rows: number[][] = [];
  while (rows.length < dimensions) {
    const row = Array.from({ length: dimensions }, () => random() - 0.5);
    for (const other of rows) {
      const along = row.reduce((sum, value, i) => sum + value * other[i]!, 0);
      for (const i of row.keys()) row[i]! -= along * other[i]!;
    }
    const length = Math.hypot(...row);
    if (length > 0.1) rows.push(row.map((value) => value / length));
  }
  return rows;
}

describe('fitPlacement', () => {
  it('finds any turning, mirroring, scaling and shifting again', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(2, 3),
        fc.integer({ min: 0, max: 1e6 }),
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        fc.integer({ min: 4, max: 30 }),
        (dimensions, seed, scale, count) => {
          const random = createRandom(seed + 1);
          const source = Float32Array.from({ length: count * dimensions }, () => random() - 0.5);
          const turn = turning(dimensions, seed);
          const shift = Array.from({ length: dimensions }, () => 4 * random());
          const target = Float32Array.from(source, (_, at) => {
            const point = source.subarray(at - (at % dimensions));
            const row = turn[at % dimensions]!;
            return (
              scale * row.reduce((sum, v, i) => sum + v * point[i]!, 0) + shift[at % dimensions]!
            );
          });
          applyPlacement(fitPlacement(source, target, dimensions), source);
          for (const [at, value] of source.entries()) expect(value).toBeCloseTo(target[at]!, 3);
        },
      ),
    );
  });

  it('is no worse than any other turning of noise', () => {
    const random = createRandom(4);
    const source = Float32Array.from({ length: 40 }, () => random() - 0.5);
    const target = source.map((value) => value + 0.3 * (random() - 0.5));
    const fitted = source.slice();
    applyPlacement(fitPlacement(source, target, 2), fitted);
    const error = (points: Float32Array) =>
      points.reduce((sum, value, at) => sum + (value - target[at]!) ** 2, 0);
    const best = error(fitted);
    for (let step = -20; step <= 20; step++) {
      const [c, s] = [Math.cos(step / 100), Math.sin(step / 100)];
      const turned = Float32Array.from(fitted, (_, at) => {
        const [x, y] = [fitted[at - (at % 2)]!, fitted[at - (at % 2) + 1]!];
        return at % 2 === 0 ? c * x - s * y : s * x + c * y;
      });
      expect(error(turned)).toBeGreaterThanOrEqual(best - 1e-3 * best);
    }
  });

  it('refuses lists of different points, and leaves what has no extent finite', () => {
    expect(() => fitPlacement([1, 2], [1, 2, 3, 4], 2)).toThrow(RangeError);
    expect(() => fitPlacement([], [], 2)).toThrow(RangeError);
    const points = Float32Array.of(1, 1, 1, 1);
    applyPlacement(fitPlacement(points, [0, 0, 2, 2], 2), points);
    expect([...points]).toEqual([1, 1, 1, 1]);
    const line = Float32Array.of(0, 0, 0, 1, 0, 0, 2, 0, 0);
    applyPlacement(fitPlacement(line, [0, 0, 0, 0, 1, 0, 0, 2, 0], 3), line);
    for (const [at, value] of [0, 0, 0, 0, 1, 0, 0, 2, 0].entries()) {
      expect(line[at]).toBeCloseTo(value, 5);
    }
  });
});

describe('principalCoordinates', () => {
  it('keeps distances where the rows fill no more dimensions', () => {
    const random = createRandom(2);
    const [one, other] = turning(5, 3);
    const flat = Array.from({ length: 30 }, () => [5 * random(), random()] as const);
    const rows = Float32Array.from(
      flat.flatMap(([a, b]) => one!.map((value, i) => a * value + b * other![i]!)),
    );
    const found = principalCoordinates(rows, 5, 2);
    const variance = (dimension: number) =>
      flat.reduce((sum, _, row) => sum + found[row * 2 + dimension]! ** 2, 0);
    expect(variance(0)).toBeGreaterThan(variance(1));
    for (let row = 1; row < flat.length; row++) {
      const before = Math.hypot(flat[row]![0] - flat[0]![0], flat[row]![1] - flat[0]![1]);
      const after = Math.hypot(found[row * 2]! - found[0]!, found[row * 2 + 1]! - found[1]!);
      expect(after).toBeCloseTo(before, 4);
    }
    expect(principalCoordinates(new Float32Array(0), 5, 2)).toEqual(new Float32Array(0));
  });
});

describe('placeBeside', () => {
  it('goes to the one it resembles by far, and between two it resembles alike', () => {
    const at = (rank: number) => (rank === 0 ? -1 : 1);
    expect(placeBeside([0.95, 0.2], 1, at)[0]).toBeCloseTo(-1, 4);
    expect(placeBeside([0.6, 0.6], 1, at)[0]).toBeCloseTo(0, 10);
  });
});

it('scattered gives every face another number and takes no notice of the others', () => {
  const numbers = Array.from({ length: 10_000 }, (_, faceId) => scattered(faceId + 1));
  expect(new Set(numbers).size).toBe(numbers.length);
  const low = numbers.filter((value) => value < 2 ** 31).length / numbers.length;
  expect(Math.abs(low - 0.5)).toBeLessThan(0.03);
});

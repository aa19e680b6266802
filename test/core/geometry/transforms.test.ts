import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fitSimilarity,
  invert,
  ontoBox,
  type Affine,
} from '../../../electron/core/geometry/transforms.ts';

const apply = (map: Affine, x: number, y: number): [number, number] => [
  map.xx * x + map.xy * y + map.x0,
  map.yx * x + map.yy * y + map.y0,
];
/** Root of the mean squared distance between the mapped source and the target. */
function fitResidual(map: Affine, source: readonly number[], target: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < source.length; i += 2) {
    const [x, y] = apply(map, source[i]!, source[i + 1]!);
    sum += (x - target[i]!) ** 2 + (y - target[i + 1]!) ** 2;
  }
  return Math.sqrt(sum / (source.length / 2));
}

const similarity = fc
  .record({
    angle: fc.double({ min: -3, max: 3, noNaN: true }),
    scale: fc.double({ min: 0.2, max: 5, noNaN: true }),
    x0: fc.integer({ min: -50, max: 50 }),
    y0: fc.integer({ min: -50, max: 50 }),
  })
  .map(({ angle, scale, x0, y0 }): Affine => {
    const cosine = Math.cos(angle) * scale;
    const sine = Math.sin(angle) * scale;
    return { xx: cosine, xy: -sine, x0, yx: sine, yy: cosine, y0 };
  });
const points = [10, 10, 40, 12, 26, 30, 14, 44, 38, 45];

describe('fitSimilarity', () => {
  it('finds the similarity that made the points', () => {
    fc.assert(
      fc.property(similarity, (truth) => {
        const target: number[] = [];
        for (let i = 0; i < points.length; i += 2) {
          target.push(...apply(truth, points[i]!, points[i + 1]!));
        }
        const found = fitSimilarity(points, target);
        for (const key of ['xx', 'xy', 'x0', 'yx', 'yy', 'y0'] as const) {
          expect(found[key]).toBeCloseTo(truth[key], 6);
        }
        expect(fitResidual(found, points, target)).toBeCloseTo(0, 6);
      }),
    );
  });

  it('is the least-squares answer: every small change fits worse', () => {
    const target = [12, 9, 43, 15, 25, 33, 10, 44, 41, 43];
    const best = fitSimilarity(points, target);
    const residual = fitResidual(best, points, target);
    expect(residual).toBeGreaterThan(0.5);
    const changes: [number, number, number, number][] = [
      [0.01, 0, 0, 0],
      [0, 0.01, 0, 0],
      [0, 0, 0.3, 0],
      [0, 0, 0, 0.3],
    ];
    for (const change of changes) {
      for (const sign of [1, -1]) {
        const [a, b, x, y] = change.map((value) => value * sign) as [
          number,
          number,
          number,
          number,
        ];
        const other: Affine = {
          xx: best.xx + a,
          xy: best.xy - b,
          x0: best.x0 + x,
          yx: best.yx + b,
          yy: best.yy + a,
          y0: best.y0 + y,
        };
        expect(fitResidual(other, points, target)).toBeGreaterThan(residual);
      }
    }
  });

  it('never mirrors', () => {
    const target = points.map((value, i) => (i % 2 === 0 ? -value : value));
    const found = fitSimilarity(points, target);
    expect(found.xx * found.yy - found.xy * found.yx).toBeGreaterThanOrEqual(0);
  });

  it('refuses lists that do not fit, single points and coinciding points', () => {
    expect(() => fitSimilarity([0, 0, 1, 1], [0, 0])).toThrow(RangeError);
    expect(() => fitSimilarity([0, 0], [0, 0])).toThrow(RangeError);
    expect(() => fitSimilarity([0, 0, 1], [0, 0, 1])).toThrow(RangeError);
    expect(() => fitSimilarity([3, 3, 3, 3], [0, 0, 1, 1])).toThrow(RangeError);
  });
});

describe('invert', () => {
  it('undoes a map', () => {
    fc.assert(
      fc.property(
        similarity,
        fc.integer({ min: -99, max: 99 }),
        fc.integer({ min: -99, max: 99 }),
        (map, x, y) => {
          const [backX, backY] = apply(invert(map), ...apply(map, x, y));
          expect(backX).toBeCloseTo(x, 6);
          expect(backY).toBeCloseTo(y, 6);
        },
      ),
    );
  });

  it('refuses a map that flattens the plane', () => {
    expect(() => invert({ xx: 1, xy: 2, x0: 0, yx: 2, yy: 4, y0: 0 })).toThrow(RangeError);
  });
});

describe('maps of pictures', () => {
  it('lay a rectangle onto a box', () => {
    const map = ontoBox(48, 24, 10, 20, 34, 68);
    expect(apply(map, 0, 0)).toEqual([10, 20]);
    expect(apply(map, 48, 24)).toEqual([34, 68]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Landmarks } from '../../../electron/core/face.ts';
import { cropAlignment, cropSquare } from '../../../electron/core/geometry/crop-square.ts';
import { ALIGNED_LANDMARKS, ALIGNED_SIZE } from '../../../electron/core/geometry/template.ts';

const photo = { width: 800, height: 600 };

describe('cropAlignment', () => {
  it('brings landmarks that are the template, turned and moved, back onto it', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.double({ min: 0.3, max: 2, noNaN: true }),
        fc.integer({ min: 200, max: 500 }),
        (turn, scale, x0) => {
          const [c, s] = [scale * Math.cos(turn), scale * Math.sin(turn)];
          const points = Array.from({ length: 5 }, (_, i) => {
            const x = ALIGNED_LANDMARKS[2 * i]! - 56;
            const y = ALIGNED_LANDMARKS[2 * i + 1]! - 56;
            return [(c * x - s * y + x0) / 800, (s * x + c * y + 300) / 600] as const;
          });
          const box = { x: (x0 - 50 * scale) / 800, y: 0.4, width: scale / 8, height: scale / 6 };
          const alignment = cropAlignment(photo, box, points as unknown as Landmarks);
          const square = cropSquare(photo, box);
          for (const [i, [x, y]] of points.entries()) {
            const inX = (x * 800 - square.left) / square.width;
            const inY = (y * 600 - square.top) / square.height;
            const alignedX = alignment.xx * inX + alignment.xy * inY + alignment.x0;
            const alignedY = alignment.yx * inX + alignment.yy * inY + alignment.y0;
            expect(alignedX * ALIGNED_SIZE).toBeCloseTo(ALIGNED_LANDMARKS[2 * i]!, 4);
            expect(alignedY * ALIGNED_SIZE).toBeCloseTo(ALIGNED_LANDMARKS[2 * i + 1]!, 4);
          }
        },
      ),
    );
  });
});

describe('cropSquare', () => {
  it('lies in the photo, whatever the box', () => {
    const share = fc.double({ min: -0.3, max: 1.2, noNaN: true });
    const size = fc.double({ min: 0.001, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, size, size, (x, y, width, height) => {
        const square = cropSquare(photo, { x, y, width, height });
        expect(square.width).toBe(square.height);
        expect(square.left).toBeGreaterThanOrEqual(0);
        expect(square.top).toBeGreaterThanOrEqual(0);
        expect(square.left + square.width).toBeLessThanOrEqual(800);
        expect(square.top + square.height).toBeLessThanOrEqual(600);
      }),
    );
  });
});

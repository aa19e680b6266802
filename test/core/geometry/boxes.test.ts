import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  boxOverlap,
  descendingOrder,
  makeSquare,
  nonMaximumSuppression,
  suppress,
} from '../../../electron/core/geometry/boxes.ts';

const box = fc
  .tuple(
    fc.integer({ min: 0, max: 30 }),
    fc.integer({ min: 0, max: 30 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 12 }),
  )
  .map(([x, y, width, height]) => [x, y, x + width, y + height]);

/** Counts unit cells: another way to the same figure. */
function cellsOf([x1, y1, x2, y2]: number[]): Set<string> {
  const cells = new Set<string>();
  for (let x = x1!; x < x2!; x += 1) for (let y = y1!; y < y2!; y += 1) cells.add(`${x},${y}`);
  return cells;
}

describe('boxOverlap', () => {
  it('agrees with counting cells', () => {
    fc.assert(
      fc.property(box, box, (a, b) => {
        const cellsA = cellsOf(a);
        const cellsB = cellsOf(b);
        const both = [...cellsA].filter((cell) => cellsB.has(cell)).length;
        const packed = Float32Array.from([...a, ...b]);
        expect(boxOverlap(packed, 0, packed, 1)).toBeCloseTo(
          both / (cellsA.size + cellsB.size - both),
        );
        expect(boxOverlap(packed, 0, packed, 1, 'smaller')).toBeCloseTo(
          both / Math.min(cellsA.size, cellsB.size),
        );
      }),
    );
  });

  it('is 0 for boxes that only touch, that are empty, or inside out', () => {
    const boxes = Float32Array.from([0, 0, 2, 2, 2, 0, 4, 2, 1, 1, 1, 5, 3, 3, 1, 1]);
    expect(boxOverlap(boxes, 0, boxes, 1)).toBe(0);
    expect(boxOverlap(boxes, 0, boxes, 2)).toBe(0);
    expect(boxOverlap(boxes, 2, boxes, 2)).toBe(0);
    expect(boxOverlap(boxes, 0, boxes, 3)).toBe(0);
  });
});

describe('descendingOrder', () => {
  it('sorts best first and keeps equal scores in order', () => {
    expect([...descendingOrder([1, 3, 2, 3])]).toEqual([1, 3, 2, 0]);
  });
});

describe('suppression', () => {
  it('keeps the best of overlapping boxes and names who took the others', () => {
    const boxes = Float32Array.from([0, 0, 10, 10, 1, 0, 11, 10, 40, 0, 50, 10]);
    expect([...suppress(boxes, [0.5, 0.9, 0.1], 0.5)]).toEqual([1, 1, 2]);
    expect(nonMaximumSuppression(boxes, [0.5, 0.9, 0.1], 0.5)).toEqual([1, 2]);
  });

  it('does not let a dropped box drop others', () => {
    // 0 takes 1; 1 would have taken 2.
    const boxes = Float32Array.from([0, 0, 10, 10, 4, 0, 14, 10, 8, 0, 18, 10]);
    expect(nonMaximumSuppression(boxes, [0.9, 0.8, 0.7], 0.3)).toEqual([0, 2]);
  });

  it('leaves no two overlapping boxes, and a better overlapping one for each dropped', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(box, fc.float({ min: 0, max: 1, noNaN: true })), { maxLength: 25 }),
        fc.constantFrom(0.1, 0.3, 0.5),
        (entries, threshold) => {
          const boxes = Float32Array.from(entries.flatMap(([corners]) => corners));
          const scores = entries.map(([, score]) => score);
          const keeper = suppress(boxes, scores, threshold);
          const kept = nonMaximumSuppression(boxes, scores, threshold);
          for (const a of kept)
            for (const b of kept)
              if (a !== b) expect(boxOverlap(boxes, a, boxes, b)).toBeLessThanOrEqual(threshold);
          keeper.forEach((by, index) => {
            if (by === index) return;
            expect(kept).toContain(by);
            expect(scores[by]!).toBeGreaterThanOrEqual(scores[index]!);
            expect(boxOverlap(boxes, by, boxes, index)).toBeGreaterThan(threshold);
          });
        },
      ),
    );
  });
});

describe('makeSquare', () => {
  it('grows the shorter side around the centre', () => {
    const boxes = Float32Array.from([9, 9, 9, 9, 10, 20, 14, 30]);
    makeSquare(boxes, 1);
    expect([...boxes]).toEqual([9, 9, 9, 9, 7, 20, 17, 30]);
  });
});

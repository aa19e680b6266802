import { describe, expect, it } from 'vitest';
import {
  acceptanceAtFalseAcceptance,
  bestThreshold,
  foldedAccuracy,
  intersectionOverUnion,
  recallAtFalsePositives,
} from './measures.ts';

const pair = (fold: number, similarity: number, same: boolean) => ({ fold, similarity, same });

describe('measures of detection', () => {
  it('divide intersection by union', () => {
    expect(intersectionOverUnion([0, 0, 4, 4], [2, 0, 6, 4])).toBeCloseTo(1 / 3);
    expect(intersectionOverUnion([0, 0, 4, 4], [4, 0, 6, 4])).toBe(0);
  });

  it('count recall where so many false positives are allowed', () => {
    const photos = [
      {
        faces: [
          [0, 0, 10, 10],
          [50, 50, 60, 60],
        ] as const,
        found: [
          { box: [0, 0, 10, 10], score: 0.9 } as const,
          // The same face again, and one beside the second face.
          { box: [0, 0, 10, 11], score: 0.8 } as const,
          { box: [58, 58, 68, 68], score: 0.7 } as const,
          { box: [50, 50, 60, 61], score: 0.6 } as const,
        ],
      },
      { faces: [[0, 0, 5, 5]] as const, found: [] },
    ];
    expect(recallAtFalsePositives(photos, 0.5, [0, 1, 2, 9])).toEqual([1 / 3, 1 / 3, 2 / 3, 2 / 3]);
  });
});

describe('measures of verification', () => {
  it('find the threshold with the fewest mistakes', () => {
    const pairs = [
      pair(0, 0.9, true),
      pair(0, 0.5, true),
      pair(0, 0.6, false),
      pair(0, 0.1, false),
    ];
    const threshold = bestThreshold([...pairs, pair(0, 0.7, true)]);
    expect(threshold).toBeGreaterThan(0.1);
    expect(threshold).toBeLessThan(0.7);
  });

  it('judge each fold by the others', () => {
    // Fold 0 alone would be perfect at 0.2; the others say 0.5.
    const pairs = [
      pair(0, 0.3, true),
      pair(0, 0.1, false),
      pair(1, 0.9, true),
      pair(1, 0.4, false),
      pair(2, 0.8, true),
      pair(2, 0.4, false),
    ];
    expect(foldedAccuracy(pairs)).toBeCloseTo((0.5 + 1 + 1) / 3, 5);
  });

  it('count accepted pairs where the rate of false ones is kept', () => {
    const different = Array.from({ length: 1000 }, (_, i) => pair(0, i / 1000, false));
    const same = [pair(0, 0.9985, true), pair(0, 0.9975, true), pair(0, 0.5, true)];
    expect(acceptanceAtFalseAcceptance([...different, ...same], 0.001)).toBeCloseTo(1 / 3);
    expect(acceptanceAtFalseAcceptance([...different, ...same], 0)).toBe(0);
  });
});

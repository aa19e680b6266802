import { describe, expect, it } from 'vitest';
import { matchBoxes } from '../../../electron/core/geometry/match-boxes.ts';

const box = (x: number, width = 0.2) => ({ x, y: 0.1, width, height: width });

describe('matchBoxes', () => {
  it('pairs nothing with nothing', () => {
    expect(matchBoxes([], [box(0)], 0.3)).toEqual([]);
    expect(matchBoxes([box(0)], [], 0.3)).toEqual([-1]);
    expect(matchBoxes([box(0)], [box(0.2)], 0.01)).toEqual([-1]);
  });

  it('gives each box the one that overlaps it most, and no box to two', () => {
    expect(matchBoxes([box(0), box(0.5)], [box(0.51), box(0.02)], 0.3)).toEqual([1, 0]);
    expect(matchBoxes([box(0.05), box(0)], [box(0.01)], 0.3)).toEqual([-1, 0]);
  });

  it('leaves boxes alone that overlap too little', () => {
    // 0.1 of 0.2 in common: a third of both together.
    expect(matchBoxes([box(0)], [{ ...box(0.1), y: 0.1 }], 0.34)).toEqual([-1]);
    expect(matchBoxes([box(0)], [{ ...box(0.1), y: 0.1 }], 0.33)).toEqual([0]);
  });
});

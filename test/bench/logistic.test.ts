import { describe, expect, it } from 'vitest';
import { fitLogistic } from './logistic.ts';

describe('fitLogistic', () => {
  it('finds the odds of a sign that is there or not', () => {
    // With the sign 30 of 40, without it 10 of 40: odds 3 and 1/3.
    const rows: number[][] = [];
    const outcomes: boolean[] = [];
    for (let i = 0; i < 80; i += 1) {
      rows.push([1, i < 40 ? 1 : 0]);
      outcomes.push(i < 30 || (i >= 40 && i < 50));
    }
    const [bias, weight] = fitLogistic(rows, outcomes, 0);
    expect(bias).toBeCloseTo(Math.log(1 / 3), 5);
    expect(weight).toBeCloseTo(Math.log(9), 5);
  });

  it('keeps weights finite where a sign separates perfectly', () => {
    const weights = fitLogistic(
      [-2, -1, 1, 2].map((x) => [1, x]),
      [false, false, true, true],
    );
    expect(weights[1]).toBeGreaterThan(0.5);
    expect(weights[1]).toBeLessThan(5);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderByLikeness } from '../../../electron/core/clustering/likeness-order.ts';

describe('orderByLikeness', () => {
  it('names each row once, whatever they are like', () => {
    const likest = fc.array(fc.array(fc.nat(40), { maxLength: 12 }), { maxLength: 30 });
    fc.assert(
      fc.property(likest, (others) => {
        const order = orderByLikeness(others.length, (row) => others[row]!);
        expect([...order].sort((a, b) => a - b)).toEqual([...others.keys()]);
      }),
    );
  });

  it('goes on with the likest, and ends one person before the next', () => {
    const likest = [[4, 2], [3, 5], [4, 0], [1, 5], [2, 0], [1]];
    expect([...orderByLikeness(6, (row) => likest[row]!)]).toEqual([0, 4, 2, 1, 3, 5]);
  });
});

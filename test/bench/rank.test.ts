import fc from 'fast-check';
import { expect, it } from 'vitest';
import { kendallTau } from './rank.ts';

it('tells how far two lists rank alike', () => {
  expect(kendallTau([1, 2, 3, 4], [10, 20, 30, 40])).toBe(1);
  expect(kendallTau([1, 2, 3, 4], [4, 3, 2, 1])).toBe(-1);
  // One of six pairs is the other way round.
  expect(kendallTau([1, 2, 3, 4], [1, 2, 4, 3])).toBeCloseTo(4 / 6);
  // A tie: two of the three pairs agree, the third says nothing in one list.
  expect(kendallTau([1, 2, 3], [1, 2, 2])).toBeCloseTo(2 / Math.sqrt(6));
});

it('refuses what cannot be ranked', () => {
  expect(() => kendallTau([1], [1, 2])).toThrow(RangeError);
  expect(() => kendallTau([1, 1], [1, 2])).toThrow(RangeError);
});

it('depends on the order alone', () => {
  const list = fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 8 });
  fc.assert(
    fc.property(list, (a) => {
      const b = a.map((value) => Math.exp(value / 20));
      expect(kendallTau(a, b)).toBeCloseTo(1);
    }),
  );
});

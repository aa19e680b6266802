import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { proposeSplit } from '../../../electron/core/clustering/split.ts';
import { peopleVectors } from './vectors.ts';

describe('proposeSplit', () => {
  it('has nothing to propose for one face, or equal ones', () => {
    const one = Float32Array.of(1, 0);
    expect(proposeSplit([one])).toBeUndefined();
    expect(proposeSplit([one, one, one])).toBeUndefined();
  });

  it('finds two people in one group, whoever has more faces', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 8 }),
        (seed, a, b) => {
          const { vectors, people } = peopleVectors([a, b], 32, 0.4, seed);
          const proposal = proposeSplit(vectors.map((vector) => Float32Array.from(vector)))!;
          const sides = new Set(proposal.side.map((at) => people[at]!));
          expect(sides.size).toBe(1);
          expect(proposal.side.length).toBe(
            people.filter((person) => person === [...sides][0]).length,
          );
          expect(proposal.within).toBeGreaterThan(proposal.between);
        },
      ),
    );
  });
});

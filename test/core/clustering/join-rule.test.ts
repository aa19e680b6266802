import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJoinRule, type NodeFacts } from '../../../electron/core/clustering/join-rule.ts';
import { noMarks } from '../../../electron/core/clustering/constraints.ts';
import { clusteringTuning } from '../../../electron/core/tuning.ts';

const people = clusteringTuning.usualPeople;

/** Groups of some faces, each pair of which has the given similarity. */
function facts(groups: readonly { count: number; within: number }[]): NodeFacts {
  return {
    counts: Uint32Array.from(groups, ({ count }) => count),
    squares: Float32Array.from(groups, ({ count, within }) => count + count * (count - 1) * within),
    profileShares: new Float32Array(groups.length),
    impostorLevels: new Float32Array(groups.length),
    marks: groups.map(() => noMarks),
    photos: { sharedShare: () => 0, join: () => undefined },
  };
}

const ruleOf = (given: NodeFacts, sureness = 0.5) => createJoinRule(given, people, sureness, 0);

describe('createJoinRule', () => {
  it('asks for more of faces that are very alike, and for less of those that vary', () => {
    const usual = clusteringTuning.usualCohesion;
    const evidence = [usual - 0.1, usual, usual + 0.1].map((within) =>
      ruleOf(
        facts([
          { count: 8, within },
          { count: 1, within: 1 },
        ]),
      ).evidence(0, 1, 0.5, -Infinity),
    );
    expect(evidence[0]).toBeGreaterThan(evidence[1]!);
    expect(evidence[1]).toBeGreaterThan(evidence[2]!);
  });

  it('knows of joined groups what it would know of them as one', () => {
    const joined = ruleOf(
      facts([
        { count: 3, within: 0.7 },
        { count: 2, within: 0.6 },
        { count: 4, within: 0.65 },
      ]),
    );
    const across = 0.55;
    joined.joined(0, 1, across);
    const within = (3 * 0.7 + 0.6 + 6 * across) / 10;
    const whole = ruleOf(
      facts([
        { count: 5, within },
        { count: 1, within: 1 },
        { count: 4, within: 0.65 },
      ]),
    );
    expect(joined.evidence(0, 2, 0.5, -Infinity)).toBeCloseTo(
      whole.evidence(0, 2, 0.5, -Infinity),
      5,
    );
  });

  it('joins groups with a companion in common that it would leave apart, fewer faces sooner', () => {
    const companions = { evidence: () => 3, join: () => undefined };
    const lift = (count: number) => {
      const given = facts([
        { count, within: 0.62 },
        { count, within: 0.62 },
      ]);
      const plain = ruleOf(given);
      const similarity = 0.5 - plain.evidence(0, 1, 0.5, -Infinity) - 0.01;
      expect(plain.margin(0, 1, similarity, 0)).toBeLessThan(0);
      const margin = ruleOf({ ...given, companions }).margin(0, 1, similarity, 0);
      expect(margin).toBeGreaterThan(0);
      return margin;
    };
    expect(lift(1)).toBeGreaterThan(lift(4));
  });

  it('tells less than what matters only as less, and the rest exactly', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: clusteringTuning.companionLimit, noNaN: true }),
        fc.double({ min: -0.3, max: 0.3, noNaN: true }),
        (similarity, share, company, from) => {
          const rule = ruleOf({
            ...facts([
              { count: 2, within: 0.6 },
              { count: 1, within: 1 },
            ]),
            photos: { sharedShare: () => share, join: () => undefined },
            companions: { evidence: () => company, join: () => undefined },
          });
          const exact = rule.evidence(0, 1, similarity, -Infinity);
          const told = rule.evidence(0, 1, similarity, from);
          if (exact < from) expect(told).toBeLessThan(from);
          else expect(told).toBe(exact);
        },
      ),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LikestGroups } from '../../../electron/core/clustering/likest-groups.ts';

const size = 10;
const group = 0;

/** Margins of pairs with group 0, in steps of a tenth so that some are equal. */
const margins = fc.integer({ min: -3, max: 6 }).map((tenths) => tenths / 10);
const change = fc.oneof(
  fc.record({ other: fc.integer({ min: 1, max: size - 1 }), margin: margins }),
  fc.record({ gone: fc.integer({ min: 1, max: size - 1 }) }),
);

describe('LikestGroups', () => {
  it('knows nobody at first, surely', () => {
    const likest = new LikestGroups(size, () => true);
    expect([likest.best(group), likest.isSure(group)]).toEqual([-1, true]);
  });

  it('agrees with all that was offered whenever it is sure, and is sure when told all', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), fc.nat(9), (changes, tooHigh) => {
        const gone = new Set<number>();
        const known = new Map<number, number>();
        const likest = new LikestGroups(size, (other) => !gone.has(other));
        const offer = (other: number, margin: number) => {
          const least = Math.max(0, likest.least(group));
          // What need not be exact is told too high.
          const told = margin < least ? margin + ((least - margin) * tooHigh) / 10 : margin;
          likest.offer(group, other, told);
        };
        for (const one of changes) {
          if ('gone' in one) {
            gone.add(one.gone);
            known.delete(one.gone);
            continue;
          }
          if (gone.has(one.other)) continue;
          known.set(one.other, one.margin);
          offer(one.other, one.margin);
          const most = Math.max(...known.values());
          const sure = likest.isSure(group);
          if (!sure) {
            likest.forget(group);
            for (const [other, margin] of known) offer(other, margin);
          }
          expect(likest.isSure(group)).toBe(true);
          const best = likest.best(group);
          expect(best < 0 ? Math.min(most, -0.1) : known.get(best)).toBe(most);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('prefers the smaller number of two that are alike', () => {
    const likest = new LikestGroups(size, () => true);
    for (const other of [5, 3, 8, 4, 7, 9]) likest.offer(group, other, 0.5);
    expect(likest.best(group)).toBe(3);
  });

  it('rarely has to be told again', () => {
    const gone = new Set<number>();
    const likest = new LikestGroups(size, (other) => !gone.has(other));
    for (let other = 1; other < size; other++) likest.offer(group, other, 1 / other);
    for (const other of [1, 2, 3]) {
      gone.add(other);
      likest.offer(group, 9, 0.05);
      expect([likest.best(group), likest.isSure(group)]).toEqual([other + 1, true]);
    }
    gone.add(4);
    likest.offer(group, 9, 0.05);
    expect(likest.isSure(group)).toBe(false);
  });
});

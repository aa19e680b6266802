import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinedGroups } from '../../../electron/core/clustering/joined-groups.ts';

const shown = { examples: 5, faces: 3 };
const mapOf = (...groups: number[][]) =>
  new Map(groups.flatMap((faces, group) => faces.map((faceId) => [faceId, group] as const)));

describe('joinedGroups', () => {
  it('finds what came together, and the other way round what fell apart', () => {
    const before = mapOf([1, 2, 3, 4], [5, 6], [7, 8], [9], [10, 11]);
    const after = mapOf([1, 2, 3, 4, 5, 6, 9], [7], [8], [10, 11]);
    expect(joinedGroups(before, after, shown)).toEqual({
      count: 1,
      examples: [
        [
          [1, 2, 3],
          [5, 6],
        ],
      ],
    });
    expect(joinedGroups(after, before, shown).count).toBe(0);
    expect(joinedGroups(mapOf([1, 2], [3, 4, 5]), mapOf([1, 2, 3, 4, 5]), shown).count).toBe(1);
  });

  it('does not count a few faces that changed their place', () => {
    const before = mapOf([1, 2, 3, 4], [5, 6, 7]);
    const after = mapOf([1, 2, 3], [4, 5, 6, 7]);
    expect(joinedGroups(before, after, shown).count).toBe(0);
  });

  it('finds nothing between a grouping and itself, however it is numbered', () => {
    const grouping = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 40 });
    fc.assert(
      fc.property(grouping, (groups) => {
        const from = new Map(groups.map((group, faceId) => [faceId, group]));
        const to = new Map(groups.map((group, faceId) => [faceId, 7 - group]));
        expect(joinedGroups(from, to, shown)).toEqual({ count: 0, examples: [] });
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepGroupIds } from '../../../electron/core/clustering/stable-ids.ts';

/** The id of each face's group. */
function idsOf(
  groupOfFace: ReadonlyMap<number, number>,
  before: ReadonlyMap<number, number>,
  lastId: number,
) {
  const kept = keepGroupIds(
    [...groupOfFace].map(([faceId, group]) => ({ group, oldId: before.get(faceId), faces: 1 })),
    lastId,
  );
  const ids = new Map([...groupOfFace].map(([faceId, of]) => [faceId, kept.idOfGroup.get(of)!]));
  return { ids, lastId: kept.lastId };
}

describe('keepGroupIds', () => {
  it('keeps the id with the larger part when a group falls in two', () => {
    const before = new Map([1, 2, 3, 4, 5].map((faceId) => [faceId, 40]));
    const now = new Map([
      [1, 0],
      [2, 0],
      [3, 9],
      [4, 9],
      [5, 9],
    ]);
    const { ids, lastId } = idsOf(now, before, 40);
    expect([...ids]).toEqual([
      [1, 41],
      [2, 41],
      [3, 40],
      [4, 40],
      [5, 40],
    ]);
    expect(lastId).toBe(41);
  });

  it('counts groups that come as a whole by their faces', () => {
    const { idOfGroup } = keepGroupIds(
      [
        { group: 0, oldId: 7, faces: 1 },
        { group: 0, oldId: 7, faces: 1 },
        { group: 1, oldId: 7, faces: 3 },
        { group: 2, oldId: undefined, faces: 9 },
      ],
      40,
    );
    expect([...idOfGroup]).toEqual([
      [1, 7],
      [0, 41],
      [2, 42],
    ]);
  });

  it('changes nothing when the groups are the same, and never gives one id to two groups', () => {
    const grouping = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 40 });
    fc.assert(
      fc.property(grouping, grouping, (first, second) => {
        const groups = (list: number[]) => new Map(list.map((group, faceId) => [faceId, group]));
        const initial = idsOf(groups(first), new Map(), 0);
        const again = idsOf(groups(first), initial.ids, initial.lastId);
        expect(again.ids).toEqual(initial.ids);
        const next = idsOf(groups(second), initial.ids, initial.lastId);
        const groupOfId = new Map<number, number>();
        for (const [faceId, id] of next.ids) {
          const group = second[faceId]!;
          expect(groupOfId.get(id) ?? group).toBe(group);
          groupOfId.set(id, group);
        }
        expect(new Set(groupOfId.values()).size).toBe(groupOfId.size);
      }),
    );
  });
});

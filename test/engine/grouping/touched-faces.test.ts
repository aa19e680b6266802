import { describe, expect, it } from 'vitest';
import { touchedFaces } from '../../../electron/engine/grouping/touched-faces.ts';
import type { LabelEvent } from '../../../electron/core/labels/events.ts';

const log = new Map<number, LabelEvent>([
  [1, { type: 'name', personId: 1, name: 'Anna', faceIds: [1, 2] }],
  [2, { type: 'merge', personIds: [1, 2] }],
  [3, { type: 'undo', eventId: 2 }],
  [4, { type: 'split', faceIds: [4], fromFaceIds: [5, 6] }],
]);
const lookup = {
  event: (eventId: number) => log.get(eventId),
  target: {
    confirmedFaces: (personId: number) => (personId === 1 ? [1, 2] : [3]),
    rejectedFaces: (personId: number) => (personId === 1 ? [9] : []),
  },
};
const touched = (...eventIds: number[]) =>
  [
    ...touchedFaces(
      eventIds.map((id) => log.get(id)!),
      lookup,
    ),
  ].sort((a, b) => a - b);

describe('touchedFaces', () => {
  it('are those that events name, on all sides', () => {
    expect(touched()).toEqual([]);
    expect(touched(1)).toEqual([1, 2]);
    expect(touched(4)).toEqual([4, 5, 6]);
  });

  it('are those of merged persons, also when the merge is taken back', () => {
    expect(touched(2)).toEqual([1, 2, 3, 9]);
    expect(touched(3)).toEqual([1, 2, 3, 9]);
  });
});

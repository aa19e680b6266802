import { describe, expect, it } from 'vitest';
import { recordChanges, type LabelChange } from '../../../electron/core/labels/changes.ts';
import { applyLabelEvent, type LabelEvent } from '../../../electron/core/labels/events.ts';
import { createMemoryTarget } from '../../../electron/core/labels/memory-target.ts';
import { touchedFaces } from '../../../electron/engine/grouping/touched-faces.ts';

const events: LabelEvent[] = [
  { type: 'name', personId: 1, name: 'Anna', faceIds: [1, 2] },
  { type: 'name', personId: 2, name: 'Ben', faceIds: [3] },
  { type: 'reject', personId: 2, faceIds: [9] },
  { type: 'merge', personIds: [1, 2] },
  { type: 'split', faceIds: [4], fromFaceIds: [5, 6] },
  { type: 'several', events: [{ type: 'ignore', faceIds: [7] }] },
  { type: 'replace', faceId: 7, withFaceId: 8 },
  { type: 'forget', personIds: [1] },
  { type: 'undo', eventId: 8 },
];
const target = createMemoryTarget();
const done = new Map<number, { event: LabelEvent; changes: LabelChange[] }>();
for (const [index, event] of events.slice(0, -1).entries()) {
  const changes = recordChanges(target, (to) => applyLabelEvent(to, index + 1, event));
  done.set(index + 1, { event, changes });
}
const lookup = { history: done, target };
const touched = (...eventIds: number[]) =>
  [
    ...touchedFaces(
      eventIds.map((eventId) => ({ eventId, event: events[eventId - 1]! })),
      lookup,
    ),
  ].sort((a, b) => a - b);

describe('touchedFaces', () => {
  it('are those that events name, on all sides', () => {
    expect(touched()).toEqual([]);
    expect(touched(1)).toEqual([1, 2]);
    expect(touched(5)).toEqual([4, 5, 6]);
    expect(touched(6, 7)).toEqual([7, 8]);
  });

  it('are those of merged and of forgotten persons, also when that is taken back', () => {
    expect(touched(4)).toEqual([3, 9]);
    expect(touched(8)).toEqual([1, 2, 3, 9]);
    expect(touched(9)).toEqual([1, 2, 3, 9]);
  });

  it('are all faces of the person that a merge keeps', () => {
    const kept = createMemoryTarget();
    for (const [at, event] of events.slice(0, 4).entries()) applyLabelEvent(kept, at + 1, event);
    const merge = [{ eventId: 4, event: events[3]! }];
    expect([...touchedFaces(merge, { history: done, target: kept })].sort()).toEqual([1, 2, 3, 9]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  recordChanges,
  turnChanges,
  type LabelChange,
} from '../../../electron/core/labels/changes.ts';
import { dependenceOn } from '../../../electron/core/labels/dependence.ts';
import { applyLabelEvent, type LabelEvent } from '../../../electron/core/labels/events.ts';
import { createMemoryTarget } from '../../../electron/core/labels/memory-target.ts';
import { drawnFaceIds, labelEvent } from './label-events.ts';

type Entry = { readonly eventId: number; readonly event: LabelEvent };

const numbered = (events: readonly LabelEvent[]): Entry[] =>
  events.map((event, index) => ({ eventId: index + 1, event }));

/** The oracle: the log played from the start. */
function played(entries: readonly Entry[]) {
  const target = createMemoryTarget(drawnFaceIds);
  const changes = new Map<number, LabelChange[]>();
  for (const { eventId, event } of entries) {
    const done = recordChanges(target, (recorded) => applyLabelEvent(recorded, eventId, event));
    changes.set(eventId, done);
  }
  return { target, changes };
}

describe('recordChanges', () => {
  it('tells what became different and nothing else', () => {
    const target = createMemoryTarget();
    const naming = { type: 'name', personId: 1, name: 'Anna', faceIds: [4] } as const;
    const anna = { name: 'Anna', hidden: false, coverFaceId: null, birthDate: null };
    const apply = (event: LabelEvent) =>
      recordChanges(target, (recorded) => applyLabelEvent(recorded, 1, event));
    expect(apply(naming)).toEqual([
      ['person', 1, null, anna],
      ['label', 4, null, { state: 'confirmed', personId: 1 }],
    ]);
    expect(apply(naming)).toEqual([]);
    expect(apply({ type: 'cover', personId: 9, faceId: 4 })).toEqual([]);
  });
});

describe('turnChanges', () => {
  it('takes every event back, last first, to what the log says without it', () => {
    fc.assert(
      fc.property(fc.array(labelEvent, { maxLength: 12 }), (events) => {
        const entries = numbered(events);
        const { target, changes } = played(entries);
        for (let kept = entries.length - 1; kept >= 0; kept--) {
          turnChanges(target, changes.get(kept + 1) ?? [], 'before');
          expect(target.snapshot).toEqual(played(entries.slice(0, kept)).target.snapshot);
        }
        for (const { eventId } of entries) turnChanges(target, changes.get(eventId)!, 'after');
        expect(target.snapshot).toEqual(played(entries).target.snapshot);
      }),
    );
  });
});

describe('dependenceOn', () => {
  const events: LabelEvent[] = [
    { type: 'name', personId: 1, name: 'Anna', faceIds: [1, 2] },
    { type: 'name', personId: 2, name: 'Ben', faceIds: [3] },
    { type: 'confirm', personId: 1, faceIds: [4] },
    { type: 'merge', personIds: [1, 2] },
  ];

  it('knows that a confirmed face rests on the name, and a merge on both', () => {
    const { changes } = played(numbered(events));
    const footprint = (at: number) => ({ event: events[at]!, changes: changes.get(at + 1)! });
    const later = (at: number) =>
      [0, 1, 2, 3].filter((other) => other > at && dependenceOn(footprint(at))(footprint(other)));
    expect([0, 1, 2, 3].map(later)).toEqual([[2, 3], [3], [3], []]);
  });

  it('never lets an event be taken back that a later one needs', () => {
    fc.assert(
      fc.property(
        fc.array(labelEvent, { minLength: 2, maxLength: 7 }),
        fc.nat({ max: 5 }),
        (list, choice) => {
          const entries = numbered(list);
          const { target, changes } = played(entries);
          const at = choice % entries.length;
          const footprint = ({ eventId, event }: Entry) => ({
            event,
            changes: changes.get(eventId)!,
          });
          const chosen = entries[at]!;
          const depends = dependenceOn(footprint(chosen));
          if (entries.slice(at + 1).some((entry) => depends(footprint(entry)))) return;
          turnChanges(target, footprint(chosen).changes, 'before');
          const without = played(entries.filter((entry) => entry !== chosen));
          expect(target.snapshot).toEqual(without.target.snapshot);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyLabelEvent } from '../../electron/core/labels/events.ts';
import { readHistory } from '../../electron/core/labels/history.ts';
import { createMemoryTarget } from '../../electron/core/labels/memory-target.ts';
import { openStore, type Store } from '../../electron/store/store.ts';
import { labelEvent as event } from '../core/labels/label-events.ts';

let store: Store;
beforeEach(() => {
  store = openStore(':memory:');
});
afterEach(() => store.close());

/** Everything that the tables derived from the log say, in a form that can be compared. */
function tables() {
  const { target } = store.labels;
  const faces = Array.from({ length: 8 }, (_, index) => index + 1);
  const { sides } = store.labels.constraints();
  return {
    persons: [1, 2, 3].map((id) => target.person(id)),
    labels: faces.map((faceId) => target.label(faceId)),
    rejections: faces.map((faceId) => target.rejectedPersons(faceId)),
    sides: sides.map(({ faceId, eventId, side }) => `${faceId} ${eventId} ${side}`).sort(),
  };
}

describe('label events', () => {
  it('come to the same in the tables, step by step, as in memory, replayed', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 25 }), (events) => {
        store.labels.clearDerived();
        const memory = createMemoryTarget();
        for (const [index, entry] of events.entries()) {
          applyLabelEvent(store.labels.target, index + 1, entry);
          applyLabelEvent(memory, index + 1, entry);
        }
        const faces = Array.from({ length: 8 }, (_, index) => index + 1);
        expect(tables()).toEqual({
          persons: [1, 2, 3].map((id) => memory.person(id)),
          labels: faces.map((faceId) => memory.label(faceId)),
          rejections: faces.map((faceId) => memory.rejectedPersons(faceId)),
          sides: [...memory.snapshot.sides]
            .flatMap(([faceId, ofFace]) =>
              [...ofFace].map(([eventId, side]) => `${faceId} ${eventId} ${side}`),
            )
            .sort(),
        });
      }),
      { numRuns: 60 },
    );
  });

  it('never leave a face confirmed as a person it was said not to be', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const memory = createMemoryTarget();
        for (const [index, entry] of events.entries()) applyLabelEvent(memory, index + 1, entry);
        for (const [faceId, label] of memory.snapshot.labels) {
          if (label.personId === null) continue;
          expect(memory.rejectedPersons(faceId)).not.toContain(label.personId);
        }
      }),
    );
  });

  it('are numbered in the order they are appended', () => {
    store.labels.append({ type: 'rename', personId: 1, name: 'Anna' }, 'Renamed', 1);
    store.transaction(() => store.labels.append({ type: 'ignore', faceIds: [1] }, '', 2));
    expect(store.labels.events().map((row) => row.eventId)).toEqual([1, 2]);
    expect(readHistory(store.labels.events()).nextUndo?.eventId).toBe(2);
  });

  it('never give a person number out twice, even after the person was merged away', () => {
    store.labels.append({ type: 'name', personId: 7, name: 'Anna', faceIds: [1] }, '', 1);
    store.labels.clearDerived();
    expect(store.labels.lastPersonId()).toBe(7);
    const name = { type: 'name', personId: 9, name: 'Ben', faceIds: [2] } as const;
    store.labels.append({ type: 'several', events: [name] }, '', 1);
    expect(store.labels.lastPersonId()).toBe(9);
  });
});

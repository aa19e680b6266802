import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabelEvent } from '../../../electron/core/labels/events.ts';
import { readHistory, type LoggedEvent } from '../../../electron/core/labels/history.ts';

const rename = (name: string): LabelEvent => ({ type: 'rename', personId: 1, name });
const log = (...events: LabelEvent[]): LoggedEvent[] =>
  events.map((event, index) => ({ eventId: index + 1, event }));
const activeIds = (entries: LoggedEvent[]) =>
  readHistory(entries).active.map(({ eventId }) => eventId);

describe('readHistory', () => {
  it('takes back the latest action and brings it back', () => {
    expect(activeIds(log(rename('a'), rename('b'), { type: 'undo', eventId: 2 }))).toEqual([1]);
    const both = log(
      rename('a'),
      rename('b'),
      { type: 'undo', eventId: 2 },
      { type: 'undo', eventId: 1 },
      { type: 'redo', eventId: 1 },
    );
    expect(activeIds(both)).toEqual([1]);
    expect(readHistory(both).nextRedo?.eventId).toBe(2);
  });

  it('forgets what could be redone after a new action', () => {
    const history = readHistory(log(rename('a'), { type: 'undo', eventId: 1 }, rename('b')));
    expect(history.nextRedo).toBeUndefined();
    expect(history.active.map(({ eventId }) => eventId)).toEqual([3]);
  });

  it('takes one back out of order and brings it back at its place', () => {
    const without = log(rename('a'), rename('b'), { type: 'undo', eventId: 1 });
    expect(activeIds(without)).toEqual([2]);
    expect(readHistory(without).nextUndo?.eventId).toBe(2);
    const undoneToo = [...without, { eventId: 4, event: { type: 'undo', eventId: 2 } as const }];
    expect(readHistory(undoneToo).nextRedo?.eventId).toBe(2);
    const redo = (eventId: number) => ({ eventId: 9, event: { type: 'redo', eventId } as const });
    expect(activeIds([...undoneToo, redo(2)])).toEqual([2]);
    expect(activeIds([...undoneToo, redo(2), redo(1)])).toEqual([1, 2]);
  });

  it('ignores an undo of what does not count and a redo of what is not next', () => {
    expect(activeIds(log(rename('a'), { type: 'undo', eventId: 7 }))).toEqual([1]);
    expect(
      activeIds(
        log(
          rename('a'),
          rename('b'),
          { type: 'undo', eventId: 2 },
          { type: 'undo', eventId: 1 },
          { type: 'redo', eventId: 2 },
        ),
      ),
    ).toEqual([]);
  });

  it('behaves like an editor with two stacks', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('do', 'undo', 'redo')), (keys) => {
        const entries: LoggedEvent[] = [];
        let done: number[] = [];
        let undone: number[] = [];
        for (const key of keys) {
          const eventId = entries.length + 1;
          const { nextUndo, nextRedo } = readHistory(entries);
          if (key === 'do') {
            entries.push({ eventId, event: rename(String(eventId)) });
            done = [...done, eventId];
            undone = [];
          } else if (key === 'undo' && nextUndo) {
            entries.push({ eventId, event: { type: 'undo', eventId: nextUndo.eventId } });
            undone = [...undone, done.at(-1)!];
            done = done.slice(0, -1);
          } else if (key === 'redo' && nextRedo) {
            entries.push({ eventId, event: { type: 'redo', eventId: nextRedo.eventId } });
            done = [...done, undone.at(-1)!];
            undone = undone.slice(0, -1);
          }
        }
        expect(activeIds(entries)).toEqual(done);
      }),
    );
  });
});

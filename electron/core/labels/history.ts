import type { LabelEvent } from './events.ts';

export interface LoggedEvent {
  readonly eventId: number;
  readonly event: LabelEvent;
}

/** Which events of a log count, and what undo and redo would act on. */
export interface History<E extends LoggedEvent> {
  /** In the order they were made. */
  readonly active: readonly E[];
  readonly undone: ReadonlySet<number>;
  readonly nextUndo: E | undefined;
  readonly nextRedo: E | undefined;
}

/**
 * Reads undo and redo out of a log as editors know them: undo takes back the latest action that
 * counts, or one before it on which no later one depends; redo brings back the one taken back last,
 * at its old place; a new action ends what can be redone. An undo of what does not count and a redo
 * of what is not next are ignored.
 */
export function readHistory<E extends LoggedEvent>(log: readonly E[]): History<E> {
  const done: E[] = [];
  const redoable: E[] = [];
  const undone = new Set<number>();
  for (const entry of log) {
    const { event } = entry;
    if (event.type === 'undo') {
      const at = done.findLastIndex(({ eventId }) => eventId === event.eventId);
      if (at < 0) continue;
      redoable.push(...done.splice(at, 1));
      undone.add(event.eventId);
    } else if (event.type === 'redo') {
      const next = redoable.at(-1);
      if (next?.eventId !== event.eventId) continue;
      redoable.pop();
      const after = done.findLastIndex(({ eventId }) => eventId < next.eventId);
      done.splice(after + 1, 0, next);
      undone.delete(event.eventId);
    } else {
      done.push(entry);
      redoable.length = 0;
    }
  }
  return { active: done, undone, nextUndo: done.at(-1), nextRedo: redoable.at(-1) };
}

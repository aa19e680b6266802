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
 * counts, redo brings back the one taken back last, and a new action ends what can be redone.
 * An undo or redo that names an event which is not next is ignored.
 */
export function readHistory<E extends LoggedEvent>(log: readonly E[]): History<E> {
  const done: E[] = [];
  const redoable: E[] = [];
  const undone = new Set<number>();
  for (const entry of log) {
    const { event } = entry;
    if (event.type === 'undo') {
      if (done.at(-1)?.eventId !== event.eventId) continue;
      redoable.push(done.pop()!);
      undone.add(event.eventId);
    } else if (event.type === 'redo') {
      if (redoable.at(-1)?.eventId !== event.eventId) continue;
      done.push(redoable.pop()!);
      undone.delete(event.eventId);
    } else {
      done.push(entry);
      redoable.length = 0;
    }
  }
  return { active: done, undone, nextUndo: done.at(-1), nextRedo: redoable.at(-1) };
}

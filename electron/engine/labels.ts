import { KithError } from '../contract/errors.ts';
import type { HistoryEntry, LabelAction, LabelResult } from '../contract/labels.ts';
import { recordChanges, turnChanges, type LabelChange } from '../core/labels/changes.ts';
import { dependenceOn, facesOf } from '../core/labels/dependence.ts';
import { applyLabelEvent, type Turn } from '../core/labels/events.ts';
import type { DoneRow } from '../store/labels.ts';
import type { Store } from '../store/store.ts';
import { resolveAction, resolveSeveral, type Resolved } from './label-actions.ts';

/** Faces that a line of the history shows. */
const shownFaces = 8;

/** Turns the user's actions into label events, writes them and lets them take effect. */
export class Labels {
  readonly #store: Store;
  readonly #now: () => number;
  #nextPersonId: number;
  /** What undo and redo would act on; read when first needed after a change. */
  #next: { readonly undo: string | null; readonly redo: string | null } | undefined;

  constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
    this.#nextPersonId = store.labels.lastPersonId() + 1;
    if (store.labels.history.unread()) this.replay();
  }

  /** @throws KithError when the action names what is not there, or says nothing new. */
  apply(action: LabelAction): LabelResult {
    switch (action.type) {
      case 'undo':
      case 'redo': {
        const turned = this.#store.labels.history.next(action.type);
        if (!turned) return { eventId: null, description: null, personId: null, faceCount: 0 };
        return this.#turn(action.type, turned);
      }
      case 'revert':
        return this.#revert(action.eventId);
      default:
        return this.write((people) =>
          action.type === 'several'
            ? resolveSeveral(this.#store, people, action.actions)
            : resolveAction(this.#store, people, action),
        );
    }
  }

  /** Writes what `resolve` makes of the user's words; all of it takes effect, or nothing. */
  write(
    resolve: (people: { byName: Map<string, number>; nextPersonId: number }) => Resolved,
  ): LabelResult {
    const people = { byName: new Map<string, number>(), nextPersonId: this.#nextPersonId };
    const { labels } = this.#store;
    const { eventId, resolved } = this.#store.durably(() => {
      const resolved = resolve(people);
      const eventId = labels.append(resolved.event, resolved.description, this.#now());
      const changes = recordChanges(labels.target, (target) =>
        applyLabelEvent(target, eventId, resolved.event),
      );
      labels.history.add(eventId, changes);
      this.#refreshGroups(changes);
      return { eventId, resolved };
    });
    this.#nextPersonId = people.nextPersonId;
    this.#next = { undo: resolved.description, redo: null };
    const { description, personId, faceCount } = resolved;
    return { eventId, description, personId, faceCount };
  }

  /** Makes everything that follows from the log anew. */
  replay(): void {
    const { labels, groups } = this.#store;
    this.#next = undefined;
    this.#store.transaction(() => {
      labels.clearDerived();
      for (const { eventId, event } of labels.events()) {
        if (event.type === 'undo' || event.type === 'redo') {
          const turned = labels.history.get(event.eventId);
          if (turned && turnable(event.type, turned)) this.#effect(event.type, turned);
        } else {
          const changes = recordChanges(labels.target, (target) =>
            applyLabelEvent(target, eventId, event),
          );
          labels.history.add(eventId, changes);
        }
      }
      groups.refreshPersons('all');
    });
  }

  /** What undo and redo would take back or bring back. */
  next(): { readonly undo: string | null; readonly redo: string | null } {
    const { history } = this.#store.labels;
    this.#next ??= {
      undo: history.next('undo')?.description ?? null,
      redo: history.next('redo')?.description ?? null,
    };
    return this.#next;
  }

  history(limit: number, offset: number): { total: number; entries: HistoryEntry[] } {
    const { total, rows } = this.#store.labels.history.page(limit, offset);
    return { total, entries: rows.map((row) => historyEntry(this.#store, row)) };
  }

  /** @throws KithError when there is no such action. */
  dependents(eventId: number): HistoryEntry[] {
    return this.#dependents(this.#action(eventId)).map((row) => historyEntry(this.#store, row));
  }

  #action(eventId: number): DoneRow {
    const row = this.#store.labels.history.get(eventId);
    if (!row) throw new KithError('not-found', 'There is no such action in the history.');
    return row;
  }

  #dependents(row: DoneRow): DoneRow[] {
    if (row.undone) return [];
    const depends = dependenceOn(row);
    const found: DoneRow[] = [];
    for (const later of this.#store.labels.history.activeAfter(row.eventId)) {
      if (depends(later)) found.push(later);
    }
    return found.reverse();
  }

  #revert(eventId: number): LabelResult {
    const row = this.#action(eventId);
    if (row.undone) throw new KithError('refused', 'This was taken back already.');
    const [dependent] = this.#dependents(row);
    if (dependent) {
      throw new KithError(
        'refused',
        `“${dependent.description}” builds on this. Take that back first.`,
      );
    }
    return this.#turn('undo', row);
  }

  #turn(type: Turn, row: DoneRow): LabelResult {
    const { eventId: turnedId, event, description } = row;
    const told = `${type === 'undo' ? 'Undone' : 'Redone'}: ${description}`;
    const eventId = this.#store.durably(() => {
      const id = this.#store.labels.append({ type, eventId: turnedId }, told, this.#now());
      this.#effect(type, row);
      this.#refreshGroups(row.changes);
      return id;
    });
    this.#next = undefined;
    return {
      eventId,
      description,
      personId: 'personId' in event ? event.personId : null,
      faceCount: facesOf(row).size,
    };
  }

  #effect(type: Turn, { eventId, changes }: DoneRow): void {
    turnChanges(this.#store.labels.target, changes, type === 'undo' ? 'before' : 'after');
    this.#store.labels.history.turn(type, eventId);
  }

  #refreshGroups(changes: readonly LabelChange[]): void {
    const faceIds = changes.flatMap((change) => (change[0] === 'label' ? [change[1]] : []));
    if (faceIds.length === 0) return;
    this.#store.groups.refreshPersons(this.#store.groups.clustersOf(faceIds));
  }
}

/** An undo of what does not count and a redo of what is not next have no effect, see readHistory. */
function turnable(type: Turn, row: DoneRow): boolean {
  return type === 'undo' ? !row.undone : row.undone === 1 && row.redoable === 1;
}

function historyEntry(store: Store, row: DoneRow): HistoryEntry {
  const { eventId, description, at, undone } = row;
  const own = [...facesOf(row)];
  // What is about people alone shows their covers.
  const faceIds = own.length > 0 ? own : coversOf(store, row);
  return {
    eventId,
    description,
    at,
    undone: undone === 1,
    faceIds: faceIds.slice(0, shownFaces),
    faceCount: own.length,
  };
}

function coversOf(store: Store, { event }: DoneRow): number[] {
  const personIds =
    'personIds' in event ? event.personIds : 'personId' in event ? [event.personId] : [];
  return personIds.slice(0, shownFaces).flatMap((personId) => {
    const cover = store.labels.person(personId)?.coverFaceId;
    return cover == null ? [] : [cover];
  });
}

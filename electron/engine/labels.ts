import type { HistoryEntry, LabelAction, LabelResult } from '../contract/labels.ts';
import { KithError } from '../contract/errors.ts';
import { applyLabelEvent, type LabelEvent } from '../core/labels/events.ts';
import { readHistory } from '../core/labels/history.ts';
import type { Store } from '../store/store.ts';

const faces = (count: number) => (count === 1 ? 'one face' : `${count.toLocaleString('en')} faces`);

/** What an action comes down to, before it is written. */
interface Resolved {
  readonly event: LabelEvent;
  readonly description: string;
  readonly personId: number | null;
  readonly faceCount: number;
}

/** Turns the user's actions into label events, writes them and lets them take effect. */
export class Labels {
  readonly #store: Store;
  readonly #now: () => number;
  #nextPersonId: number;
  /** What undo and redo would act on; read from the log when first needed after a change. */
  #next: { readonly undo: string | null; readonly redo: string | null } | undefined;

  constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
    this.#nextPersonId = store.labels.lastPersonId() + 1;
  }

  /** @throws KithError when the action names what is not there, or says nothing new. */
  apply(action: LabelAction): LabelResult {
    if (action.type === 'undo' || action.type === 'redo') return this.#turn(action.type);
    const resolved = this.#resolve(action);
    const affected = this.#affectedClusters(resolved.event);
    const eventId = this.#store.durably(() => {
      const id = this.#store.labels.append(resolved.event, resolved.description, this.#now());
      applyLabelEvent(this.#store.labels.target, id, resolved.event);
      this.#store.groups.refreshPersons(affected);
      return id;
    });
    if ('personId' in resolved.event) {
      this.#nextPersonId = Math.max(this.#nextPersonId, resolved.event.personId + 1);
    }
    this.#next = { undo: resolved.description, redo: null };
    return {
      eventId,
      description: resolved.description,
      personId: resolved.personId,
      faceCount: resolved.faceCount,
    };
  }

  /** Makes everything that follows from the log anew. */
  replay(): void {
    this.#store.transaction(() => this.#replay());
  }

  /** What undo and redo would take back or bring back. */
  next(): { readonly undo: string | null; readonly redo: string | null } {
    if (!this.#next) {
      const { nextUndo, nextRedo } = readHistory(this.#store.labels.events());
      this.#next = { undo: nextUndo?.description ?? null, redo: nextRedo?.description ?? null };
    }
    return this.#next;
  }

  history(limit: number, offset: number): { total: number; entries: HistoryEntry[] } {
    const log = this.#store.labels.events();
    const { undone } = readHistory(log);
    const actions = log.filter(({ event }) => event.type !== 'undo' && event.type !== 'redo');
    const entries = actions
      .reverse()
      .slice(offset, offset + limit)
      .map(({ eventId, description, at }) => ({
        eventId,
        description,
        at,
        undone: undone.has(eventId),
      }));
    return { total: actions.length, entries };
  }

  #replay(): void {
    this.#store.labels.clearDerived();
    for (const { eventId, event } of readHistory(this.#store.labels.events()).active) {
      applyLabelEvent(this.#store.labels.target, eventId, event);
    }
    this.#store.groups.refreshPersons('all');
  }

  #turn(type: 'undo' | 'redo'): LabelResult {
    const { nextUndo, nextRedo } = readHistory(this.#store.labels.events());
    const turned = type === 'undo' ? nextUndo : nextRedo;
    if (!turned) return { eventId: null, description: null, personId: null, faceCount: 0 };
    const description = `${type === 'undo' ? 'Undone' : 'Redone'}: ${turned.description}`;
    const eventId = this.#store.durably(() => {
      const id = this.#store.labels.append(
        { type, eventId: turned.eventId },
        description,
        this.#now(),
      );
      this.#replay();
      return id;
    });
    this.#next = undefined;
    const { event } = turned;
    return {
      eventId,
      description: turned.description,
      personId: 'personId' in event ? event.personId : null,
      faceCount: 'faceIds' in event ? event.faceIds.length : 0,
    };
  }

  #resolve(action: Exclude<LabelAction, { type: 'undo' | 'redo' }>): Resolved {
    switch (action.type) {
      case 'name':
        return this.#resolveName(action);
      case 'confirm': {
        const name = this.#personName(action.personId);
        const faceIds = this.#faces(action.faceIds);
        return {
          event: { type: 'confirm', personId: action.personId, faceIds },
          description: `Confirmed ${faces(faceIds.length)} as ${name}`,
          personId: action.personId,
          faceCount: faceIds.length,
        };
      }
      case 'reject': {
        const name = this.#personName(action.personId);
        const faceIds = this.#faces(action.faceIds);
        return {
          event: { type: 'reject', personId: action.personId, faceIds },
          description: `Said that ${faces(faceIds.length)} ${faceIds.length === 1 ? 'is' : 'are'} not ${name}`,
          personId: action.personId,
          faceCount: faceIds.length,
        };
      }
      case 'merge':
        return this.#resolveMerge(action.personIds);
      case 'split': {
        const faceIds = this.#faces(action.faceIds);
        const chosen = new Set(faceIds);
        const fromFaceIds = this.#store.groups
          .clustersOf(faceIds)
          .flatMap((clusterId) => this.#store.groups.members(clusterId))
          .filter((faceId) => !chosen.has(faceId));
        return {
          event: { type: 'split', faceIds, fromFaceIds },
          description: `Split off ${faces(faceIds.length)}`,
          personId: null,
          faceCount: faceIds.length,
        };
      }
      case 'ignore':
      case 'not-a-face':
      case 'reset': {
        const faceIds = this.#faces(action.faceIds);
        const what = {
          ignore: 'Ignored',
          'not-a-face': 'Marked as not a face:',
          reset: 'Brought back',
        }[action.type];
        return {
          event: { type: action.type, faceIds },
          description: `${what} ${faces(faceIds.length)}`,
          personId: null,
          faceCount: faceIds.length,
        };
      }
    }
  }

  /** Names a group or faces, renames a person, or merges it with the one who has that name already. */
  #resolveName(action: Extract<LabelAction, { type: 'name' }>): Resolved {
    const { name } = action;
    const existing = this.#store.labels.personByName(name);
    if (action.personId !== undefined) {
      const before = this.#personName(action.personId);
      if (existing !== undefined && existing !== action.personId) {
        return this.#resolveMerge([existing, action.personId]);
      }
      return {
        event: { type: 'rename', personId: action.personId, name },
        description: `Renamed ${before} to ${name}`,
        personId: action.personId,
        faceCount: 0,
      };
    }
    const faceIds =
      action.clusterId === undefined
        ? this.#faces(action.faceIds ?? [])
        : this.#store.groups.openFaces(action.clusterId);
    if (faceIds.length === 0) {
      throw new KithError('not-found', 'This group is not there any more. Look at People again.');
    }
    const personId = existing ?? this.#nextPersonId;
    return {
      event: { type: 'name', personId, name, faceIds },
      description: `Named ${faces(faceIds.length)} ${name}`,
      personId,
      faceCount: faceIds.length,
    };
  }

  #resolveMerge(personIds: readonly number[]): Resolved {
    const unique = [...new Set(personIds)];
    const names = unique.map((personId) => this.#personName(personId));
    if (unique.length < 2) {
      throw new KithError('bad-request', 'Choose at least two people to merge.');
    }
    const [kept, ...merged] = names;
    return {
      event: { type: 'merge', personIds: unique },
      description: `Merged ${merged.join(', ')} into ${kept}`,
      personId: unique[0]!,
      faceCount: 0,
    };
  }

  #personName(personId: number): string {
    const name = this.#store.labels.target.personName(personId);
    if (name === undefined) {
      throw new KithError('not-found', 'This person is not there any more.');
    }
    return name;
  }

  #faces(faceIds: readonly number[]): number[] {
    const unique = [...new Set(faceIds)];
    for (const faceId of unique) {
      if (!this.#store.faces.exists(faceId)) {
        throw new KithError('not-found', `There is no face ${faceId} in this library.`);
      }
    }
    return unique;
  }

  #affectedClusters(event: LabelEvent): readonly number[] | 'all' {
    if (event.type === 'merge') return 'all';
    return 'faceIds' in event ? this.#store.groups.clustersOf(event.faceIds) : [];
  }
}

import { KithError } from '../contract/errors.ts';
import type { SingleAction } from '../contract/labels.ts';
import type { SeveralEvent, SingleEvent } from '../core/labels/events.ts';
import type { Store } from '../store/store.ts';

/** What an action comes down to, before it is written. */
export interface Resolved {
  readonly event: SingleEvent | SeveralEvent;
  /** For the toast and the history: "Named 12 faces Anna". */
  readonly description: string;
  readonly personId: number | null;
  readonly faceCount: number;
}

/** People who get a name in the same action that speaks of them again. */
export interface NewPeople {
  readonly byName: Map<string, number>;
  nextPersonId: number;
}

export const faces = (count: number) =>
  count === 1 ? 'one face' : `${count.toLocaleString('en')} faces`;
const listed = (names: readonly string[]) =>
  names.length <= 3
    ? names.join(', ')
    : `${names.slice(0, 2).join(', ')} and ${(names.length - 2).toLocaleString('en')} others`;

/**
 * Turns an action into a label event that means the same however grouping changes later.
 *
 * @throws KithError when the action names what is not there, or says nothing new.
 */
export function resolveAction(store: Store, people: NewPeople, action: SingleAction): Resolved {
  switch (action.type) {
    case 'name':
      return resolveName(store, people, action);
    case 'confirm': {
      const name = personName(store, action.personId);
      const faceIds = knownFaces(store, action.faceIds);
      return ofFaces({ type: 'confirm', personId: action.personId, faceIds }, (what) => {
        return `Confirmed ${what} as ${name}${otherwise(rejectedOf(store, faceIds, action.personId))}`;
      });
    }
    case 'reject': {
      const name = personName(store, action.personId);
      const faceIds = knownFaces(store, action.faceIds);
      return ofFaces({ type: 'reject', personId: action.personId, faceIds }, (what) => {
        const are = faceIds.length === 1 ? 'is' : 'are';
        const confirmed = confirmedOf(store, faceIds, action.personId);
        return `Said that ${what} ${are} not ${name}${otherwise(confirmed)}`;
      });
    }
    case 'merge':
      return resolveMerge(store, action.personIds, action.clusterIds);
    case 'split': {
      const faceIds = knownFaces(store, action.faceIds);
      const chosen = new Set(faceIds);
      const fromFaceIds = store.groups
        .clustersOf(faceIds)
        .flatMap((clusterId) => store.groups.members(clusterId))
        .filter((faceId) => !chosen.has(faceId));
      return ofFaces({ type: 'split', faceIds, fromFaceIds }, (what) => `Split off ${what}`);
    }
    case 'ignore':
    case 'not-a-face':
    case 'reset': {
      const saying = {
        ignore: 'Ignored',
        'not-a-face': 'Marked as not a face:',
        reset: 'Brought back',
      }[action.type];
      const faceIds = knownFaces(store, action.faceIds);
      return ofFaces({ type: action.type, faceIds }, (what) => `${saying} ${what}`);
    }
    case 'hide':
    case 'show':
    case 'forget': {
      const saying = { hide: 'Hid', show: 'Showed', forget: 'Deleted the name' }[action.type];
      const personIds = [...new Set(action.personIds)];
      const names = listed(personIds.map((personId) => personName(store, personId)));
      return {
        event: { type: action.type, personIds },
        description: `${saying} ${names}${action.type === 'show' ? ' again' : ''}`,
        personId: personIds.length === 1 ? personIds[0]! : null,
        faceCount: 0,
      };
    }
    case 'cover': {
      const name = personName(store, action.personId);
      if (action.faceId !== null) knownFaces(store, [action.faceId]);
      return ofPerson(action, `Chose the picture of ${name}`);
    }
    case 'birth': {
      const name = personName(store, action.personId);
      const said = action.birthDate === null ? 'Removed' : 'Set';
      return ofPerson(action, `${said} the birth date of ${name}`);
    }
  }
}

/** Several actions as one. */
export function resolveSeveral(
  store: Store,
  people: NewPeople,
  actions: readonly SingleAction[],
): Resolved {
  const parts = actions.map((action) => resolveAction(store, people, action));
  const [first, second] = parts;
  if (!first) throw new KithError('bad-request', 'There is nothing to do.');
  if (!second) return first;
  const rest = second.description[0]!.toLowerCase() + second.description.slice(1);
  return {
    event: {
      type: 'several',
      events: parts.flatMap(({ event }) => (event.type === 'several' ? event.events : [event])),
    },
    description:
      parts.length === 2
        ? `${first.description} and ${rest}`
        : `${first.description}, and ${(parts.length - 1).toLocaleString('en')} more`,
    personId: first.personId,
    faceCount: parts.reduce((sum, part) => sum + part.faceCount, 0),
  };
}

/** A face that was marked by hand is there. */
export function resolveDrawing(faceId: number): Resolved {
  return ofFaces({ type: 'draw', faceIds: [faceId] }, (what) => `Marked ${what} by hand`);
}

/** A face gets a better box: a new face takes its place. */
export function resolveReplacing(faceId: number, withFaceId: number): Resolved {
  return {
    event: { type: 'replace', faceId, withFaceId },
    description: 'Corrected the box of one face',
    personId: null,
    faceCount: 1,
  };
}

function ofFaces(
  event: SingleEvent & { readonly faceIds: readonly number[] },
  describe: (what: string) => string,
): Resolved {
  return {
    event,
    description: describe(faces(event.faceIds.length)),
    personId: 'personId' in event ? event.personId : null,
    faceCount: event.faceIds.length,
  };
}

function ofPerson(
  event: SingleEvent & { readonly personId: number },
  description: string,
): Resolved {
  return { event, description, personId: event.personId, faceCount: 0 };
}

/** Names a group or faces, renames a person, or merges it with the one who has that name already. */
function resolveName(
  store: Store,
  people: NewPeople,
  action: Extract<SingleAction, { type: 'name' }>,
): Resolved {
  const { name } = action;
  const existing = store.labels.personByName(name) ?? people.byName.get(name);
  if (action.personId !== undefined) {
    const before = personName(store, action.personId);
    if (existing !== undefined && existing !== action.personId) {
      return resolveMerge(store, [existing, action.personId], []);
    }
    const event = { type: 'rename', personId: action.personId, name } as const;
    return ofPerson(event, `Renamed ${before} to ${name}`);
  }
  const faceIds =
    action.clusterId === undefined
      ? knownFaces(store, action.faceIds ?? [])
      : openFaces(store, action.clusterId);
  const personId = existing ?? people.nextPersonId++;
  people.byName.set(name, personId);
  return ofFaces({ type: 'name', personId, name, faceIds }, (what) => {
    return `Named ${what} ${name}${otherwise(rejectedOf(store, faceIds, personId))}`;
  });
}

function resolveMerge(
  store: Store,
  personIds: readonly number[],
  clusterIds: readonly number[],
): Resolved {
  const unique = [...new Set(personIds)];
  const [kept, ...merged] = unique.map((personId) => personName(store, personId));
  const keptId = unique[0];
  if (kept === undefined || keptId === undefined || unique.length + clusterIds.length < 2) {
    throw new KithError('bad-request', 'Choose at least two people to merge.');
  }
  const joined = [...new Set(clusterIds)].map((clusterId) => openFaces(store, clusterId));
  const faceCount = joined.reduce((sum, faceIds) => sum + faceIds.length, 0);
  const events: SingleEvent[] = [
    ...joined.map((faceIds) => ({ type: 'confirm' as const, personId: keptId, faceIds })),
    ...(merged.length > 0 ? [{ type: 'merge' as const, personIds: unique }] : []),
  ];
  const what = [...merged, ...(faceCount > 0 ? [faces(faceCount)] : [])];
  return {
    event: events.length === 1 ? events[0]! : { type: 'several', events },
    description: `Merged ${listed(what)} into ${kept}`,
    personId: keptId,
    faceCount,
  };
}

/** Tells that the user's word now holds instead of an earlier one. */
function otherwise(faceCount: number): string {
  return faceCount === 0 ? '' : `, though of ${faces(faceCount)} you had said otherwise`;
}

function rejectedOf(store: Store, faceIds: readonly number[], personId: number): number {
  const { target } = store.labels;
  return faceIds.filter((faceId) => target.rejectedPersons(faceId).includes(personId)).length;
}

function confirmedOf(store: Store, faceIds: readonly number[], personId: number): number {
  const { target } = store.labels;
  return faceIds.filter((faceId) => target.label(faceId)?.personId === personId).length;
}

function openFaces(store: Store, clusterId: number): number[] {
  const faceIds = store.groups.openFaces(clusterId);
  if (faceIds.length === 0) {
    throw new KithError('not-found', 'This group is not there any more. Look at People again.');
  }
  return faceIds;
}

function personName(store: Store, personId: number): string {
  const name = store.labels.personName(personId);
  if (name === undefined) {
    throw new KithError('not-found', 'This person is not there any more.');
  }
  return name;
}

function knownFaces(store: Store, faceIds: readonly number[]): number[] {
  const unique = [...new Set(faceIds)];
  for (const faceId of unique) {
    if (!store.faces.exists(faceId)) {
      throw new KithError('not-found', `There is no face ${faceId} in this library.`);
    }
  }
  return unique;
}

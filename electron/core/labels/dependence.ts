import { personParts, type LabelChange } from './changes.ts';
import type { LabelEvent, PersonLabel, SingleEvent } from './events.ts';

/** What an event's effect rests on: the faces and persons it names, and those it changed. */
export interface Footprint {
  readonly event: LabelEvent;
  readonly changes: readonly LabelChange[];
}

/**
 * Tells whether an event would have come out differently without an earlier one, as far as
 * footprints show: it never says no where the answer is yes.
 */
export function dependenceOn(earlier: Footprint): (later: Footprint) => boolean {
  const { changes } = earlier;
  return (later) => {
    const faceIds = facesOf(later);
    const persons = personsOf(later);
    const allOf = (personId: number | null | undefined) =>
      personId != null && persons.get(personId)?.has('faces') === true;
    return changes.some((change) => {
      switch (change[0]) {
        case 'person':
          return restsOnPerson(later, persons.get(change[1]), change[2], change[3]);
        case 'label':
          return faceIds.has(change[1]) || allOf(change[2]?.personId) || allOf(change[3]?.personId);
        case 'rejection':
          return faceIds.has(change[1]) || allOf(change[2]);
        case 'side':
          return faceIds.has(change[1]);
      }
    });
  };
}

/** Parts of a person; `faces` are all the faces of the person as they are found. */
type PersonPart = (typeof personParts)[number] | 'faces';

function restsOnPerson(
  later: Footprint,
  used: ReadonlySet<PersonPart> | undefined,
  before: PersonLabel | null,
  after: PersonLabel | null,
): boolean {
  const former = before?.name !== after?.name ? before?.name : undefined;
  const events = singles(later.event);
  // The name that would come back was given anew.
  if (former !== undefined && events.some((event) => 'name' in event && event.name === former)) {
    return true;
  }
  const covers = [before?.coverFaceId, after?.coverFaceId];
  if (events.some((event) => event.type === 'replace' && covers.includes(event.faceId))) {
    return true;
  }
  if (!used) return false;
  if (before === null || after === null) return true;
  return personParts.some((part) => used.has(part) && before[part] !== after[part]);
}

/** Faces that an event names or whose labels it changed. */
export function facesOf({ event, changes }: Footprint): Set<number> {
  const faceIds = new Set(singles(event).flatMap(namedFaces));
  for (const change of changes) if (change[0] !== 'person') faceIds.add(change[1]);
  return faceIds;
}

/** Persons that an event names or changed, with the parts of them it used. */
function personsOf({ event, changes }: Footprint): Map<number, Set<PersonPart>> {
  const persons = new Map<number, Set<PersonPart>>();
  const use = (personId: number, parts: readonly PersonPart[]) => {
    const used = persons.get(personId) ?? new Set();
    for (const part of parts) used.add(part);
    persons.set(personId, used);
  };
  for (const single of singles(event)) {
    const parts = partsUsed(single);
    if ('personIds' in single) for (const personId of single.personIds) use(personId, parts);
    else if ('personId' in single) use(single.personId, parts);
  }
  for (const change of changes) {
    if (change[0] !== 'person') continue;
    const [, personId, before, after] = change;
    use(
      personId,
      personParts.filter((part) => before?.[part] !== after?.[part]),
    );
  }
  return persons;
}

function partsUsed(event: SingleEvent): readonly PersonPart[] {
  switch (event.type) {
    case 'name':
    case 'confirm':
      return event.name === undefined ? [] : ['name'];
    case 'rename':
      return ['name'];
    case 'hide':
    case 'show':
      return ['hidden'];
    case 'cover':
      return ['coverFaceId'];
    case 'birth':
      return ['birthDate'];
    case 'merge':
    case 'forget':
      return [...personParts, 'faces'];
    default:
      return [];
  }
}

/** What an event says, one by one. */
export function singles(event: LabelEvent): readonly SingleEvent[] {
  if (event.type === 'several') return event.events;
  return 'eventId' in event ? [] : [event];
}

function namedFaces(event: SingleEvent): number[] {
  if (event.type === 'split') return [...event.faceIds, ...event.fromFaceIds];
  if (event.type === 'replace') return [event.faceId, event.withFaceId];
  if (event.type === 'cover') return event.faceId === null ? [] : [event.faceId];
  return 'faceIds' in event ? [...event.faceIds] : [];
}

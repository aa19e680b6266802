import type { FaceLabel, LabelTarget, PersonLabel } from './events.ts';

/**
 * What one event did: the value of everything it touched before and after, null where there was
 * none. With these an event is taken back, and brought back, without a look at the rest of the log.
 */
export type LabelChange =
  | readonly ['person', number, PersonLabel | null, PersonLabel | null]
  | readonly ['label', number, FaceLabel | null, FaceLabel | null]
  /** Face, person, and whether the face was said not to be that person. */
  | readonly ['rejection', number, number, boolean, boolean]
  /** Face, split, side. */
  | readonly ['side', number, number, 0 | 1 | null, 0 | 1 | null];

export const personParts = ['name', 'hidden', 'coverFaceId', 'birthDate'] as const;

/** Lets `work` write to `target` and tells what became different. */
export function recordChanges(
  target: LabelTarget,
  work: (recorded: LabelTarget) => void,
): LabelChange[] {
  const persons = new Map<number, PersonLabel | null>();
  const labels = new Map<number, FaceLabel | null>();
  const rejections = new Map<string, [faceId: number, personId: number, before: boolean]>();
  const sides = new Map<string, [faceId: number, splitId: number, before: 0 | 1 | null]>();

  const seePerson = (personId: number) => {
    if (!persons.has(personId)) persons.set(personId, target.person(personId) ?? null);
  };
  const seeLabel = (faceId: number) => {
    if (!labels.has(faceId)) labels.set(faceId, target.label(faceId) ?? null);
  };
  const isRejected = (faceId: number, personId: number) =>
    target.rejectedPersons(faceId).includes(personId);
  const seeRejection = (faceId: number, personId: number) => {
    const key = `${faceId} ${personId}`;
    if (!rejections.has(key)) rejections.set(key, [faceId, personId, isRejected(faceId, personId)]);
  };
  const seeSide = (faceId: number, splitId: number) => {
    const key = `${faceId} ${splitId}`;
    if (!sides.has(key)) sides.set(key, [faceId, splitId, target.side(faceId, splitId) ?? null]);
  };
  work({
    ...target,
    setPerson(personId, person) {
      seePerson(personId);
      target.setPerson(personId, person);
    },
    removePerson(personId) {
      seePerson(personId);
      target.removePerson(personId);
    },
    setLabel(faceId, label) {
      seeLabel(faceId);
      target.setLabel(faceId, label);
    },
    removeLabel(faceId) {
      seeLabel(faceId);
      target.removeLabel(faceId);
    },
    reject(faceId, personId) {
      seeRejection(faceId, personId);
      target.reject(faceId, personId);
    },
    unreject(faceId, personId) {
      seeRejection(faceId, personId);
      target.unreject(faceId, personId);
    },
    setSide(faceId, splitId, side) {
      seeSide(faceId, splitId);
      target.setSide(faceId, splitId, side);
    },
    removeSide(faceId, splitId) {
      seeSide(faceId, splitId);
      target.removeSide(faceId, splitId);
    },
  });

  const changes: LabelChange[] = [
    ...[...persons].map(
      ([id, before]) => ['person', id, before, target.person(id) ?? null] as const,
    ),
    ...[...labels].map(([id, before]) => ['label', id, before, target.label(id) ?? null] as const),
    ...[...rejections.values()].map(
      ([faceId, personId, before]) =>
        ['rejection', faceId, personId, before, isRejected(faceId, personId)] as const,
    ),
    ...[...sides.values()].map(
      ([faceId, splitId, before]) =>
        ['side', faceId, splitId, before, target.side(faceId, splitId) ?? null] as const,
    ),
  ];
  return changes.filter((change) => !sameValue(change.at(-2), change.at(-1)));
}

/** Puts back what was before an event, or what was after it. */
export function turnChanges(
  target: LabelTarget,
  changes: readonly LabelChange[],
  to: 'before' | 'after',
): void {
  const pick = <V>(before: V, after: V) => (to === 'before' ? before : after);
  for (const change of changes) {
    switch (change[0]) {
      case 'person': {
        const [, personId, before, after] = change;
        const value = pick(before, after);
        const now = target.person(personId);
        if (!value) target.removePerson(personId);
        // Other parts of the person may have been changed since.
        else if (now && before && after) {
          const parts = personParts.filter((part) => before[part] !== after[part]);
          const changed = Object.fromEntries(parts.map((part) => [part, value[part]]));
          target.setPerson(personId, { ...now, ...changed });
        } else target.setPerson(personId, value);
        break;
      }
      case 'label': {
        const [, faceId, before, after] = change;
        const value = pick(before, after);
        if (value) target.setLabel(faceId, value);
        else target.removeLabel(faceId);
        break;
      }
      case 'rejection': {
        const [, faceId, personId, before, after] = change;
        if (pick(before, after)) target.reject(faceId, personId);
        else target.unreject(faceId, personId);
        break;
      }
      case 'side': {
        const [, faceId, splitId, before, after] = change;
        const value = pick(before, after);
        target.removeSide(faceId, splitId);
        if (value !== null) target.setSide(faceId, splitId, value);
        break;
      }
    }
  }
}

/** Values hold plain fields alone. */
function sameValue(a: unknown, b: unknown): boolean {
  const text = (value: unknown) =>
    typeof value === 'object' && value !== null
      ? JSON.stringify(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1)))
      : String(value);
  return text(a) === text(b);
}

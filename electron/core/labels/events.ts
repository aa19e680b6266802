/**
 * One entry of the label log: what a user's action came down to. Faces and persons are resolved
 * when the action is taken, so that an event means the same however grouping changes later.
 */
export type LabelEvent = SingleEvent | SeveralEvent | TurnEvent;

export interface TurnEvent {
  readonly type: Turn;
  readonly eventId: number;
}

/** Takes back one event, or brings it back. */
export type Turn = 'undo' | 'redo';

/** What the user did as one action and takes back as one. */
export interface SeveralEvent {
  readonly type: 'several';
  readonly events: readonly SingleEvent[];
}

export type SingleEvent =
  | {
      readonly type: 'name' | 'confirm';
      readonly personId: number;
      /** With `name`: the name of the person, who may be new. */
      readonly name?: string;
      readonly faceIds: readonly number[];
    }
  | { readonly type: 'rename'; readonly personId: number; readonly name: string }
  | { readonly type: 'reject'; readonly personId: number; readonly faceIds: readonly number[] }
  /** The first person takes over the faces of the others. */
  | { readonly type: 'merge'; readonly personIds: readonly number[] }
  | {
      readonly type: 'split';
      readonly faceIds: readonly number[];
      /** The faces they are split from. */
      readonly fromFaceIds: readonly number[];
    }
  | {
      readonly type: 'ignore' | 'not-a-face' | 'reset';
      readonly faceIds: readonly number[];
    }
  /** Forgotten people lose their names; their faces are kept without one. */
  | { readonly type: 'hide' | 'show' | 'forget'; readonly personIds: readonly number[] }
  /** The face that stands for a person; null leaves the choice to the machine. */
  | { readonly type: 'cover'; readonly personId: number; readonly faceId: number | null }
  /** `birthDate` as `2011-05-30`. */
  | { readonly type: 'birth'; readonly personId: number; readonly birthDate: string | null }
  /** Faces marked by hand, absent until then, take part. */
  | { readonly type: 'draw'; readonly faceIds: readonly number[] }
  /** A face with a better box takes the place of another, and what was said of it. */
  | { readonly type: 'replace'; readonly faceId: number; readonly withFaceId: number };

export type FaceLabel =
  | { readonly state: 'confirmed'; readonly personId: number }
  /** An absent face is shown nowhere: drawn and taken back, or replaced by one with a better box. */
  | { readonly state: 'ignored' | 'not-a-face' | 'absent'; readonly personId: null };

/** What the user said of a person. */
export interface PersonLabel {
  readonly name: string;
  readonly hidden: boolean;
  readonly coverFaceId: number | null;
  readonly birthDate: string | null;
}

/** Where label events take effect: tables of the store, or maps in memory. */
export interface LabelTarget {
  person(personId: number): PersonLabel | undefined;
  setPerson(personId: number, person: PersonLabel): void;
  removePerson(personId: number): void;
  label(faceId: number): FaceLabel | undefined;
  setLabel(faceId: number, label: FaceLabel): void;
  removeLabel(faceId: number): void;
  confirmedFaces(personId: number): readonly number[];
  reject(faceId: number, personId: number): void;
  unreject(faceId: number, personId: number): void;
  rejectedPersons(faceId: number): readonly number[];
  rejectedFaces(personId: number): readonly number[];
  /** Faces on different sides of one split are different people. */
  setSide(faceId: number, splitId: number, side: 0 | 1): void;
  side(faceId: number, splitId: number): 0 | 1 | undefined;
  removeSide(faceId: number, splitId: number): void;
  splitsOf(faceId: number): readonly number[];
}

/** Parts that one `several` event may have. */
export const maxParts = 100_000;

/**
 * Lets one event take effect. Where events contradict each other, the later one holds.
 * @param splitId distinguishes this split from all others
 */
export function applyLabelEvent(target: LabelTarget, splitId: number, event: LabelEvent): void {
  switch (event.type) {
    case 'name':
    case 'confirm':
      if (event.name !== undefined) rename(target, event.personId, event.name);
      for (const faceId of event.faceIds) confirm(target, faceId, event.personId);
      return;
    case 'rename':
      rename(target, event.personId, event.name);
      return;
    case 'reject':
      for (const faceId of event.faceIds) reject(target, faceId, event.personId);
      return;
    case 'merge':
      mergePersons(target, event.personIds);
      return;
    case 'split':
      split(target, splitId, event.faceIds, event.fromFaceIds);
      return;
    case 'ignore':
    case 'not-a-face': {
      const state = event.type === 'ignore' ? 'ignored' : event.type;
      for (const faceId of event.faceIds) target.setLabel(faceId, { state, personId: null });
      return;
    }
    case 'reset':
      for (const faceId of event.faceIds) reset(target, faceId);
      return;
    case 'hide':
    case 'show':
      for (const personId of event.personIds) {
        change(target, personId, { hidden: event.type === 'hide' });
      }
      return;
    case 'forget':
      for (const personId of event.personIds) forget(target, personId);
      return;
    case 'cover':
      change(target, event.personId, { coverFaceId: event.faceId });
      return;
    case 'birth':
      change(target, event.personId, { birthDate: event.birthDate });
      return;
    case 'draw':
      for (const faceId of event.faceIds) target.removeLabel(faceId);
      return;
    case 'replace':
      replace(target, event.faceId, event.withFaceId);
      return;
    case 'several':
      // Below zero, so that it is no other event's.
      for (const [part, single] of event.events.entries()) {
        applyLabelEvent(target, -(splitId * maxParts + part), single);
      }
      return;
    case 'undo':
    case 'redo':
      return; // They turn other events, see playLog.
  }
}

function rename(target: LabelTarget, personId: number, name: string): void {
  const unknown = { hidden: false, coverFaceId: null, birthDate: null };
  target.setPerson(personId, { ...(target.person(personId) ?? unknown), name });
}

function change(target: LabelTarget, personId: number, changes: Partial<PersonLabel>): void {
  const person = target.person(personId);
  if (person) target.setPerson(personId, { ...person, ...changes });
}

/** Moving a face away from a person says that it is not that person. */
function confirm(target: LabelTarget, faceId: number, personId: number): void {
  const before = target.label(faceId);
  if (before?.state === 'confirmed' && before.personId !== personId) {
    target.reject(faceId, before.personId);
  }
  target.unreject(faceId, personId);
  target.setLabel(faceId, { state: 'confirmed', personId });
}

function reject(target: LabelTarget, faceId: number, personId: number): void {
  const before = target.label(faceId);
  if (before?.state === 'confirmed' && before.personId === personId) target.removeLabel(faceId);
  target.reject(faceId, personId);
}

function split(
  target: LabelTarget,
  splitId: number,
  faceIds: readonly number[],
  fromFaceIds: readonly number[],
): void {
  for (const faceId of faceIds) {
    const label = target.label(faceId);
    if (label?.state === 'confirmed') reject(target, faceId, label.personId);
    target.setSide(faceId, splitId, 0);
  }
  for (const faceId of fromFaceIds) target.setSide(faceId, splitId, 1);
}

function reset(target: LabelTarget, faceId: number): void {
  target.removeLabel(faceId);
  for (const splitId of target.splitsOf(faceId)) target.removeSide(faceId, splitId);
  for (const personId of target.rejectedPersons(faceId)) target.unreject(faceId, personId);
}

/**
 * Rejections of the merged persons hold for the one that stays, but not for its own faces. It also
 * takes over a birth date and a cover where it has none.
 */
function mergePersons(target: LabelTarget, personIds: readonly number[]): void {
  const [keptId, ...mergedIds] = personIds;
  if (keptId === undefined) return;
  for (const mergedId of mergedIds) {
    if (mergedId === keptId) continue;
    for (const faceId of target.confirmedFaces(mergedId)) {
      target.setLabel(faceId, { state: 'confirmed', personId: keptId });
    }
    for (const faceId of target.rejectedFaces(mergedId)) {
      target.unreject(faceId, mergedId);
      target.reject(faceId, keptId);
    }
    const [kept, merged] = [target.person(keptId), target.person(mergedId)];
    if (kept && merged) {
      target.setPerson(keptId, {
        ...kept,
        coverFaceId: kept.coverFaceId ?? merged.coverFaceId,
        birthDate: kept.birthDate ?? merged.birthDate,
      });
    }
    target.removePerson(mergedId);
  }
  for (const faceId of target.confirmedFaces(keptId)) target.unreject(faceId, keptId);
}

function forget(target: LabelTarget, personId: number): void {
  for (const faceId of target.confirmedFaces(personId)) target.removeLabel(faceId);
  for (const faceId of target.rejectedFaces(personId)) target.unreject(faceId, personId);
  target.removePerson(personId);
}

/** Never two bodies of one label: all that was said of the old face is said of the new one. */
function replace(target: LabelTarget, faceId: number, withFaceId: number): void {
  const label = target.label(faceId);
  if (label) target.setLabel(withFaceId, label);
  else target.removeLabel(withFaceId);
  for (const personId of target.rejectedPersons(faceId)) target.reject(withFaceId, personId);
  if (label?.state === 'confirmed') target.unreject(withFaceId, label.personId);
  for (const splitId of target.splitsOf(faceId)) {
    target.setSide(withFaceId, splitId, target.side(faceId, splitId) ?? 0);
  }
  reset(target, faceId);
  target.setLabel(faceId, { state: 'absent', personId: null });
  if (label?.state !== 'confirmed') return;
  const person = target.person(label.personId);
  if (person?.coverFaceId === faceId) {
    target.setPerson(label.personId, { ...person, coverFaceId: withFaceId });
  }
}

/**
 * One entry of the label log: what a user's action came down to. Faces and persons are resolved
 * when the action is taken, so that an event means the same however grouping changes later.
 */
export type LabelEvent =
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
  | { readonly type: 'undo' | 'redo'; readonly eventId: number };

export type FaceLabel =
  | { readonly state: 'confirmed'; readonly personId: number }
  | { readonly state: 'ignored' | 'not-a-face'; readonly personId: null };

/** Where label events take effect: tables of the store, or maps in memory. */
export interface LabelTarget {
  personName(personId: number): string | undefined;
  setPerson(personId: number, name: string): void;
  removePerson(personId: number): void;
  label(faceId: number): FaceLabel | undefined;
  setLabel(faceId: number, label: FaceLabel): void;
  removeLabel(faceId: number): void;
  confirmedFaces(personId: number): readonly number[];
  reject(faceId: number, personId: number): void;
  unreject(faceId: number, personId: number): void;
  rejectedPersons(faceId: number): readonly number[];
  rejectedFaces(personId: number): readonly number[];
  /** Faces on different sides of one event are different people. */
  setSide(faceId: number, eventId: number, side: 0 | 1): void;
  removeSides(faceId: number): void;
}

/** Lets one event take effect. Where events contradict each other, the later one holds. */
export function applyLabelEvent(target: LabelTarget, eventId: number, event: LabelEvent): void {
  switch (event.type) {
    case 'name':
    case 'confirm':
      if (event.name !== undefined) target.setPerson(event.personId, event.name);
      for (const faceId of event.faceIds) confirm(target, faceId, event.personId);
      return;
    case 'rename':
      target.setPerson(event.personId, event.name);
      return;
    case 'reject':
      for (const faceId of event.faceIds) reject(target, faceId, event.personId);
      return;
    case 'merge':
      mergePersons(target, event.personIds);
      return;
    case 'split':
      for (const faceId of event.faceIds) {
        const label = target.label(faceId);
        if (label?.state === 'confirmed') reject(target, faceId, label.personId);
        target.setSide(faceId, eventId, 0);
      }
      for (const faceId of event.fromFaceIds) target.setSide(faceId, eventId, 1);
      return;
    case 'ignore':
      for (const faceId of event.faceIds) {
        target.setLabel(faceId, { state: 'ignored', personId: null });
      }
      return;
    case 'not-a-face':
      for (const faceId of event.faceIds) {
        target.setLabel(faceId, { state: 'not-a-face', personId: null });
      }
      return;
    case 'reset':
      for (const faceId of event.faceIds) {
        target.removeLabel(faceId);
        target.removeSides(faceId);
        for (const personId of target.rejectedPersons(faceId)) target.unreject(faceId, personId);
      }
      return;
    case 'undo':
    case 'redo':
      return; // They decide which events count, see activeEvents.
  }
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

/** Rejections of the merged persons hold for the one that stays, but not for its own faces. */
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
    target.removePerson(mergedId);
  }
  for (const faceId of target.confirmedFaces(keptId)) target.unreject(faceId, keptId);
}

import type { FaceLabel, LabelTarget, PersonLabel } from './events.ts';

/** What a log of label events comes to, in memory. */
export interface LabelSnapshot {
  readonly persons: Map<number, PersonLabel>;
  readonly labels: Map<number, FaceLabel>;
  /** Face to the persons it is not. */
  readonly rejections: Map<number, Set<number>>;
  /** Face to split to side. */
  readonly sides: Map<number, Map<number, 0 | 1>>;
}

/** @param drawnFaceIds faces marked by hand, absent until an event draws them */
export function createMemoryTarget(
  drawnFaceIds: readonly number[] = [],
): LabelTarget & { readonly snapshot: LabelSnapshot } {
  const persons = new Map<number, PersonLabel>();
  const labels = new Map<number, FaceLabel>(
    drawnFaceIds.map((faceId) => [faceId, { state: 'absent', personId: null }]),
  );
  const rejections = new Map<number, Set<number>>();
  const sides = new Map<number, Map<number, 0 | 1>>();
  const ascending = (a: number, b: number) => a - b;
  return {
    snapshot: { persons, labels, rejections, sides },
    person: (personId) => persons.get(personId),
    setPerson: (personId, person) => void persons.set(personId, person),
    removePerson: (personId) => void persons.delete(personId),
    label: (faceId) => labels.get(faceId),
    setLabel: (faceId, label) => void labels.set(faceId, label),
    removeLabel: (faceId) => void labels.delete(faceId),
    confirmedFaces: (personId) =>
      [...labels]
        .filter(([, label]) => label.personId === personId)
        .map(([faceId]) => faceId)
        .sort(ascending),
    reject(faceId, personId) {
      const set = rejections.get(faceId) ?? new Set();
      rejections.set(faceId, set.add(personId));
    },
    unreject(faceId, personId) {
      const set = rejections.get(faceId);
      set?.delete(personId);
      if (set?.size === 0) rejections.delete(faceId);
    },
    rejectedPersons: (faceId) => [...(rejections.get(faceId) ?? [])].sort(ascending),
    rejectedFaces: (personId) =>
      [...rejections]
        .filter(([, set]) => set.has(personId))
        .map(([faceId]) => faceId)
        .sort(ascending),
    setSide(faceId, splitId, side) {
      const ofFace = sides.get(faceId) ?? new Map<number, 0 | 1>();
      if (!ofFace.has(splitId)) ofFace.set(splitId, side);
      sides.set(faceId, ofFace);
    },
    side: (faceId, splitId) => sides.get(faceId)?.get(splitId),
    removeSide(faceId, splitId) {
      const ofFace = sides.get(faceId);
      ofFace?.delete(splitId);
      if (ofFace?.size === 0) sides.delete(faceId);
    },
    splitsOf: (faceId) => [...(sides.get(faceId)?.keys() ?? [])].sort(ascending),
  };
}

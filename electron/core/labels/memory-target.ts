import type { FaceLabel, LabelTarget } from './events.ts';

/** What a log of label events comes to, in memory. */
export interface LabelSnapshot {
  readonly persons: Map<number, string>;
  readonly labels: Map<number, FaceLabel>;
  /** Face to the persons it is not. */
  readonly rejections: Map<number, Set<number>>;
  /** Face to event to side. */
  readonly sides: Map<number, Map<number, 0 | 1>>;
}

export function createMemoryTarget(): LabelTarget & { readonly snapshot: LabelSnapshot } {
  const persons = new Map<number, string>();
  const labels = new Map<number, FaceLabel>();
  const rejections = new Map<number, Set<number>>();
  const sides = new Map<number, Map<number, 0 | 1>>();
  const ascending = (a: number, b: number) => a - b;
  return {
    snapshot: { persons, labels, rejections, sides },
    personName: (personId) => persons.get(personId),
    setPerson: (personId, name) => void persons.set(personId, name),
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
    setSide(faceId, eventId, side) {
      const ofFace = sides.get(faceId) ?? new Map<number, 0 | 1>();
      if (!ofFace.has(eventId)) ofFace.set(eventId, side);
      sides.set(faceId, ofFace);
    },
    removeSides: (faceId) => void sides.delete(faceId),
  };
}

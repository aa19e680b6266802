import { unpackFeatures } from '../../core/features.ts';
import { FEATURE_SIZE } from '../../core/head.ts';
import { chooseSome, createRandom } from '../../core/random.ts';
import type { TrainingFaces } from '../../core/training/training-faces.ts';
import { learningTuning } from '../../core/tuning.ts';
import type { LearnableFaceRow } from '../../store/heads.ts';
import type { Store } from '../../store/store.ts';

export interface GatheredFaces {
  readonly faces: TrainingFaces;
  readonly faceIds: readonly number[];
  /** Day, or photo where no day is known, of each row: what is held out together. */
  readonly events: Int32Array;
  /** The same for the same labels and faces. */
  readonly fingerprint: string;
}

/** Reads what a training learns from: named faces, and such without a name, likely ones first. */
export function gatherFaces(store: Store, seed: number): GatheredFaces {
  const rows = chooseFaces(store.heads.learnable(), seed);
  const rowOf = new Map(rows.map(({ faceId }, row) => [faceId, row]));
  const features = new Float32Array(rows.length * FEATURE_SIZE);
  for (const stored of store.faces.features(0)) {
    const row = rowOf.get(stored.faceId);
    if (row !== undefined) features.set(unpackFeatures(stored.features), row * FEATURE_SIZE);
  }
  const { rejected, sides } = store.labels.constraints();
  const rejections = rejected.flatMap(({ faceId, personId }) => {
    const row = rowOf.get(faceId);
    return row === undefined ? [] : [{ row, person: personId }];
  });
  const days = new Map<string, number>();
  const events = Int32Array.from(rows, ({ day, photoId }) => {
    const event = day ?? `photo ${photoId}`;
    if (!days.has(event)) days.set(event, days.size);
    return days.get(event)!;
  });
  const named = rows.filter(({ personId }) => personId !== null);
  return {
    faces: {
      features,
      persons: Int32Array.from(rows, ({ personId }) => personId ?? -1),
      photos: Int32Array.from(rows, ({ photoId }) => photoId),
      rejections,
      apart: splitPairs(sides, rowOf),
    },
    faceIds: rows.map(({ faceId }) => faceId),
    events,
    fingerprint: JSON.stringify([
      store.labels.lastEventId(),
      rows.length,
      named.length,
      rows.reduce((sum, { faceId }, row) => (sum + faceId * (row + 1)) % 1e9, 0),
    ]),
  };
}

function chooseFaces(all: readonly LearnableFaceRow[], seed: number): LearnableFaceRow[] {
  const { facesPerPerson, namedFaces, allFaces } = learningTuning;
  const random = createRandom(seed);
  const byPerson = Map.groupBy(
    all.filter(({ personId }) => personId !== null),
    ({ personId }) => personId!,
  );
  const ofPersons = [...byPerson.values()].map((rows) => chooseSome(rows, facesPerPerson, random));
  const named = chooseSome(ofPersons.flat(), namedFaces, random);
  const unnamed = all.filter(({ personId }) => personId === null);
  const likely = unnamed.filter(({ likelyPersonId }) => likelyPersonId !== null);
  const others = unnamed.filter(({ likelyPersonId }) => likelyPersonId === null);
  const left = allFaces - named.length;
  const chosen = chooseSome(likely, left, random);
  chosen.push(...chooseSome(others, left - chosen.length, random));
  return [...named, ...chosen].sort((a, b) => a.faceId - b.faceId);
}

function splitPairs(
  sides: readonly { readonly faceId: number; readonly eventId: number; readonly side: 0 | 1 }[],
  rowOf: ReadonlyMap<number, number>,
): [number, number][] {
  const pairs: [number, number][] = [];
  for (const faces of Map.groupBy(sides, ({ eventId }) => eventId).values()) {
    const rows = (wanted: 0 | 1) =>
      faces.flatMap(({ faceId, side }) => {
        const row = rowOf.get(faceId);
        return side === wanted && row !== undefined ? [row] : [];
      });
    const others = rows(1);
    for (const a of rows(0)) for (const b of others) pairs.push([a, b]);
  }
  return pairs.slice(0, learningTuning.splitPairs);
}

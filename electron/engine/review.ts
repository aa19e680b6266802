import type { ReviewQuestion, ReviewQueue } from '../contract/review.ts';
import { reviewTuning } from '../core/tuning.ts';
import type { Store } from '../store/store.ts';

/** What to ask next: those questions first whose answers settle most faces. */
export function reviewQueue(store: Store, limit: number): ReviewQueue {
  const { review } = store;
  const { facesShown, facesOfPerson, facesPerPage, facesPerAnswer } = reviewTuning;
  const person = (personId: number, name: string) => ({
    personId,
    name,
    faceIds: review.confirmedFaces(personId, facesOfPerson),
  });
  type Weighed = { readonly weight: number; readonly make: () => ReviewQuestion };
  const suggestions = review.isPerson(limit * 2, reviewTuning.leastProbability);
  const asked = new Set<number>();
  const weighed: Weighed[] = [];
  for (const row of review.split(limit)) {
    const open = review.openFaces(row.clusterId, facesPerAnswer);
    const side = new Set(JSON.parse(row.faceIds) as number[]);
    const faceIds = open.filter((faceId) => side.has(faceId));
    const otherFaceIds = open.filter((faceId) => !side.has(faceId));
    // Until it is grouped anew, the user's words may have taken a side away.
    if (faceIds.length === 0 || otherFaceIds.length === 0) continue;
    // Who they are is asked once it is clear how many they are.
    asked.add(row.clusterId);
    const { clusterId, faceCount } = row;
    weighed.push({
      weight: faceCount * row.probability,
      make: () => ({
        kind: 'split',
        key: `split ${row.firstFaceId}`,
        faceCount,
        clusterId,
        faceIds,
        otherFaceIds,
      }),
    });
  }
  for (const row of suggestions) {
    // A group is asked about one thing at a time, and one person, the likeliest first.
    if (asked.has(row.clusterId)) continue;
    asked.add(row.clusterId);
    weighed.push({
      weight: row.faceCount * (1 + row.probability),
      make: () => ({
        kind: 'is-person',
        key: `is-person ${row.clusterId} ${row.personId}`,
        faceCount: row.faceCount,
        clusterId: row.clusterId,
        faceIds: review.openFaces(row.clusterId, facesPerAnswer),
        person: person(row.personId, row.name),
        probability: row.probability,
      }),
    });
  }
  for (const row of review.who(limit)) {
    if (asked.has(row.clusterId)) continue;
    weighed.push({
      weight: row.faceCount,
      make: () => ({
        kind: 'who',
        key: `who ${row.clusterId}`,
        faceCount: row.faceCount,
        clusterId: row.clusterId,
        faceIds: review.openFaces(row.clusterId, facesShown),
        suggestedPersonId: review.likeliestPerson(row.clusterId),
      }),
    });
  }
  for (const row of review.confirm(limit)) {
    const faceCount = Math.min(row.faceCount, facesPerPage);
    weighed.push({
      weight: faceCount,
      make: () => ({
        kind: 'confirm',
        key: `confirm ${row.personId}`,
        faceCount,
        faceIds: review.suggestedFaces(row.personId, facesPerPage),
        person: person(row.personId, row.name),
      }),
    });
  }
  for (const row of review.same(limit, reviewTuning.leastShare)) {
    weighed.push({
      weight: row.faceCount * row.probability,
      make: () => ({
        kind: 'same',
        key: `same ${row.personA} ${row.personB}`,
        faceCount: row.faceCount,
        persons: [person(row.personA, row.nameA), person(row.personB, row.nameB)],
        probability: row.probability,
      }),
    });
  }
  return {
    questions: weighed
      .sort((a, b) => b.weight - a.weight)
      .slice(0, limit)
      .map(({ make }) => make()),
    namedShare: review.namedShare(),
  };
}

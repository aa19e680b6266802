import fc from 'fast-check';
import type { LabelEvent, SingleEvent } from '../../../electron/core/labels/events.ts';

/** Faces 1 to 8, of which 7 and 8 are marked by hand, and persons 1 to 3. */
export const faceIdsInUse = [1, 2, 3, 4, 5, 6, 7, 8] as const;
export const drawnFaceIds = [7, 8] as const;
export const personIdsInUse = [1, 2, 3] as const;

const faceId = fc.constantFrom(...faceIdsInUse);
const faceIds = fc.uniqueArray(faceId, { minLength: 1, maxLength: 4 });
const personId = fc.constantFrom(...personIdsInUse);
const of = <T extends string>(...types: T[]) => fc.constantFrom(...types);

export const singleEvent = fc.oneof(
  fc.record({ type: of('name'), personId, name: fc.constantFrom('Anna', 'Ben'), faceIds }),
  fc.record({ type: of('confirm'), personId, faceIds }),
  fc.record({ type: of('rename'), personId, name: fc.constantFrom('Carl', 'Dora') }),
  fc.record({ type: of('reject'), personId, faceIds }),
  fc.record({
    type: of('merge'),
    personIds: fc.uniqueArray(personId, { minLength: 2, maxLength: 3 }),
  }),
  fc.record({ type: of('split'), faceIds, fromFaceIds: faceIds }),
  fc.record({ type: of('ignore', 'not-a-face', 'reset'), faceIds }),
  fc.record({
    type: of('hide', 'show', 'forget'),
    personIds: fc.uniqueArray(personId, { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ type: of('cover'), personId, faceId: fc.option(faceId) }),
  fc.record({ type: of('birth'), personId, birthDate: fc.constantFrom('2001-02-03', null) }),
  fc.record({ type: of('draw'), faceIds: fc.constantFrom([7], [8], [7, 8]) }),
  fc
    .uniqueArray(faceId, { minLength: 2, maxLength: 2 })
    .map(([from = 1, to = 2]) => ({ type: 'replace' as const, faceId: from, withFaceId: to })),
) satisfies fc.Arbitrary<SingleEvent>;

export const labelEvent: fc.Arbitrary<Exclude<LabelEvent, { eventId: number }>> = fc.oneof(
  { weight: 5, arbitrary: singleEvent },
  {
    weight: 1,
    arbitrary: fc.record({
      type: of('several'),
      events: fc.array(singleEvent, { minLength: 1, maxLength: 3 }),
    }),
  },
);

import { z } from 'zod';
import { ClusterId, EventId, FaceId, PersonId, Timestamp } from './entities.ts';

export const PersonName = z
  .string()
  .transform((name) => name.normalize('NFC').replace(/\s+/gu, ' ').trim())
  .pipe(z.string().min(1, 'A name needs at least one letter.').max(200, 'This name is too long.'));

const Faces = z.array(FaceId).min(1, 'No faces were chosen.').max(1_000_000);

const Persons = z.array(PersonId).min(1, 'No people were chosen.').max(100_000);
/** A day as in `2011-05-30`. */
export const BirthDate = z.iso.date('Give the date as year-month-day: 2011-05-30.');

const singleActions = [
  /**
   * `name` names a group, some faces, or renames a person; naming like an existing person adds to
   * that person (or merges, when a person is renamed so).
   */
  z
    .object({
      type: z.literal('name'),
      clusterId: ClusterId.optional(),
      faceIds: Faces.optional(),
      personId: PersonId.optional(),
      name: PersonName,
    })
    .refine(
      (action) =>
        [action.clusterId, action.faceIds, action.personId].filter((target) => target !== undefined)
          .length === 1,
      'Name exactly one of clusterId, faceIds and personId.',
    ),
  /** These faces are this person; moves faces that were another's. */
  z.object({ type: z.literal('confirm'), faceIds: Faces, personId: PersonId }),
  /** These faces are not this person. */
  z.object({ type: z.literal('reject'), faceIds: Faces, personId: PersonId }),
  /** All are one person, groups without a name too: the first person keeps its name. */
  z.object({
    type: z.literal('merge'),
    personIds: Persons,
    clusterIds: z.array(ClusterId).max(100_000).default([]),
  }),
  /** These faces are one person, not that of the group or person they are in. */
  z.object({ type: z.literal('split'), faceIds: Faces }),
  /** Faces nobody wants named: passers-by, statues, posters. */
  z.object({ type: z.literal('ignore'), faceIds: Faces }),
  z.object({ type: z.literal('not-a-face'), faceIds: Faces }),
  /** Takes back whatever was said of these faces. */
  z.object({ type: z.literal('reset'), faceIds: Faces }),
  /** Hidden people are left out of People until asked for. */
  z.object({ type: z.literal('hide'), personIds: Persons }),
  z.object({ type: z.literal('show'), personIds: Persons }),
  /** Deletes names; the faces stay, without a name. */
  z.object({ type: z.literal('forget'), personIds: Persons }),
  /** The face that stands for a person; null leaves the choice to Kith. */
  z.object({ type: z.literal('cover'), personId: PersonId, faceId: FaceId.nullable() }),
  z.object({ type: z.literal('birth'), personId: PersonId, birthDate: BirthDate.nullable() }),
] as const;

export const SingleAction = z.discriminatedUnion('type', singleActions);
export type SingleAction = z.infer<typeof SingleAction>;

/** One action of the user: one entry of the history, one undo. */
export const LabelAction = z.discriminatedUnion('type', [
  ...singleActions,
  /** Said in one go. */
  z.object({ type: z.literal('several'), actions: z.array(SingleAction).min(1).max(100_000) }),
  z.object({ type: z.literal('undo') }),
  z.object({ type: z.literal('redo') }),
  /** Takes one action back out of order; refused while a later one builds on it. */
  z.object({ type: z.literal('revert'), eventId: EventId }),
]);
export type LabelAction = z.infer<typeof LabelAction>;

export const LabelResult = z.object({
  eventId: EventId.nullable(),
  /**
   * What was done, undone or redone, for the toast and the history: "Named 12 faces Anna". Null when
   * nothing was to undo or redo.
   */
  description: z.string().nullable(),
  personId: PersonId.nullable(),
  faceCount: z.int(),
});
export type LabelResult = z.infer<typeof LabelResult>;

export const HistoryEntry = z.object({
  eventId: EventId,
  description: z.string(),
  at: Timestamp,
  undone: z.boolean(),
  /** Some of the faces it was about. */
  faceIds: z.array(FaceId),
  /** All of them. */
  faceCount: z.int(),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;

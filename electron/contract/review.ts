import { z } from 'zod';
import { ClusterId, FaceId, PersonId } from './entities.ts';

const question = {
  /** Names the question, so that it can be put off. */
  key: z.string(),
  /** Faces that an answer settles. */
  faceCount: z.int(),
};

const PersonSide = z.object({
  personId: PersonId,
  name: z.string(),
  /** Confirmed faces, those first that tell most. */
  faceIds: z.array(FaceId),
});

/** One question whose answer is a label action, or a putting off. */
export const ReviewQuestion = z.discriminatedUnion('kind', [
  /** Who is this? Answered by naming the group. */
  z.object({
    kind: z.literal('who'),
    ...question,
    clusterId: ClusterId,
    faceIds: z.array(FaceId),
    /** Who it may be, but too unlikely to be asked about: offered first when a name is given. */
    suggestedPersonId: PersonId.nullable(),
  }),
  /** Is this group that person? Yes confirms its faces, no rejects them. */
  z.object({
    kind: z.literal('is-person'),
    ...question,
    clusterId: ClusterId,
    faceIds: z.array(FaceId),
    person: PersonSide,
    /** 0 to 1. */
    probability: z.number(),
  }),
  /** Are these all that person? Confirms a page of faces that grouping put with a person. */
  z.object({
    kind: z.literal('confirm'),
    ...question,
    faceIds: z.array(FaceId),
    person: PersonSide,
  }),
  /** Are these two persons one? Yes merges them. */
  z.object({
    kind: z.literal('same'),
    ...question,
    persons: z.tuple([PersonSide, PersonSide]),
    probability: z.number(),
  }),
  /** Are these two people in one group? Yes splits the faces off; no, and it is not asked again. */
  z.object({
    kind: z.literal('split'),
    ...question,
    clusterId: ClusterId,
    faceIds: z.array(FaceId),
    otherFaceIds: z.array(FaceId),
  }),
]);
export type ReviewQuestion = z.infer<typeof ReviewQuestion>;

export const ReviewQueue = z.object({
  /** Those first that settle most faces. */
  questions: z.array(ReviewQuestion),
  /** Share of faces that carry a confirmed name, of those in groups of two and more or named, 0 to 1. */
  namedShare: z.number(),
});
export type ReviewQueue = z.infer<typeof ReviewQueue>;

/** Pairs of faces that show why two groups may be one person. */
export const AlikeFaces = z.array(
  z.object({
    faceId: FaceId,
    otherFaceId: FaceId,
    /** Cosine similarity, −1 to 1. */
    similarity: z.number(),
  }),
);

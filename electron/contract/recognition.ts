import { z } from 'zod';
import { Box, FaceId, PersonId } from './entities.ts';
import { maxPhotoBytes } from './limits.ts';

const base64 = /^[\w+/]*={0,2}$/u;

/** The bytes of a photo from outside the library, base64. They are looked at and forgotten. */
export const PhotoBytes = z
  .string()
  .max(Math.ceil(maxPhotoBytes / 3) * 4, 'This photo is too large. Choose one of up to 12 MB.')
  .regex(base64, 'This is no photo.');

/**
 * Brings a face's picture, its side taken as 1, into the position in which the encoder sees faces:
 * x' = xx·x + xy·y + x0, y' = yx·x + yy·y + y0.
 */
export const Alignment = z.object({
  xx: z.number(),
  xy: z.number(),
  x0: z.number(),
  yx: z.number(),
  yy: z.number(),
  y0: z.number(),
});
export type Alignment = z.infer<typeof Alignment>;

export const LookedFace = z.object({
  box: Box,
  /** JPEG, base64. */
  picture: z.string(),
  alignment: Alignment,
  /** What `faces.verify` compares it by; 512 numbers of 16 bits, base64. */
  features: z.string(),
  /** Null: unknown, nobody in the library resembles this face enough. */
  person: z
    .object({
      personId: PersonId,
      name: z.string(),
      /** The named face that it resembles most. */
      faceId: FaceId,
      /** Of being one person with that face, 0 to 1. */
      probability: z.number(),
    })
    .nullable(),
});
export type LookedFace = z.infer<typeof LookedFace>;

export const LookedPhoto = z.object({
  /** The photo made smaller, JPEG, base64: browsers do not show every format. */
  preview: z.string(),
  width: z.int(),
  height: z.int(),
  /** Largest and nearest to the middle first. */
  faces: z.array(LookedFace),
});
export type LookedPhoto = z.infer<typeof LookedPhoto>;

/** A face of the library, or one of a photo that was looked at. */
export const VerifySide = z.union([
  z.object({ faceId: FaceId }).strict(),
  z.object({ features: z.string().length(1368).regex(base64, 'These are no features.') }).strict(),
]);
export type VerifySide = z.infer<typeof VerifySide>;

export const Verification = z.object({
  /** −1 to 1. */
  cosineSimilarity: z.number(),
  /** Squared Euclidean distance of the unit vectors, 0 to 4. */
  squaredDistance: z.number(),
  /** Of being one person, if as many pairs of one person as of two were shown; 0 to 1. */
  probability: z.number(),
  same: z.boolean(),
  /** Cosine similarity from which two faces are said to be one person. */
  threshold: z.number(),
});
export type Verification = z.infer<typeof Verification>;

export const FaceVerification = Verification.extend({
  /** Of the sides that are faces of the library. */
  alignments: z.tuple([Alignment.nullable(), Alignment.nullable()]),
});
export type FaceVerification = z.infer<typeof FaceVerification>;

import { z } from 'zod';

export const MapDimensions = z.union([z.literal(2), z.literal(3)]);
export type MapDimensions = z.infer<typeof MapDimensions>;

/** Little-endian numbers in base64, since some lines carry text alone. */
const Packed = z.base64();

/** Where each face lies, as seen by one head. Faces that are alike lie together. */
export const FaceMap = z.object({
  /** The head. */
  version: z.string(),
  dimensions: MapDimensions,
  faces: z.int(),
  /** Of these, laid out by their neighbourhoods; the others lie beside those they resemble. */
  laidOut: z.int(),
  /**
   * Face ids, rising, 32 bits each; then their coordinates, 16 bits each, face by face, where 0 to
   * 65,535 stands for −2 to 2. Most faces lie within 1 of the middle.
   */
  points: Packed,
});
export type FaceMap = z.infer<typeof FaceMap>;

/** Whose the faces on show are. */
export const FaceOwners = z.object({
  faces: z.int(),
  /**
   * Face ids, rising, 32 bits each; then their owners, 32 bits with sign: a person as it is, a group
   * without a name negative, 0 nobody.
   */
  owners: Packed,
});
export type FaceOwners = z.infer<typeof FaceOwners>;

export const MapProgress = z.object({
  version: z.string(),
  dimensions: MapDimensions,
  /** 0 to 1. */
  share: z.number(),
});
export type MapProgress = z.infer<typeof MapProgress>;

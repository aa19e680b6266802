import { z } from 'zod';
import { BirthDate, LabelResult, PersonName } from './labels.ts';

const fraction = z.number().min(-1).max(2);
/** Place in `people`. */
const PersonPlace = z.int().min(0);

/** What was said of one face, which is known by its photo and its box. */
export const DocumentFace = z.object({
  /** Left, top, width, height as fractions of the upright photo. */
  box: z.tuple([fraction, fraction, fraction, fraction]),
  /** Left out where nothing but `not` and `splits` says something of the face. */
  state: z.enum(['confirmed', 'ignored', 'not-a-face']).optional(),
  /** With `confirmed`: who it is. */
  person: PersonPlace.optional(),
  /** People it is not. */
  not: z.array(PersonPlace).optional(),
  /** It stands for its person. */
  cover: z.literal(true).optional(),
  /** Marked by hand: detection did not find it. */
  drawn: z.literal(true).optional(),
});
export type DocumentFace = z.infer<typeof DocumentFace>;

/**
 * All that the user said of a library, in a form that fits a library built anew elsewhere: people by
 * name, photos by content, faces by box. Described in docs/labels.md.
 */
export const LabelDocument = z
  .object({
    format: z.literal('kith-labels', 'This file does not hold labels of Kith.'),
    version: z.literal(1, 'This file was written by a newer version of Kith. Update Kith first.'),
    people: z.array(
      z.object({
        name: PersonName,
        hidden: z.literal(true).optional(),
        birthDate: BirthDate.optional(),
      }),
    ),
    photos: z.array(
      z.object({
        sha256: z.string().regex(/^[0-9a-f]{64}$/u),
        faces: z.array(DocumentFace).min(1),
      }),
    ),
    /**
     * Faces that were split: those of the first list are other people than those of the second. Faces
     * are numbered from 0 through all photos.
     */
    splits: z.array(z.tuple([z.array(z.int().min(0)), z.array(z.int().min(0))])),
  })
  .refine(
    ({ people, photos }) =>
      photos.every(({ faces }) =>
        faces.every(
          (face) =>
            (face.state === 'confirmed') === (face.person !== undefined) &&
            [face.person ?? 0, ...(face.not ?? [])].every(
              (place) => place === 0 || place < people.length,
            ) &&
            (face.person === undefined || people.length > 0),
        ),
      ),
    'This file contradicts itself: it names people whom it does not list.',
  );
export type LabelDocument = z.infer<typeof LabelDocument>;

export const ImportResult = LabelResult.extend({
  /** Faces of the file that are in this library, and those that are not (yet). */
  matched: z.int(),
  missing: z.int(),
});
export type ImportResult = z.infer<typeof ImportResult>;

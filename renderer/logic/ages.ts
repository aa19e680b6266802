import type { FaceSummary } from '../../electron/contract/entities.ts';

/**
 * Whole years from a birth date (`2011-05-30`) to a camera's local time; null where the time is not
 * known or lies before the birth.
 */
export function ageAt(birthDate: string, takenAt: string | null): number | null {
  if (takenAt === null || takenAt.slice(0, 10) < birthDate) return null;
  const years = Number(takenAt.slice(0, 4)) - Number(birthDate.slice(0, 4));
  // ISO dates sort as text.
  return takenAt.slice(5, 10) < birthDate.slice(5, 10) ? years - 1 : years;
}

/** What a part of a person's faces has in common: an age or a year; null where it is not known. */
export interface Era {
  readonly value: number | null;
  readonly faces: readonly FaceSummary[];
}

/** Faces by age, youngest first; those of no known age last. */
export function byAge(faces: readonly FaceSummary[], birthDate: string): Era[] {
  return eras(faces, (face) => ageAt(birthDate, face.takenAt), 1);
}

/** Faces by the year they were taken in, newest first; those of no known year last. */
export function byYear(faces: readonly FaceSummary[]): Era[] {
  const yearOf = ({ takenAt }: FaceSummary) =>
    takenAt === null ? null : Number(takenAt.slice(0, 4));
  return eras(faces, yearOf, -1);
}

function eras(
  faces: readonly FaceSummary[],
  valueOf: (face: FaceSummary) => number | null,
  direction: 1 | -1,
): Era[] {
  const last = direction * Infinity;
  return [...Map.groupBy(faces, valueOf)]
    .sort(([a], [b]) => direction * ((a ?? last) - (b ?? last)))
    .map(([value, members]) => ({
      value,
      faces: members.toSorted(
        (a, b) =>
          direction * (a.takenAt ?? '').localeCompare(b.takenAt ?? '') || a.faceId - b.faceId,
      ),
    }));
}

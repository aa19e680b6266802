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

/** Faces of one age; null where it is not known. */
export interface Era<T> {
  readonly value: number | null;
  readonly faces: readonly T[];
}

/** Faces by age, youngest first; those of no known age last. */
export function byAge<T extends Pick<FaceSummary, 'faceId' | 'takenAt'>>(
  faces: readonly T[],
  birthDate: string,
): Era<T>[] {
  return [...Map.groupBy(faces, (face) => ageAt(birthDate, face.takenAt))]
    .sort(([a], [b]) => (a ?? Infinity) - (b ?? Infinity))
    .map(([value, members]) => ({
      value,
      faces: members.toSorted(
        (a, b) => (a.takenAt ?? '').localeCompare(b.takenAt ?? '') || a.faceId - b.faceId,
      ),
    }));
}

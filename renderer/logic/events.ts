/** What tells which event a face belongs to. */
interface Taken {
  readonly faceId: number;
  /** Local time as cameras write it; null where it is not known. */
  readonly takenAt: string | null;
  /** Name of the folder that the photo lies in. */
  readonly folder: string | null;
}

/** Photos close in time inside one year, or those of one folder whose time is not known. */
export interface Event<T extends Taken> {
  /** First and last day as in `2019-07-14`; null where the time is not known. */
  readonly days: readonly [first: string, last: string] | null;
  /** The folder that most of its photos lie in. */
  readonly folder: string | null;
  readonly faces: readonly T[];
}

/** Hours without a photo after which it is another event: a night is less, days off are more. */
const gapHours = 36;
/** Where the folder changes as well: whoever sorts photos into folders says that it is. */
const gapHoursBetweenFolders = 4;
/** Faces an event of a year has on average, fewer than which the year is shown as one. */
const facesPerEvent = 3;

/** Faces by event, newest first; those of no known time last, by folder. */
export function byEvent<T extends Taken>(faces: readonly T[]): Event<T>[] {
  const timed = faces
    .filter((face) => face.takenAt !== null)
    .sort((a, b) => b.takenAt!.localeCompare(a.takenAt!) || a.faceId - b.faceId);
  const events: T[][] = [];
  for (const face of timed) {
    const event = events.at(-1);
    if (event && belongs(event.at(-1)!, face)) event.push(face);
    else events.push([face]);
  }
  const years = Map.groupBy(events, ([first]) => first!.takenAt!.slice(0, 4));
  const shown = [...years.values()].flatMap((ofYear) => {
    const all = ofYear.flat();
    return all.length < facesPerEvent * ofYear.length ? [all] : ofYear;
  });
  const untimed = Map.groupBy(
    faces.filter((face) => face.takenAt === null),
    ({ folder }) => folder,
  );
  return [
    ...shown.map((members) => eventOf(members)),
    ...[...untimed]
      .sort(([a], [b]) => (a ?? '').localeCompare(b ?? ''))
      .map(([folder, members]) => ({ days: null, folder, faces: members })),
  ];
}

/** @param earlier taken before `later`, the nearest of its event */
function belongs(later: Taken, earlier: Taken): boolean {
  if (later.takenAt!.slice(0, 4) !== earlier.takenAt!.slice(0, 4)) return false;
  // Both without a zone: read as UTC, their distance is what it was.
  const hours = (Date.parse(`${later.takenAt!}Z`) - Date.parse(`${earlier.takenAt!}Z`)) / 3_600_000;
  return hours <= (later.folder === earlier.folder ? gapHours : gapHoursBetweenFolders);
}

function eventOf<T extends Taken>(faces: readonly T[]): Event<T> {
  const folders = Map.groupBy(faces, ({ folder }) => folder);
  const [most] = [...folders].sort((a, b) => b[1].length - a[1].length);
  return {
    days: [faces.at(-1)!.takenAt!.slice(0, 10), faces[0]!.takenAt!.slice(0, 10)],
    folder: most?.[0] ?? null,
    faces,
  };
}

const day = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' });

/** "July 12 – 14, 2019", a single day, or only the year where the days are far apart. */
export function dayRange([first, last]: readonly [string, string]): string {
  const [from, to] = [new Date(`${first}T00:00:00Z`), new Date(`${last}T00:00:00Z`)];
  if (Number.isNaN(from.getTime()) || Number.isNaN(to.getTime())) return first.slice(0, 4);
  const days = (to.getTime() - from.getTime()) / 86_400_000;
  return days > 31 ? first.slice(0, 4) : day.formatRange(from, to);
}

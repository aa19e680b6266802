const integer = new Intl.NumberFormat('en');
const decimal = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

export function count(value: number): string {
  return integer.format(value);
}

export function rate(value: number): string {
  return value >= 10 ? integer.format(Math.round(value)) : decimal.format(value);
}

/** Seconds as a person would say them: "40 s", "12 min", "3 h 5 min". */
export function duration(seconds: number): string {
  if (seconds < 60) return `${String(Math.max(1, Math.round(seconds)))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${String(minutes)} min`;
  const rest = minutes % 60;
  return `${integer.format(Math.floor(minutes / 60))} h${rest === 0 ? '' : ` ${String(rest)} min`}`;
}

export function bytes(value: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  let amount = value;
  let unit = 0;
  while (amount >= 1000 && unit < units.length - 1) {
    amount /= 1000;
    unit++;
  }
  return `${decimal.format(amount)} ${units[unit] ?? ''}`;
}

/**
 * A camera's local time in words, or null where the text is none. Read as UTC and shown as UTC,
 * so that the hour stays the one the camera wrote.
 */
export function takenAt(local: string | null, withTime = true): string | null {
  if (local === null || !/^\d{4}-\d\d-\d\dT/u.test(local)) return null;
  const moment = new Date(`${local}Z`);
  if (Number.isNaN(moment.getTime())) return null;
  return moment.toLocaleString('en', {
    timeZone: 'UTC',
    dateStyle: 'long',
    ...(withTime ? { timeStyle: 'short' } : {}),
  });
}

/** The day of a moment on this computer: "Monday, 3 May 2024" in the user's way. */
export function day(moment: number): string {
  return new Date(moment).toLocaleDateString('en', { dateStyle: 'full' });
}

export function clock(moment: number): string {
  return new Date(moment).toLocaleTimeString('en', { timeStyle: 'short' });
}

/** A day such as `2011-05-30` in words. */
export function birthday(date: string): string {
  return takenAt(`${date}T00:00:00`, false) ?? date;
}

/** The last part of a path of any system. */
export function fileName(path: string): string {
  return path.split(/[\\/]/u).findLast((part) => part !== '') ?? path;
}

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Time of the newest file in these files and folders, milliseconds; −Infinity where there is none. */
export function newestTime(places: readonly string[]): number {
  return Math.max(-Infinity, ...places.map(timeOf));
}

function timeOf(place: string): number {
  const stat = statSync(place, { throwIfNoEntry: false });
  if (!stat) return -Infinity;
  if (!stat.isDirectory()) return stat.mtimeMs;
  // A folder's own time tells of files that were taken away.
  const inner = readdirSync(place)
    .filter((name) => name !== 'node_modules' && !name.startsWith('.'))
    .map((name) => timeOf(join(place, name)));
  return Math.max(stat.mtimeMs, ...inner);
}

/** Whether the product is missing or older than anything it is made from. */
export function isStale(product: string, sources: readonly string[]): boolean {
  return newestTime([product]) < newestTime(sources);
}

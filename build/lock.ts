import { mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** A lock this old was left by a process that is gone: nothing here takes so long. */
const abandonedMilliseconds = 5 * 60_000;
const retryMilliseconds = 200;

/**
 * Does the work while no other process does its own under the same name; waits for others. Two
 * tests, or a test and `npm start`, may want the same product made at the same time.
 */
export async function withLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(folder), { recursive: true });
  while (!take(folder)) await wait(retryMilliseconds);
  try {
    return await work();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Making a folder either succeeds or fails as one step, on every file system. */
function take(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const made = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
  if (Date.now() - made > abandonedMilliseconds) rmSync(folder, { recursive: true, force: true });
  return false;
}

import { open, readFile, rm, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const MILLISECONDS_BETWEEN_LOOKS = 100;

/**
 * Runs `work` while no other process does under the same lock file: trials at the same time would
 * take the processor from each other and measure that.
 *
 * A lock whose process has ended is taken over. Where no file can be made, `work` runs unlocked.
 *
 * @param maxAge milliseconds that `work` may take: an older lock is a leftover, whose process number
 *   may be another's by now.
 */
export async function exclusively<T>(
  path: string,
  maxAge: number,
  work: () => Promise<T>,
): Promise<T> {
  let locked = await lock(path, maxAge);
  while (locked === 'taken') {
    await delay(MILLISECONDS_BETWEEN_LOOKS);
    locked = await lock(path, maxAge);
  }
  try {
    return await work();
  } finally {
    if (locked === 'mine') await rm(path, { force: true });
  }
}

async function lock(path: string, maxAge: number): Promise<'mine' | 'taken' | 'impossible'> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(String(process.pid));
    await file.close();
    return 'mine';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return 'impossible';
    if (await isHeld(path, maxAge)) return 'taken';
    await rm(path, { force: true });
    return 'taken';
  }
}

/** An empty file is one whose process is about to write its number. */
async function isHeld(path: string, maxAge: number): Promise<boolean> {
  const made = await stat(path).catch(() => undefined);
  if (made === undefined || Date.now() - made.mtimeMs > maxAge) return false;
  const text = await readFile(path, 'utf8').catch(() => '');
  if (text === '') return true;
  try {
    process.kill(Number(text), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

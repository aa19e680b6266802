import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Path of a sibling module that starts a process or a thread: `.ts` when run from source, `.js`
 * when run compiled. `base` is the caller's import.meta.url, `name` is relative and has no extension.
 */
export function entryPath(base: string, name: string): string {
  return fileURLToPath(new URL(`${name}${extname(fileURLToPath(base))}`, base));
}

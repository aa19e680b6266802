import { randomBytes } from 'node:crypto';
import { opendir, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import type { BrowseEntry, BrowseResult } from '../contract/entities.ts';
import { KithError } from '../contract/errors.ts';
import { isPhotoName } from './scan/walk.ts';

/** Entries of one folder that are counted at most, so that huge folders open at once. */
const countedEntries = 5000;

/**
 * Shows the folders of this computer for choosing one. Each is handed out under a random id, and
 * only ids that were handed out are accepted, so that a caller cannot name a path of its own.
 */
export class FolderBrowser {
  readonly #pathOfEntry = new Map<string, string>();
  readonly #entryOfPath = new Map<string, string>();
  readonly #home: string;

  constructor(home: string = homedir()) {
    this.#home = home;
  }

  /** @throws KithError when no such entry was handed out. */
  resolve(entryId: string): string {
    const path = this.#pathOfEntry.get(entryId);
    if (path === undefined) {
      throw new KithError('bad-request', 'Choose a folder from the list.');
    }
    return path;
  }

  async browse(entryId?: string): Promise<BrowseResult> {
    const path = entryId === undefined ? await this.#start() : this.resolve(entryId);
    const names: string[] = [];
    let photoCount = 0;
    let looked = 0;
    try {
      for await (const entry of await opendir(path)) {
        if (entry.name.startsWith('.')) continue;
        if (
          entry.isDirectory() ||
          (entry.isSymbolicLink() && (await isFolder(join(path, entry.name))))
        ) {
          names.push(entry.name);
        } else if (isPhotoName(entry.name)) photoCount++;
        if (++looked >= countedEntries) break;
      }
    } catch {
      throw new KithError('refused', 'This folder cannot be opened. Choose another one.');
    }
    names.sort((a, b) => a.localeCompare(b, undefined, { numeric: true, sensitivity: 'base' }));
    const parent = dirname(path);
    return {
      here: this.#entry(path, photoCount),
      parent: parent === path ? null : this.#entry(parent, null),
      folders: names.map((name) => this.#entry(join(path, name), null)),
      shortcuts: await this.#shortcuts(),
    };
  }

  #entry(path: string, photoCount: number | null): BrowseEntry {
    let entryId = this.#entryOfPath.get(path);
    if (entryId === undefined) {
      entryId = randomBytes(12).toString('base64url');
      this.#entryOfPath.set(path, entryId);
      this.#pathOfEntry.set(entryId, path);
    }
    return { entryId, name: basename(path) || path, path, photoCount };
  }

  async #start(): Promise<string> {
    const pictures = join(this.#home, 'Pictures');
    return (await isFolder(pictures)) ? pictures : this.#home;
  }

  async #shortcuts(): Promise<BrowseEntry[]> {
    const found = [join(this.#home, 'Pictures'), this.#home];
    const drives =
      process.platform === 'win32'
        ? 'CDEFGHIJKLMNOPQRSTUVWXYZ'.split('').map((letter) => `${letter}:\\`)
        : [];
    const mounts = process.platform === 'darwin' ? ['/Volumes'] : ['/media', '/mnt'];
    for (const mount of process.platform === 'win32' ? [] : mounts) {
      found.push(...(await subfolders(mount)));
    }
    const entries: BrowseEntry[] = [];
    for (const path of [...found, ...drives]) {
      if (await isFolder(path)) entries.push(this.#entry(resolve(path), null));
    }
    return entries;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

/** Folders in a place where drives appear, and one level down where Linux keeps them by user. */
async function subfolders(place: string): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const entry of await opendir(place)) {
      if (entry.isDirectory()) found.push(join(place, entry.name));
    }
  } catch {
    return [];
  }
  return found.sort();
}

/**
 * The real path of a folder that the hosting process names.
 *
 * @throws KithError when there is none.
 */
export async function resolveFolder(path: string): Promise<string> {
  let real: string;
  try {
    real = await realpath(resolve(path));
  } catch {
    throw new KithError('not-found', `There is no folder ${path}.`);
  }
  if (!(await isFolder(real))) {
    throw new KithError('bad-request', `${path} is not a folder. Name the folder that holds it.`);
  }
  return real;
}

import { opendir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';

const photoExtensions = new Set(
  '.jpg .jpeg .jpe .jfif .png .webp .tif .tiff .gif .avif .heic .heif .hif .jxl'.split(' '),
);

/** Folders that other programs fill with copies and pieces of photos. */
const foreignFolders = new Set([
  '$recycle.bin',
  'system volume information',
  'node_modules',
  '@eadir',
  'lost+found',
]);

/** Inside an Apple Photos library only these hold the user's own photos. */
const photosLibraryFolders = new Set(['originals', 'masters']);

export interface WalkedFile {
  readonly path: string;
  readonly byteSize: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
}

export type WalkStep =
  | { readonly kind: 'file'; readonly file: WalkedFile }
  /** A folder or file that could not be read; what lies below was not seen. */
  | { readonly kind: 'unreadable'; readonly path: string; readonly reason: string };

export function isPhotoName(name: string): boolean {
  return photoExtensions.has(extname(name).toLowerCase());
}

/**
 * Every photo below a folder, by name, folders in alphabetical order. Hidden files and folders are
 * left out; links are followed, each real folder entered once, so that loops end.
 */
export async function* walk(root: string): AsyncGenerator<WalkStep> {
  const entered = new Set<string>();
  const waiting = [root];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const names: string[] = [];
    try {
      const { dev, ino } = await stat(folder, { bigint: true });
      const identity = `${dev} ${ino}`;
      // Some Windows drives number no files; there a folder is only known by its path.
      if (ino !== 0n) {
        if (entered.has(identity)) continue;
        entered.add(identity);
      }
      for await (const entry of await opendir(folder)) names.push(entry.name);
    } catch (error) {
      yield { kind: 'unreadable', path: folder, reason: readableReason(error) };
      continue;
    }
    names.sort();
    const inPhotosLibrary = folder.toLowerCase().endsWith('.photoslibrary');
    const below: string[] = [];
    for (const name of names) {
      if (name.startsWith('.') || foreignFolders.has(name.toLowerCase())) continue;
      const path = join(folder, name);
      try {
        const found = await stat(path);
        if (found.isDirectory()) {
          if (!inPhotosLibrary || photosLibraryFolders.has(name.toLowerCase())) below.push(path);
        } else if (found.isFile() && isPhotoName(name)) {
          yield {
            kind: 'file',
            file: { path, byteSize: found.size, modifiedAt: found.mtimeMs },
          };
        }
      } catch (error) {
        if (isPhotoName(name)) yield { kind: 'unreadable', path, reason: readableReason(error) };
      }
    }
    waiting.push(...below.reverse());
  }
}

function readableReason(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EACCES':
    case 'EPERM':
      return 'Kith is not allowed to read this. Change its permissions and scan again.';
    case 'ENOENT':
      return 'This is a link to something that does not exist.';
    case 'ELOOP':
      return 'This link leads back to itself.';
    case 'ENAMETOOLONG':
      return 'The name of this file or its folders is too long for this computer.';
    default:
      return `This could not be read (${(error as Error).message}).`;
  }
}

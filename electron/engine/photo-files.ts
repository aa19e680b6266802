import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KithError } from '../contract/errors.ts';
import type { Store } from '../store/store.ts';
import { VisionFailure } from '../vision/failure.ts';
import type { VisionPool } from './vision-pool.ts';
import { previewTuning } from '../core/tuning.ts';

/** What every browser shows by itself, turned upright; not all obey the Exif of PNG and WebP. */
const shownAsIs: Readonly<Record<string, string>> = {
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  avif: 'image/avif',
};

export interface PhotoFile {
  readonly path: string;
  readonly contentType: string;
  readonly etag: string;
}

/** Finds or makes the file that shows a photo. Previews are kept, named by the photo's content. */
export class PhotoFiles {
  readonly #store: Store;
  readonly #pool: () => VisionPool;
  readonly #folder: string;
  readonly #making = new Map<string, Promise<void>>();

  constructor(store: Store, pool: () => VisionPool, folder: string) {
    this.#store = store;
    this.#pool = pool;
    this.#folder = folder;
  }

  /** @throws KithError when the photo is unknown, its files are gone, or it cannot be decoded. */
  async find(photoId: number, longestSide: number | null): Promise<PhotoFile> {
    const photo = this.#store.photos.byId(photoId);
    if (!photo) throw new KithError('not-found', 'This photo is not in the library.');
    const side = longestSide ?? previewTuning.fullSide;
    const asIs = shownAsIs[photo.format];
    const fits = longestSide === null || Math.max(photo.width, photo.height) <= longestSide;
    if (asIs && fits) {
      const path = await this.pathOf(photoId);
      return { path, contentType: asIs, etag: photo.sha256 };
    }
    const name = `${photo.sha256}-${side}.jpg`;
    const path = join(this.#folder, photo.sha256.slice(0, 2), name);
    if (!(await exists(path))) {
      let making = this.#making.get(name);
      if (!making) {
        making = this.#make(photoId, side, path).finally(() => this.#making.delete(name));
        this.#making.set(name, making);
      }
      await making;
    }
    return { path, contentType: 'image/jpeg', etag: `${photo.sha256}-${side}` };
  }

  async #make(photoId: number, longestSide: number, path: string): Promise<void> {
    const source = await this.pathOf(photoId);
    try {
      const { jpeg } = await this.#pool().request(
        { kind: 'preview', path: source, longestSide },
        { priority: 'user' },
      );
      await mkdir(join(path, '..'), { recursive: true });
      await writeFile(`${path}.new`, jpeg);
      await rename(`${path}.new`, path);
    } catch (error) {
      if (error instanceof VisionFailure) throw new KithError('refused', error.message);
      throw error;
    }
  }

  /** @throws KithError when no file of the photo is there. */
  async pathOf(photoId: number): Promise<string> {
    for (const { path } of this.#store.files.ofPhoto(photoId)) {
      if (await exists(path)) return path;
    }
    throw new KithError(
      'not-found',
      'The file of this photo is not there. Is its drive connected?',
    );
  }

  /** Removes the previews used least lately until the rest is small enough. */
  async prune(): Promise<void> {
    const files: { path: string; size: number; used: number }[] = [];
    for (const part of await readdir(this.#folder).catch(() => [])) {
      for (const name of await readdir(join(this.#folder, part)).catch(() => [])) {
        const path = join(this.#folder, part, name);
        const { size, atimeMs } = await stat(path);
        files.push({ path, size, used: atimeMs });
      }
    }
    files.sort((a, b) => a.used - b.used);
    let total = files.reduce((sum, file) => sum + file.size, 0);
    for (const file of files) {
      if (total <= previewTuning.maxBytes) return;
      await rm(file.path, { force: true });
      total -= file.size;
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

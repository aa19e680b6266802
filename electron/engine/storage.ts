import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Storage } from '../contract/entities.ts';

/** What a library takes up on the disk. */
export async function measureStorage(libraryFolder: string): Promise<Storage> {
  const part = (...names: string[]) => bytesOf(join(libraryFolder, ...names));
  const database = async (name: string) => {
    const sizes = await Promise.all([part(name), part(`${name}-wal`)]);
    return sizes.reduce((sum, size) => sum + size);
  };
  const [library, crops, previews, index, maps] = await Promise.all([
    database('library.sqlite'),
    database('crops.sqlite'),
    part('previews'),
    part('index'),
    part('maps'),
  ]);
  return { library, crops, previews, index: index + maps };
}

/** Size of a file, or of all files in a folder; 0 where there is none. */
async function bytesOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => null);
  if (!found?.isDirectory()) return found?.size ?? 0;
  const names = await readdir(path).catch(() => []);
  let sum = 0;
  for (const name of names) sum += await bytesOf(join(path, name));
  return sum;
}

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import { FEATURE_SIZE } from '../../electron/core/head.ts';
import { chooseSome, createRandom, type Random } from '../../electron/core/random.ts';
import { selectRows } from '../../electron/core/training/training-faces.ts';
import { readTable } from './truth.ts';

/** Faces with their true people. */
export interface Album {
  readonly name: string;
  readonly features: Float32Array;
  readonly identities: readonly string[];
  readonly photos: readonly string[];
  /** Paths inside the album's folder. */
  readonly faces: readonly string[];
}

/** Float32 rows of a NumPy file. */
export function readNpy(path: string): Float32Array {
  const bytes = readFileSync(path);
  const start = 10 + bytes.readUInt16LE(8);
  return new Float32Array(new Uint8Array(bytes.subarray(start)).buffer);
}

/**
 * The faces of truth.csv (face, identity and perhaps photo) that were found, with the features that
 * `kith embed --index e.csv --features f.npy` wrote into `cache`.
 */
export function readAlbum(folder: string, cache: string): Album {
  const all = readNpy(join(cache, 'f.npy'));
  const rowOf = new Map<string, number>();
  for (const { row, path, detected } of readTable(cache, 'e.csv')) {
    if (detected !== 'true') continue;
    rowOf.set(relative(resolve(folder), path!).split(sep).join('/'), Number(row));
  }
  const found = readTable(folder, 'truth.csv').filter(({ face }) => rowOf.has(face!));
  const features = new Float32Array(found.length * FEATURE_SIZE);
  for (const [at, { face }] of found.entries()) {
    const row = rowOf.get(face!)!;
    features.set(all.subarray(row * FEATURE_SIZE, (row + 1) * FEATURE_SIZE), at * FEATURE_SIZE);
  }
  return {
    name: resolve(folder).split(sep).at(-1)!,
    features,
    identities: found.map(({ identity }) => identity!),
    photos: found.map(({ face, photo }) => photo ?? face!),
    faces: found.map(({ face }) => face!),
  };
}

/**
 * The folder below `cacheRoot` with the features of an album, made by the command line when they are
 * not there yet.
 *
 * @throws Error when that does not work.
 */
export function embedAlbum(folder: string, cacheRoot: string): string {
  const cache = join(cacheRoot, basename(resolve(folder)));
  const at = (file: string) => join(cache, file);
  if (existsSync(at('f.npy')) && existsSync(at('e.csv'))) return cache;
  mkdirSync(cache, { recursive: true });
  const kith = join(import.meta.dirname, '../../electron/cli/main.ts');
  const outputs = ['--out', at('e.npy'), '--index', at('e.csv'), '--features', at('f.npy')];
  const embed = ['embed', resolve(folder), ...outputs, '--library', at('library')];
  const ran = spawnSync(process.execPath, [kith, ...embed], { stdio: 'inherit' });
  if (ran.status !== 0) throw new Error(`kith embed ended with ${ran.status}`);
  return cache;
}

export function selectFaces(album: Album, rows: readonly number[]): Album {
  return {
    name: album.name,
    features: selectRows(album.features, rows),
    identities: rows.map((row) => album.identities[row]!),
    photos: rows.map((row) => album.photos[row]!),
    faces: rows.map((row) => album.faces[row]!),
  };
}

/** People who are kin are kept together: the part of an identity before its first slash. */
export const kinOf = (identity: string) => identity.split('/')[0]!;

/** Half of an album's families, always the same: 0 or 1. */
export function halfOf(album: Album, half: 0 | 1): Album {
  const kin = [...new Set(album.identities.map(kinOf))].sort();
  const order = chooseSome(kin, kin.length, createRandom(1));
  const chosen = new Set(order.filter((_, place) => place % 2 === half));
  const rows = [...album.identities.keys()];
  return selectFaces(
    album,
    rows.filter((row) => chosen.has(kinOf(album.identities[row]!))),
  );
}

/** The library of half of the families, and everybody else. */
export function splitByKin(album: Album, random: Random) {
  const kin = [...new Set(album.identities.map(kinOf))].sort();
  const chosen = new Set(chooseSome(kin, Math.ceil(kin.length / 2), random));
  const [inside, outside] = [true, false].map((wanted) =>
    [...album.identities.keys()].filter(
      (row) => chosen.has(kinOf(album.identities[row]!)) === wanted,
    ),
  );
  return { library: selectFaces(album, inside!), others: selectFaces(album, outside!) };
}

/** Rows that the user has named: a share of each person's faces, at least one, of people with three or more. */
export function labelSome(album: Album, share: number, random: Random): Set<number> {
  const rowsOf = Map.groupBy(album.identities.keys(), (row) => album.identities[row]!);
  const named = new Set<number>();
  for (const rows of rowsOf.values()) {
    if (rows.length < 3) continue;
    for (const row of chooseSome(rows, Math.max(1, Math.round(rows.length * share)), random)) {
      named.add(row);
    }
  }
  return named;
}

/** Numbers in place of names, equal for equal ones. */
export function numbered(names: readonly string[]): Int32Array {
  const known = new Map<string, number>();
  return Int32Array.from(names, (name) => {
    if (!known.has(name)) known.set(name, known.size);
    return known.get(name)!;
  });
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chooseSome, createRandom } from '../../electron/core/random.ts';
import { kinOf, readAlbum, type Album } from './learn-album.ts';
import { readTable } from './truth.ts';

/** Rows of two faces that a list of pairs holds. */
export interface ListedPair {
  readonly a: number;
  readonly b: number;
  readonly same: boolean;
  readonly fold: number;
}

/** An album with the pairs that its makers chose to measure by, if there are any. */
export interface MeasuredAlbum extends Album {
  readonly pairs: readonly ListedPair[];
}

const pairLists = ['pairs.csv', 'pairs-frontal-profile.csv'];

/** @param cache see `readAlbum`. Pairs with a face that was not found are left out. */
export function readMeasuredAlbum(folder: string, cache: string): MeasuredAlbum {
  const album = readAlbum(folder, cache);
  const rowOf = new Map(album.faces.map((face, row) => [face, row]));
  const list = pairLists.find((file) => existsSync(join(folder, file)));
  const pairs = (list === undefined ? [] : readTable(folder, list)).flatMap((line) => {
    const a = rowOf.get(line['a']!);
    const b = rowOf.get(line['b']!);
    if (a === undefined || b === undefined) return [];
    return [{ a, b, same: line['same'] === '1', fold: Number(line['fold']) }];
  });
  return { ...album, pairs };
}

/**
 * Puts each face into one of `count` parts: kin are never parted, nor are people that a list of
 * pairs compares.
 */
export function partFaces(album: MeasuredAlbum, count: number, seed: number): Uint8Array {
  const parent = new Map<string, string>();
  const root = (name: string): string => {
    const next = parent.get(name) ?? name;
    return next === name ? name : root(next);
  };
  const kin = album.identities.map(kinOf);
  for (const { a, b } of album.pairs) parent.set(root(kin[a]!), root(kin[b]!));
  const roots = kin.map(root);
  const names = [...new Set(roots)].sort();
  const order = chooseSome(names, names.length, createRandom(seed));
  const partOf = new Map(order.map((name, place) => [name, place % count]));
  return Uint8Array.from(roots, (name) => partOf.get(name)!);
}

/** Faces of several albums as one: people of different albums are different people. */
export function joinAlbums(albums: readonly Album[]): Album {
  const features = new Float32Array(albums.reduce((sum, one) => sum + one.features.length, 0));
  let at = 0;
  for (const one of albums) {
    features.set(one.features, at);
    at += one.features.length;
  }
  const prefixed = (names: (album: Album) => readonly string[]) =>
    albums.flatMap((album) => names(album).map((name) => `${album.name}:${name}`));
  return {
    name: albums.map(({ name }) => name).join(' and '),
    features,
    identities: prefixed(({ identities }) => identities),
    photos: prefixed(({ photos }) => photos),
    faces: prefixed(({ faces }) => faces),
  };
}

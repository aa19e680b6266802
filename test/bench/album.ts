import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import Database from 'better-sqlite3';
import { unpackFeatures } from '../../electron/core/features.ts';
import { compactHead } from '../../electron/core/compact.ts';
import { embedFeatures, type Head } from '../../electron/core/head.ts';
import { mainFace } from '../../electron/engine/recognition.ts';
import { openStore, type Store } from '../../electron/store/store.ts';
import type { FaceToGroup } from './kith-clustering.ts';
import { intersectionOverUnion } from './measures.ts';
import { decodeNpy } from './npy.ts';
import { seededRandom, shuffledOrder } from './random.ts';
import { shippedHead } from './setting.ts';
import { readTable } from './truth.ts';

/** Faces of which some are known. The order of rows says nothing about persons. */
export interface Album {
  readonly faces: readonly FaceToGroup[];
  /** 0 to 1. */
  readonly qualities: readonly number[];
  /** Unit vectors, one row a face. */
  readonly embeddings: Float32Array;
  readonly dimensions: number;
  /** Who each face is; null where that is not known. */
  readonly identities: readonly (string | null)[];
  /** The groups that `kith scan` made. */
  readonly scannedGroups: readonly string[] | null;
  /** Faces that the truth tells of, found or not. */
  readonly marked: number;
}

/**
 * Gives the work a library with the photos of a folder: the one that was scanned before, or a new
 * one that is scanned through the command line as a user would, in the folder to keep it in or in
 * one that is removed afterwards.
 */
export async function withScannedLibrary<T>(
  folder: string,
  given: { readonly library?: string | undefined; readonly keep?: string | undefined },
  work: (library: string) => T | Promise<T>,
): Promise<T> {
  if (given.library !== undefined) return work(given.library);
  const place = given.keep ?? mkdtempSync(join(tmpdir(), 'kith-bench-'));
  try {
    const library = join(place, 'library');
    const started = performance.now();
    console.log(scan(folder, library).trim());
    console.log(`scanned and grouped in ${((performance.now() - started) / 1000).toFixed(1)} s`);
    return await work(library);
  } finally {
    if (given.keep === undefined) rmSync(place, { recursive: true, force: true });
  }
}

function scan(folder: string, library: string): string {
  const kith = join(import.meta.dirname, '../../electron/cli/main.ts');
  const ran = spawnSync(process.execPath, [kith, 'scan', folder, '--library', library], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (ran.status !== 0) throw new Error(`kith scan ended with ${ran.status}`);
  return ran.stdout;
}

/**
 * The faces of a scanned library, with the identities that the folder of its photos tells: in
 * truth.csv (face, identity, perhaps photo: one file for each row, its main face counts, and files
 * with the same photo were cut out of it), in identities.csv (file, identity, x1, y1, x2, y2 in
 * pixels), or by its folders, each named like the one person whose photos it holds (their main faces
 * count).
 */
export function readScannedAlbum(
  folder: string,
  library: string,
  head: Head = shippedHead(),
): Album {
  const work = mkdtempSync(join(tmpdir(), 'kith-album-'));
  // A copy, since an older library is migrated.
  for (const file of ['library.sqlite', 'library.sqlite-wal']) {
    if (existsSync(join(library, file))) cpSync(join(library, file), join(work, file));
  }
  const store = openStore(join(work, 'library.sqlite'));
  try {
    const { identities, marked, photoOfFace } = identify(resolve(folder), store);
    const { embeddingOf, qualityOf, dimensions } = embed(store, head);
    const groupOf = new Map(store.groups.current().map((row) => [row.faceId, row.clusterId]));
    // By content, as Kith does.
    const faces = store.faces
      .groupable()
      .filter(({ faceId }) => embeddingOf.has(faceId))
      .map((face) => ({ ...face, photoId: photoOfFace.get(face.faceId) ?? face.photoId }));
    const embeddings = new Float32Array(faces.length * dimensions);
    for (const [row, { faceId }] of faces.entries()) {
      embeddings.set(embeddingOf.get(faceId)!, row * dimensions);
    }
    return {
      faces,
      qualities: faces.map(({ faceId }) => qualityOf.get(faceId)!),
      embeddings,
      dimensions,
      identities: faces.map(({ faceId }) => identities.get(faceId) ?? null),
      scannedGroups: faces.map(({ faceId }) => String(groupOf.get(faceId) ?? `alone ${faceId}`)),
      marked,
    };
  } finally {
    store.close();
    rmSync(work, { recursive: true });
  }
}

/**
 * Puts faces that were cut out of one photo on one photo of the library, as they would be if it held
 * the photos themselves: their pictures no longer fit, which nobody looks at here.
 */
export function reunite({ faces }: Pick<Album, 'faces'>, library: string): void {
  const connection = new Database(join(library, 'library.sqlite'));
  try {
    const photoOf = connection.prepare<[number], number>(
      'SELECT photo_id FROM face WHERE face_id = ?',
    );
    const move = connection.prepare('UPDATE face SET photo_id = ?, ordinal = ? WHERE face_id = ?');
    const lastPhoto = connection
      .prepare<[], number>('SELECT max(photo_id) FROM photo')
      .pluck()
      .get()!;
    const photos = Map.groupBy(
      faces.filter(({ photoId }) => photoId > lastPhoto),
      ({ photoId }) => photoId,
    );
    connection.transaction(() => {
      for (const [first, ...others] of photos.values()) {
        const photoId = photoOf.pluck().get(first!.faceId)!;
        // After whatever else is on that photo.
        for (const [at, { faceId }] of others.entries()) move.run(photoId, 1000 + at, faceId);
      }
    })();
  } finally {
    connection.close();
  }
}

/**
 * Embeddings from a file and their identities from another: `face,identity` and perhaps `photo`, a
 * line for each row. Rows are shuffled; rows of zeros, where no face was found, are left out.
 */
export function readEmbeddedAlbum(npy: string, truth: string): Album {
  const { values, columns } = decodeNpy(readFileSync(npy));
  const rows = readTable('.', truth);
  if (rows.length !== values.length / columns) {
    throw new RangeError(`${values.length / columns} embeddings, but ${rows.length} identities`);
  }
  const lengthOf = (row: number) =>
    Math.hypot(...values.subarray(row * columns, (row + 1) * columns));
  const order = [...shuffledOrder(rows.length, seededRandom(1))].filter((row) => lengthOf(row) > 0);
  const embeddings = new Float32Array(order.length * columns);
  for (const [to, from] of order.entries()) {
    const length = lengthOf(from);
    for (let i = 0; i < columns; i++) {
      embeddings[to * columns + i] = values[from * columns + i]! / length;
    }
  }
  const photos = new Map<string, number>();
  const photoOf = (row: number) => {
    const name = rows[row]!['photo'] ?? `photo of ${row}`;
    if (!photos.has(name)) photos.set(name, photos.size + 1);
    return photos.get(name)!;
  };
  return {
    // Clear and frontal: nothing else is known.
    faces: order.map((row) => ({
      faceId: row + 1,
      photoId: photoOf(row),
      size: 112,
      sharpness: 1,
      yaw: 0,
    })),
    qualities: order.map(() => 1),
    embeddings,
    dimensions: columns,
    identities: order.map((row) => rows[row]!['identity']!),
    scannedGroups: null,
    marked: rows.length,
  };
}

/** The known faces alone. */
export function knownFaces({ embeddings, dimensions, identities }: Album) {
  const rows = [...identities.keys()].filter((row) => identities[row] !== null);
  const known = new Float32Array(rows.length * dimensions);
  for (const [to, from] of rows.entries()) {
    known.set(embeddings.subarray(from * dimensions, (from + 1) * dimensions), to * dimensions);
  }
  return { rows, embeddings: known, dimensions, identities: rows.map((row) => identities[row]!) };
}

/** In the dimensions that the head fills, as Kith compares them. */
function embed(store: Store, full: Head) {
  const head = compactHead(full);
  const embeddingOf = new Map<number, Float32Array>();
  const qualityOf = new Map<number, number>();
  for (const { faceId, features, quality } of store.faces.features(0)) {
    embeddingOf.set(faceId, embedFeatures(head, unpackFeatures(features)));
    qualityOf.set(faceId, quality);
  }
  return { embeddingOf, qualityOf, dimensions: head.bias.length };
}

function identify(folder: string, store: Store) {
  const records = store.faces
    .records(0, 10_000_000)
    .map(({ faceId, path, x, y, width, height }) => ({
      faceId,
      path,
      box: { x, y, width, height },
    }));
  const sizeOf = new Map(
    store.photos
      .list(10_000_000, 0)
      .rows.map(({ path, width, height }) => [path, { width, height }]),
  );
  const facesOfPhoto = Map.groupBy(records, (record) =>
    relative(folder, record.path ?? '')
      .split(sep)
      .join('/'),
  );
  const identities = new Map<number, string>();
  const nameMainFace = (file: string, identity: string) => {
    const size = sizeOf.get(join(folder, file));
    const face = size && mainFace(facesOfPhoto.get(file) ?? [], size.width / size.height);
    if (face) identities.set(face.faceId, identity);
  };
  // Photos that are in the truth alone are numbered after those of the library.
  const lastPhoto = store.faces
    .groupable()
    .reduce((last, { photoId }) => Math.max(last, photoId), 0);
  const photoIds = new Map<string, number>();
  const photoOfFace = new Map<number, number>();
  let marked = 0;
  if (existsSync(join(folder, 'truth.csv'))) {
    for (const { face: file, identity, photo } of readTable(folder, 'truth.csv')) {
      marked++;
      nameMainFace(file!, identity!);
      if (photo === undefined) continue;
      if (!photoIds.has(photo)) photoIds.set(photo, lastPhoto + 1 + photoIds.size);
      for (const { faceId } of facesOfPhoto.get(file!) ?? []) {
        photoOfFace.set(faceId, photoIds.get(photo)!);
      }
    }
  } else if (existsSync(join(folder, 'identities.csv'))) {
    for (const { file, identity, x1, y1, x2, y2 } of readTable(folder, 'identities.csv')) {
      marked++;
      const photo = [file!, `images/${file}`].find((path) => facesOfPhoto.has(path));
      const size = photo && sizeOf.get(join(folder, photo));
      if (!photo || !size) continue;
      const there = [Number(x1), Number(y1), Number(x2), Number(y2)] as const;
      const overlaps = facesOfPhoto.get(photo)!.map(({ faceId, box: { x, y, width, height } }) => {
        const corners = [x, y, x + width, y + height].map(
          (share, i) => share * (i % 2 === 0 ? size.width : size.height),
        ) as [number, number, number, number];
        return { faceId, overlap: intersectionOverUnion(corners, there) };
      });
      const best = overlaps.sort((a, b) => b.overlap - a.overlap)[0];
      if (best && best.overlap >= 0.4) identities.set(best.faceId, identity!);
    }
  } else {
    const named = readdirSync(folder, { withFileTypes: true }).filter((one) => one.isDirectory());
    if (named.length === 0) throw new Error(`${folder} has no truth.csv and no folders of people`);
    for (const path of sizeOf.keys()) {
      const file = relative(folder, path).split(sep).join('/');
      const [identity, ...rest] = file.split('/');
      if (identity === '..' || rest.length === 0) continue;
      marked++;
      nameMainFace(file, identity!);
    }
  }
  return { identities, marked, photoOfFace };
}

/**
 * Scans an album whose faces are known, and measures how well its faces are grouped at default
 * settings, through the command line as a user would.
 *
 *     node test/bench/clustering.ts <folder> [--compare <compare.mjs>] [--keep <folder>]
 *
 * The folder holds truth.csv (face, identity: one photo for each row, its main face counts) or
 * identities.csv (file, identity, x1, y1, x2, y2 in pixels). `--compare` names a program that is
 * given the same embeddings and both clusterings, and prints other algorithms beside Kith.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { encodeNpy } from '../../electron/cli/npy.ts';
import { FaceRecord } from '../../electron/contract/entities.ts';
import { unpackFeatures } from '../../electron/core/features.ts';
import { EMBEDDING_SIZE, embedFeatures } from '../../electron/core/head.ts';
import { mainFace } from '../../electron/engine/recognition.ts';
import { openStoreForReading } from '../../electron/store/store.ts';
import { clusterMeasures } from './cluster-measures.ts';
import { intersectionOverUnion } from './measures.ts';
import { readTable } from './truth.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { compare: { type: 'string' }, keep: { type: 'string' } },
});
const [given] = positionals;
if (given === undefined) {
  console.error(
    'usage: node test/bench/clustering.ts <folder> [--compare <compare.mjs>] [--keep <folder>]',
  );
  process.exit(2);
}
const folder = resolve(given);
const work = values.keep ?? mkdtempSync(join(tmpdir(), 'kith-clustering-'));
const library = join(work, 'library');
const kith = join(import.meta.dirname, '../../electron/cli/main.ts');

function run(...args: string[]): string {
  const ran = spawnSync(process.execPath, [kith, ...args, '--library', library], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (ran.status !== 0) throw new Error(`kith ${args[0]} ended with ${ran.status}`);
  return ran.stdout;
}

const started = performance.now();
console.log(run('scan', folder).trim());
console.log(`scanned and grouped in ${((performance.now() - started) / 1000).toFixed(1)} s`);
const faces = run('faces', '--json')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => FaceRecord.parse(JSON.parse(line)));

const store = openStoreForReading(join(library, 'library.sqlite'));
const sizeOf = new Map(
  store.photos.list(1_000_000, 0).rows.map(({ path, width, height }) => [path, { width, height }]),
);
const facesOfPhoto = Map.groupBy(faces, (face) =>
  relative(folder, face.photoPath).split(sep).join('/'),
);
const named: { face: FaceRecord; identity: string }[] = [];
let rows = 0;
if (existsSync(join(folder, 'truth.csv'))) {
  for (const { face: file, identity } of readTable(folder, 'truth.csv')) {
    rows++;
    const there = facesOfPhoto.get(file!) ?? [];
    const size = sizeOf.get(join(folder, file!));
    const face = size && mainFace(there, size.width / size.height);
    if (face) named.push({ face, identity: identity! });
  }
} else {
  for (const { file, identity, x1, y1, x2, y2 } of readTable(folder, 'identities.csv')) {
    rows++;
    const photo = [file!, `images/${file}`].find((path) => facesOfPhoto.has(path));
    const size = photo && sizeOf.get(join(folder, photo));
    if (!photo || !size) continue;
    const marked = [Number(x1), Number(y1), Number(x2), Number(y2)] as const;
    const overlaps = facesOfPhoto.get(photo)!.map((face) => {
      const { x, y, width, height } = face.box;
      const corners = [
        x * size.width,
        y * size.height,
        (x + width) * size.width,
        (y + height) * size.height,
      ] as const;
      return { face, overlap: intersectionOverUnion(corners, marked) };
    });
    const best = overlaps.sort((a, b) => b.overlap - a.overlap)[0];
    if (best && best.overlap >= 0.4) named.push({ face: best.face, identity: identity! });
  }
}
// By content, not by person: some algorithms depend on the order.
named.sort((a, b) => (a.face.photoSha256 < b.face.photoSha256 ? -1 : 1));
console.log(`${named.length} of ${rows} known faces were found`);

const clusters = named.map(({ face }) => String(face.clusterId ?? `alone ${face.faceId}`));
const identities = named.map(({ identity }) => identity);
const measures = clusterMeasures(clusters, identities);
console.log(
  Object.entries(measures)
    .map(([name, value]) => `${name} ${value.toFixed(4)}`)
    .join('  '),
);

if (values.compare) {
  const head = store.heads.get('pretrained')!;
  const floats = (bytes: Uint8Array) => new Float32Array(Uint8Array.from(bytes).buffer);
  const row = new Map(named.map(({ face }, index) => [face.faceId, index]));
  const embeddings = new Float32Array(named.length * EMBEDDING_SIZE);
  for (const { faceId, features } of store.faces.features(0)) {
    const at = row.get(faceId);
    if (at === undefined) continue;
    const embedding = embedFeatures(
      { version: head.version, weights: floats(head.weights), bias: floats(head.bias) },
      unpackFeatures(features),
    );
    embeddings.set(embedding, at * EMBEDDING_SIZE);
  }
  const path = (name: string) => join(work, name);
  writeFileSync(path('faces.npy'), encodeNpy(embeddings, EMBEDDING_SIZE));
  const csv = (header: string, column: string[]) =>
    `${header}\n${column.map((value, index) => `${named[index]!.face.faceId},${value}`).join('\n')}\n`;
  writeFileSync(path('truth.csv'), csv('face,identity', identities));
  writeFileSync(path('clusters.csv'), csv('face,cluster', clusters));
  spawnSync(
    process.execPath,
    [
      values.compare,
      '--embeddings',
      path('faces.npy'),
      '--truth',
      path('truth.csv'),
      '--clusters',
      path('clusters.csv'),
      '--sweep',
    ],
    { stdio: 'inherit' },
  );
}
store.close();
if (!values.keep) rmSync(work, { recursive: true });

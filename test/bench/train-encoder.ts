/**
 * Trains the head that Kith comes with, on folders of people who are known.
 *
 *     npm run train:encoder -- <folder> ... [--check <folder> ...] [--version head-2]
 *                              [--cache <folder>] [--parts 5] [--seed 1] [--only-measure]
 *
 * A folder holds truth.csv (face, identity or family/member, perhaps photo). Each is cut into parts,
 * families whole; a head is trained without each part and measured on it. Folders to check with
 * hold pairs.csv (fold, a, b, same); nothing is trained on them or chosen by them, but the odds by
 * which similarities are read. Then a head from all faces is written to models/<version>, with its
 * hash and odds (head.json) and a card that says what was measured.
 */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packHead } from '../../electron/core/head.ts';
import { fitCalibration, mixCounts } from '../../electron/core/training/calibration.ts';
import { drawGeneric, measureGeneric } from '../../electron/core/training/gate.ts';
import { unpackGenericFaces } from '../../electron/core/training/generic-faces.ts';
import { calibrationTuning, encoderTuning, trainingTuning } from '../../electron/core/tuning.ts';
import { SHIPPED_HEAD, type HeadCard } from '../../electron/engine/heads.ts';
import { sha256Of } from '../../models/manifest.ts';
import { encoderCard } from './encoder-card.ts';
import {
  countKinPairs,
  measureListedPairs,
  measureParts,
  trainEncoder,
} from './encoder-training.ts';
import { partFaces, readMeasuredAlbum } from './identities.ts';
import { embedAlbum, selectFaces } from './learn-album.ts';
import { modelsFolder, pretrainedHead } from './setting.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    check: { type: 'string', multiple: true, default: [] },
    version: { type: 'string', default: SHIPPED_HEAD },
    cache: { type: 'string' },
    parts: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    'only-measure': { type: 'boolean', default: false },
  },
});
if (positionals.length === 0) {
  console.error('usage: npm run train:encoder -- <folder> ... [--check <folder> ...]');
  process.exit(2);
}
const seed = Number(values.seed);
const partCount = Number(values.parts);
const cacheRoot = values.cache ?? mkdtempSync(join(tmpdir(), 'kith-encoder-'));
const read = (folder: string) => readMeasuredAlbum(folder, embedAlbum(folder, cacheRoot));
const albums = positionals.map((folder) => {
  const album = read(folder);
  return { album, partOf: partFaces(album, partCount, seed) };
});
const generic = unpackGenericFaces(readFileSync(join(modelsFolder, 'generic-faces.bin')));
const base = pretrainedHead();
const train = (keep: (part: number) => boolean) =>
  trainEncoder(
    base,
    albums.map(({ album, partOf }) =>
      selectFaces(
        album,
        [...partOf.keys()].filter((row) => keep(partOf[row]!)),
      ),
    ),
    encoderTuning,
    generic,
    seed,
    values.version,
  );

const started = performance.now();
const note = (text: string) =>
  console.log(`${((performance.now() - started) / 1000).toFixed(0).padStart(5)} s  ${text}`);
const trained = Array.from({ length: partCount }, (_, held) => {
  const head = train((part) => part !== held);
  note(`trained without part ${held + 1} of ${partCount}`);
  return head;
});
const head = train(() => true);
note('trained on all');

const drawn = drawGeneric(generic, trainingTuning.gate);
const untrained = trained.map(() => base);
const card = encoderCard({
  version: values.version,
  seed,
  parts: partCount,
  recipe: encoderTuning,
  albums: albums.map(({ album, partOf }) => ({
    name: album.name,
    faces: album.identities.length,
    people: new Set(album.identities).size,
    before: measureParts(album, partOf, untrained),
    after: measureParts(album, partOf, trained),
  })),
  checks: values.check.map((folder) => {
    const album = read(folder);
    return {
      name: album.name,
      before: measureListedPairs(album, base),
      after: measureListedPairs(album, head),
    };
  }),
  generic: {
    before: measureGeneric(base, drawn, trainingTuning.gate.genericBlur),
    after: measureGeneric(head, drawn, trainingTuning.gate.genericBlur),
  },
});
note('measured\n');
console.log(card);
if (!values['only-measure']) {
  const folder = join(modelsFolder, values.version);
  mkdirSync(folder, { recursive: true });
  const bytes = packHead(head);
  const record: HeadCard = {
    version: values.version,
    sha256: sha256Of(bytes),
    calibration: { pairs: fitOdds(), offers: calibrationTuning.encoder.offers },
  };
  writeFileSync(join(folder, 'head.bin'), bytes);
  writeFileSync(join(folder, 'head.json'), `${JSON.stringify(record, null, 2)}\n`);
  writeFileSync(join(folder, 'README.md'), card);
  note(`written to models/${values.version}`);
}

/** From people that the heads did not see; albums weigh the same, as do kin among the strangers. */
function fitOdds() {
  const ofParts = albums.map(({ album, partOf }) =>
    mixCounts(
      trained.map((one, part) =>
        countKinPairs(
          one,
          selectFaces(
            album,
            [...partOf.keys()].filter((row) => partOf[row] === part),
          ),
        ),
      ),
    ),
  );
  const ofChecks = values.check.map((folder) => countKinPairs(head, read(folder)));
  return fitCalibration(
    mixCounts([...ofParts, ...ofChecks]),
    calibrationTuning.encoder.pairs,
    // Counts are shares: hardly anything is known before.
    0.001,
  );
}

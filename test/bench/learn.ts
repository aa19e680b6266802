/**
 * How much labels teach: of each album some families are the library; a share of each of their
 * people's faces is named; measured are their other faces, and other people. A general head is trained
 * on the others alone, as the head that Kith comes with is for everybody else.
 *
 *     npm run bench:learn -- <folder> ... [--cache <folder>] [--seeds 5] [--shares 0.2,0.4] [--quick]
 *
 * A folder holds truth.csv (face, identity, perhaps photo). `--cache` keeps features between runs, in
 * a folder for each album. `--quick` leaves out the slow triplets and the wrong names.
 */
import { createRandom } from '../../electron/core/random.ts';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EMBEDDING_SIZE, embedFeatures, type Head } from '../../electron/core/head.ts';
import { unpackGenericFaces } from '../../electron/core/training/generic-faces.ts';
import { measureSeparation } from '../../electron/core/training/separation.ts';
import type { TrainingFaces } from '../../electron/core/training/training-faces.ts';
import {
  embedAlbum,
  labelSome,
  numbered,
  readAlbum,
  selectFaces,
  splitByKin,
  type Album,
} from './learn-album.ts';
import { encoderTuning } from '../../electron/core/tuning.ts';
import { trainEncoder } from './encoder-training.ts';
import { NamedGrouping } from './group-under-names.ts';
import { discriminantHead, learnAsKith, trainOnTriplets } from './learn-methods.ts';
import { pretrainedHead, modelsFolder } from './setting.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cache: { type: 'string' },
    seeds: { type: 'string', default: '5' },
    shares: { type: 'string', default: '0.2,0.4' },
    families: { type: 'string', default: '40' },
    quick: { type: 'boolean', default: false },
  },
});
if (positionals.length === 0) {
  console.error('usage: npm run bench:learn -- <folder> ... [--cache <folder>] [--seeds 5]');
  process.exit(2);
}
const cacheRoot = values.cache ?? mkdtempSync(join(tmpdir(), 'kith-learn-'));
// The head that Kith comes with has seen the development albums' people.
const base = pretrainedHead();
const generic = unpackGenericFaces(readFileSync(join(modelsFolder, 'generic-faces.bin')));

for (const folder of positionals) {
  const album = readAlbum(folder, embedAlbum(folder, cacheRoot));
  for (const share of values.shares.split(',').map(Number)) measureAlbum(album, share);
}

function measureAlbum(album: Album, share: number): void {
  const table = new Map<string, number[][]>();
  const note = (method: string, figures: number[]) =>
    table.set(method, [...(table.get(method) ?? []), figures]);
  for (let seed = 1; seed <= Number(values.seeds); seed++) {
    const random = createRandom(seed);
    const { library, others } = splitByKin(album, Number(values.families), random);
    const named = labelSome(library, share, random);
    const truth = numbered(library.identities);
    const photos = numbered(library.photos);
    const faces: TrainingFaces = {
      features: library.features,
      persons: truth.map((person, row) => (named.has(row) ? person : -1)),
      photos,
      rejections: [],
      apart: [],
    };
    const restRows = [...truth.keys()].filter((row) => !named.has(row));
    const rest = selectFaces(library, restRows);
    const figures = (head: Head, recalibrated = false, ofOthers = true) => {
      const grouping = new NamedGrouping(library, head);
      const shift = recalibrated ? grouping.fitShift([...named]) : 0;
      if (recalibrated) console.log(`  ${head.version}: threshold shifted by ${shift}`);
      return [
        ...separation(head, rest),
        grouping.measure(named, restRows, shift),
        // A head that was trained on the others says nothing on them.
        ...(ofOthers ? separation(head, others) : [NaN, NaN]),
      ];
    };
    note('before', figures(base));
    note('re-calibration alone', figures(base, true));
    note('discriminant analysis', figures(discriminantHead(base, faces)));
    if (!values.quick) note('batch-hard triplets', figures(trainOnTriplets(base, faces, seed)));
    const started = performance.now();
    const outcome = learnAsKith(base, faces, photos, generic, seed);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    note('Kith', figures(outcome.head ?? base));
    note('Kith, re-calibrated', figures(outcome.head ?? base, true));
    const general = trainEncoder(base, [others], encoderTuning, generic, seed, 'general');
    note('general head, of the others', figures(general, false, false));
    const further = learnAsKith(general, faces, photos, generic, seed);
    note('Kith, from the general head', figures(further.head ?? general, false, false));
    console.log(`  from the general head: ${further.reason ?? `took ${further.share}`}`);
    const decision =
      outcome.head === null ? `kept the old (${outcome.reason})` : `took ${outcome.share}`;
    console.log(`seed ${seed}: ${named.size} of ${truth.length} named, ${seconds} s, ${decision}`);
    if (!values.quick) poison(faces, named, rest, seed);
  }
  print(`${album.name}, ${share * 100} % named`, table);
}

/** Gives each tenth named face a wrong name, and tells what becomes of it. */
function poison(faces: TrainingFaces, named: ReadonlySet<number>, rest: Album, seed: number): void {
  const random = createRandom(seed + 1000);
  const people = [...new Set([...named].map((row) => faces.persons[row]!))];
  const persons = Int32Array.from(faces.persons);
  const wrong = new Set([...named].filter(() => random() < 0.1));
  for (const row of wrong) {
    const others = people.filter((person) => person !== faces.persons[row]);
    persons[row] = others[Math.floor(random() * others.length)]!;
  }
  const outcome = learnAsKith(base, { ...faces, persons }, faces.photos, generic, seed);
  const first = outcome.doubts.slice(0, 2 * wrong.size).filter(({ row }) => wrong.has(row)).length;
  const [before, after] = [base, outcome.head ?? base].map((head) => separation(head, rest)[0]!);
  console.log(
    `  ${wrong.size} wrong names: ${first} of them among the ${2 * wrong.size} doubted most; ` +
      `${outcome.head ? `took ${outcome.share}` : `kept the old (${outcome.reason})`}, ` +
      `accepted ${before!.toFixed(3)} → ${after!.toFixed(3)}`,
  );
}

function separation(head: Head, { features, identities }: Album): number[] {
  const embeddings = embedFeatures(head, features);
  const found = measureSeparation(embeddings, EMBEDDING_SIZE, numbered(identities));
  return [found.accepted, found.grouped];
}

/** Means over seeds, and by how much of what was missing each method is better, ± the deviation. */
function print(title: string, table: ReadonlyMap<string, number[][]>): void {
  console.log(`\n${title}: mean over ${values.seeds} seeds, and change of what is missing`);
  const columns = [
    'accepted',
    'BCubed F',
    'BCubed F under the names',
    'others: accepted',
    'others: BCubed F',
  ];
  console.log(`| method | ${columns.join(' | ')} |\n| --- |${' ---: |'.repeat(columns.length)}`);
  const before = table.get('before')!;
  for (const [method, rows] of table) {
    const cells = columns.map((_, column) => {
      const mean = average(rows.map((row) => row[column]!));
      if (Number.isNaN(mean)) return '–';
      if (method === 'before') return mean.toFixed(3);
      const changes = rows.map((row, seed) => {
        const missing = 1 - before[seed]![column]!;
        return (100 * (before[seed]![column]! - row[column]!)) / (missing || 1);
      });
      const middle = average(changes);
      const deviation = Math.sqrt(average(changes.map((change) => (change - middle) ** 2)));
      return `${mean.toFixed(3)} (${middle > 0 ? '+' : ''}${middle.toFixed(0)} ± ${deviation.toFixed(0)} %)`;
    });
    console.log(`| ${method} | ${cells.join(' | ')} |`);
  }
  console.log('');
}

function average(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

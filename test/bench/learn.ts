/**
 * How much labels teach: half of an album's families are the library; a share of each of their
 * people's faces is named; measured are the other faces of the named people, and other families.
 *
 *     npm run bench:learn -- <folder> ... [--train <folder> ...] [--cache <folder>] [--seeds 5]
 *                            [--shares 0.1,0.2,0.4] [--half 1] [--thorough]
 *
 * A folder holds truth.csv (face, identity, perhaps photo). Albums that train the head that Kith
 * comes with are given by `--train`, and cut in two halves by families: a head like it is trained on
 * one half of all of them, and libraries are drawn from the other, `--half`, alone (the first is what
 * settings are chosen on). Other albums start from the head that Kith comes with. `--cache` keeps features
 * between runs, in a folder for each album. `--thorough` adds slow triplets and wrong names.
 */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { EMBEDDING_SIZE, embedFeatures, type Head } from '../../electron/core/head.ts';
import { createRandom } from '../../electron/core/random.ts';
import {
  fitGenericFaces,
  GENERIC_RANK,
  unpackGenericFaces,
  type GenericFaces,
} from '../../electron/core/training/generic-faces.ts';
import { measureSeparation } from '../../electron/core/training/separation.ts';
import type { TrainingFaces } from '../../electron/core/training/training-faces.ts';
import { encoderTuning } from '../../electron/core/tuning.ts';
import { trainEncoder } from './encoder-training.ts';
import { NamedGrouping } from './group-under-names.ts';
import {
  embedAlbum,
  halfOf,
  labelSome,
  numbered,
  readAlbum,
  selectFaces,
  splitByKin,
  type Album,
} from './learn-album.ts';
import { discriminantHead, learnAsKith, trainOnTriplets } from './learn-methods.ts';
import { LearnTable } from './learn-table.ts';
import { modelsFolder, pretrainedHead, shippedHead } from './setting.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    train: { type: 'string', multiple: true, default: [] },
    cache: { type: 'string' },
    seeds: { type: 'string', default: '5' },
    shares: { type: 'string', default: '0.1,0.2,0.4' },
    half: { type: 'string', default: '1' },
    thorough: { type: 'boolean', default: false },
  },
});
if (positionals.length === 0) {
  console.error('usage: npm run bench:learn -- <folder> ... [--train <folder> ...] [--seeds 5]');
  process.exit(2);
}
const cacheRoot = values.cache ?? mkdtempSync(join(tmpdir(), 'kith-learn-'));
const read = (folder: string) => readAlbum(folder, embedAlbum(folder, cacheRoot));
const measuredHalf = values.half === '0' ? 0 : 1;
const pretrained = pretrainedHead();

interface Start {
  readonly head: Head;
  readonly generic: readonly GenericFaces[];
}

/** What Kith comes with, but for half of the families. */
function trainOnHalf(): Start {
  const albums = values.train.map((folder) => halfOf(read(folder), measuredHalf === 1 ? 0 : 1));
  const generic = albums.map(({ features, identities }) =>
    fitGenericFaces(features, identities, GENERIC_RANK, 1),
  );
  return { generic, head: trainEncoder(pretrained, albums, encoderTuning, generic, 1, 'general') };
}
const ofHalf = values.train.length === 0 ? undefined : trainOnHalf();
const shipped: Start = {
  head: shippedHead(),
  generic: unpackGenericFaces(readFileSync(join(modelsFolder, 'generic-faces.bin'))),
};

for (const folder of positionals) {
  const trained = values.train.some((one) => resolve(one) === resolve(folder));
  const album = trained ? halfOf(read(folder), measuredHalf) : read(folder);
  for (const share of values.shares.split(',').map(Number)) {
    measureAlbum(album, share, trained ? ofHalf! : shipped);
  }
}

function measureAlbum(album: Album, share: number, start: Start): void {
  const table = new LearnTable();
  for (let seed = 1; seed <= Number(values.seeds); seed++) {
    const random = createRandom(seed);
    const { library, others } = splitByKin(album, random);
    const named = labelSome(library, share, random);
    const truth = numbered(library.identities);
    const photos = numbered(library.photos);
    const people = new Set([...named].map((row) => truth[row]!));
    const faces: TrainingFaces = {
      features: library.features,
      persons: truth.map((person, row) => (named.has(row) ? person : -1)),
      photos,
      rejections: [],
      apart: [],
    };
    const restRows = [...truth.keys()].filter((row) => !named.has(row) && people.has(truth[row]!));
    const rest = selectFaces(library, restRows);
    const figures = (head: Head, shift?: number) => {
      const grouping = new NamedGrouping(library, head);
      const threshold = shift ?? grouping.fitShift([...named]);
      return [
        ...separation(head, rest),
        grouping.measure(named, restRows, threshold),
        ...separation(head, others),
      ];
    };
    table.note('as the encoder came', figures(pretrained, 0));
    table.note('re-calibration alone', figures(pretrained));
    table.note('discriminant analysis', figures(discriminantHead(pretrained, faces), 0));
    if (values.thorough) {
      table.note('batch-hard triplets', figures(trainOnTriplets(pretrained, faces, seed), 0));
    }
    table.note('general head', figures(start.head, 0));
    const started = performance.now();
    const outcome = learnAsKith(start.head, faces, photos, start.generic, seed);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const shift = outcome?.thresholdShift ?? 0;
    table.note('Kith', figures(outcome?.head ?? start.head, shift));
    const decision = outcome?.head
      ? `took ${outcome.share}, threshold + ${shift.toFixed(3)}`
      : `kept (${outcome?.reason ?? 'too few labels'})`;
    console.log(
      `seed ${seed}: ${named.size} of ${truth.length} faces named, ${people.size} people; ` +
        `${restRows.length} others of theirs; ${seconds} s, ${decision}`,
    );
    if (values.thorough) poison(start, faces, named, rest, seed);
  }
  console.log(
    `\n${basename(album.name)}, ${share * 100} % named, ${values.seeds} seeds\n${table.print()}\n`,
  );
}

/** Gives each tenth named face a wrong name, and tells what becomes of it. */
function poison(
  { head, generic }: Start,
  faces: TrainingFaces,
  named: ReadonlySet<number>,
  rest: Album,
  seed: number,
): void {
  const random = createRandom(seed + 1000);
  const people = [...new Set([...named].map((row) => faces.persons[row]!))];
  const persons = Int32Array.from(faces.persons);
  const wrong = new Set([...named].filter(() => random() < 0.1));
  for (const row of wrong) {
    const others = people.filter((person) => person !== faces.persons[row]);
    persons[row] = others[Math.floor(random() * others.length)]!;
  }
  const outcome = learnAsKith(head, { ...faces, persons }, faces.photos, generic, seed);
  const first = (outcome?.doubts ?? [])
    .slice(0, 2 * wrong.size)
    .filter(({ row }) => wrong.has(row)).length;
  const [before, after] = [head, outcome?.head ?? head].map((one) => separation(one, rest)[0]!);
  console.log(
    `  ${wrong.size} wrong names: ${first} of them among the ${2 * wrong.size} doubted most; ` +
      `${outcome?.head ? `took ${outcome.share}` : `kept the old (${outcome?.reason ?? 'too few labels'})`}, ` +
      `accepted ${before!.toFixed(3)} → ${after!.toFixed(3)}`,
  );
}

function separation(head: Head, { features, identities }: Album): number[] {
  const embeddings = embedFeatures(head, features);
  const found = measureSeparation(embeddings, EMBEDDING_SIZE, numbered(identities));
  return [found.accepted, found.grouped];
}

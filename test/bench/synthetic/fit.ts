/**
 * Fits the parameters of synthetic libraries to the faces of scanned albums, and prints them.
 *
 *     node test/bench/synthetic/fit.ts <folder> <its scanned library> [<folder> <library> …]
 *
 * Folders as for bench:cluster. Where identities are written `family/member`, people of a family
 * are kin.
 */
import { basename } from 'node:path';
import { isClear } from '../../../electron/core/clustering/standing-group.ts';
import { knownFaces, readScannedAlbum } from '../album.ts';
import { seededRandom } from '../random.ts';
import { EmbeddingMaker, type EmbeddingModel } from './embedding-model.ts';
import {
  axesOf,
  deviation,
  directionSimilarities,
  leastFaces,
  mean,
  powerLawExponent,
  sharpened,
  withinFigures,
  type KnownEmbeddings,
  type WithinFigures,
} from './figures.ts';

/** Axes that hold less than this (root mean square) are left out. */
const leastAxis = 0.01;
/** At most so many faces of a person count, so that the largest do not decide alone. */
const mostFaces = 20;
const trials = 200;

const given = process.argv.slice(2);
if (given.length === 0 || given.length % 2 === 1) {
  console.error('usage: node test/bench/synthetic/fit.ts <folder> <its scanned library> …');
  process.exit(2);
}
for (let i = 0; i < given.length; i += 2) fitAlbum(given[i]!, given[i + 1]!);

function fitAlbum(folder: string, library: string): void {
  const album = readScannedAlbum(folder, library);
  const { rows, embeddings, dimensions, identities } = knownFaces(album);
  const known: KnownEmbeddings = {
    embeddings,
    dimensions,
    persons: identities,
    qualities: rows.map((row) => album.qualities[row]!),
  };
  const familyOf = (person: string) => (person.includes('/') ? person.split('/')[0]! : person);
  const strangers = directionSimilarities(known, (a, b) => familyOf(a) !== familyOf(b));
  const kin = directionSimilarities(known, (a, b) => familyOf(a) === familyOf(b));
  const perPhoto = [...Map.groupBy(album.faces, ({ photoId }) => photoId).values()];
  const sizes = [...Map.groupBy(identities, (identity) => identity).values()];
  const sorted = [...known.qualities].sort((a, b) => a - b);
  const base: Omit<EmbeddingModel, 'modes' | 'noise'> = {
    axes: sharpened(axesOf(known, leastAxis), deviation(strangers)),
    strangers: mean(strangers),
    kin: {
      mean: mean(kin.length > 0 ? kin : strangers),
      // What kin differ more than strangers do: the rest comes from the axes.
      deviation: Math.sqrt(
        Math.max(0, kin.length > 0 ? deviation(kin) ** 2 - deviation(strangers) ** 2 : 0),
      ),
    },
    quality: Array.from(
      { length: 9 },
      (_, i) => sorted[Math.min(sorted.length - 1, Math.floor((i / 8) * sorted.length))]!,
    ),
  };
  console.log(`\n${basename(folder)}: ${rows.length} faces of ${sizes.length} people`);
  console.log(`axes (${base.axes.length}) ${base.axes.map((axis) => axis.toFixed(3)).join(', ')}`);
  const spreadOf = (values: number[]) =>
    `mean ${mean(values).toFixed(3)}, deviation ${deviation(values).toFixed(3)} (${values.length})`;
  console.log(`directions of strangers: ${spreadOf(strangers)}`);
  if (kin.length > 0) {
    const between = base.kin.deviation.toFixed(3);
    console.log(`directions of kin: ${spreadOf(kin)}, of it between families ${between}`);
  }
  console.log(
    `exponent of people's sizes ${powerLawExponent(sizes.map((s) => s.length)).toFixed(2)}`,
  );
  console.log(
    `largest person ${(Math.max(...sizes.map((s) => s.length)) / rows.length).toFixed(4)} of all`,
  );
  console.log(`faces in a photo ${(album.faces.length / perPhoto.length).toFixed(2)}`);
  const unclear = album.faces.filter((face) => !isClear(face)).length / album.faces.length;
  console.log(`unclear faces ${unclear.toFixed(4)} of all`);
  console.log(`quality ${base.quality.map((value) => value.toFixed(2)).join(', ')}`);

  const target = withinFigures(limited(known));
  const best = search(base, target, limited(known));
  console.log(`modes ${JSON.stringify(best.model.modes)}`);
  console.log(`noise ${JSON.stringify(best.model.noise)}`);
  print('real', target);
  print('fitted', best.figures);
}

function print(name: string, { pairs, nearest, qualitySlope }: WithinFigures): void {
  const list = (values: readonly number[]) => values.map((value) => value.toFixed(3)).join(' ');
  console.log(
    `  ${name.padEnd(6)} pairs ${list(pairs)}  nearest ${list(nearest)}  quality ${qualitySlope.toFixed(3)}`,
  );
}

/** At most `mostFaces` of each person who has enough. */
function limited(known: KnownEmbeddings): KnownEmbeddings {
  const rows = [...Map.groupBy(known.persons.keys(), (row) => known.persons[row]!).values()]
    .filter((ofPerson) => ofPerson.length >= leastFaces)
    .flatMap((ofPerson) => ofPerson.slice(0, mostFaces));
  const { dimensions } = known;
  const embeddings = new Float32Array(rows.length * dimensions);
  for (const [to, from] of rows.entries()) {
    const start = from * dimensions;
    embeddings.set(known.embeddings.subarray(start, start + dimensions), to * dimensions);
  }
  return {
    embeddings,
    dimensions,
    persons: rows.map((row) => known.persons[row]!),
    qualities: rows.map((row) => known.qualities[row]!),
  };
}

/** Random search, from wide to narrow around the best so far. */
function search(
  base: Omit<EmbeddingModel, 'modes' | 'noise'>,
  target: WithinFigures,
  real: KnownEmbeddings,
) {
  const random = seededRandom(1);
  const at = ([concentration, spread, median, spreadOfNoise, perQuality]: number[]) => ({
    ...base,
    modes: { concentration: concentration!, spread: spread! },
    noise: { median: median!, deviation: spreadOfNoise!, perQuality: perQuality! },
  });
  let point = [0.5, 0.4, 0.5, 0.3, 0.3];
  let best = judge(at(point), target, real);
  for (let trial = 0; trial < trials; trial++) {
    const width = 0.5 * (1 - trial / trials) + 0.03;
    const next = point.map((value) => value * Math.exp(width * random.normal()));
    const judged = judge(at(next), target, real);
    if (judged.loss < best.loss) [best, point] = [judged, next];
  }
  return best;
}

/** What faces of as many people with as many faces each would look like. */
function judge(model: EmbeddingModel, target: WithinFigures, real: KnownEmbeddings) {
  const axes = model.axes.length;
  const maker = new EmbeddingMaker(model, 1);
  const random = seededRandom(2);
  const numbers = new Map<string, number>();
  const modes = new Map<string, number[]>();
  const embeddings = new Float32Array(real.persons.length * axes);
  const qualities = real.persons.map((person, face) => {
    if (!numbers.has(person)) numbers.set(person, numbers.size);
    const number = numbers.get(person)!;
    const ofPerson = modes.get(person) ?? [];
    modes.set(person, ofPerson);
    const isNew =
      random.uniform() * (ofPerson.length + model.modes.concentration) >= ofPerson.length;
    const mode = isNew ? new Set(ofPerson).size : ofPerson[random.below(ofPerson.length)]!;
    ofPerson.push(mode);
    const target = embeddings.subarray(face * axes, (face + 1) * axes);
    return maker.embed({ family: number, person: number, mode, face }, target);
  });
  const figures = withinFigures({ embeddings, dimensions: axes, persons: real.persons, qualities });
  const apart = (a: readonly number[], b: readonly number[]) =>
    mean(a.map((value, i) => Math.abs(value - b[i]!)));
  const loss =
    apart(figures.pairs, target.pairs) +
    apart(figures.nearest, target.nearest) +
    0.1 * Math.abs(figures.qualitySlope - target.qualitySlope);
  return { model, figures, loss };
}

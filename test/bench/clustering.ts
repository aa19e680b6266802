/**
 * Measures how well faces are grouped into people: Kith at its defaults beside other algorithms on
 * the same embeddings, each at its published setting and at the one that is best on these very
 * faces, which no product could know.
 *
 *     npm run bench:cluster -- <folder> [--library <scanned library>] [--keep <folder>] [--eval <folder>]
 *     npm run bench:cluster -- <embeddings.npy> <truth.csv> [--eval <folder>]
 *
 * The folder holds truth.csv (face, identity: one photo for each row, its main face counts),
 * identities.csv (file, identity, x1, y1, x2, y2 in pixels), or folders named like people. It is
 * scanned through the command line as a user would, into the folder given by `--keep`, or its faces
 * are taken from a library that was scanned before. `--eval` names a folder with other products'
 * algorithms and the measure of labelling effort; `--brief` leaves all other algorithms out.
 * `--pretrained` takes the encoder's own last layer, for albums that Kith's head was trained on.
 */
import { parseArgs } from 'node:util';
import { knownFaces, readEmbeddedAlbum, readScannedAlbum, withScannedLibrary } from './album.ts';
import { loadEvaluation } from './baselines/evaluation.ts';
import { baselinesFor } from './baselines/settings.ts';
import { clusterMeasures } from './cluster-measures.ts';
import { formatClusterTable, judge, judgeBaseline } from './cluster-table.ts';
import { groupInParts, groupWithKith } from './kith-clustering.ts';
import { pretrainedHead, shippedHead } from './setting.ts';

/** In how many parts the last photos come. */
const parts = 10;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    eval: { type: 'string' },
    keep: { type: 'string' },
    library: { type: 'string' },
    brief: { type: 'boolean', default: false },
    pretrained: { type: 'boolean', default: false },
  },
});
const [given, truth] = positionals;
if (given === undefined || (given.endsWith('.npy') && truth === undefined)) {
  console.error(
    'usage: npm run bench:cluster -- <folder | embeddings.npy truth.csv> [--eval <folder>] ' +
      '[--library <scanned library> | --keep <folder>] [--brief]',
  );
  process.exit(2);
}

const evaluation = values.eval === undefined ? undefined : await loadEvaluation(values.eval);
const head = values.pretrained ? pretrainedHead() : shippedHead();
const album = given.endsWith('.npy')
  ? readEmbeddedAlbum(given, truth!)
  : await withScannedLibrary(given, values, (library) => readScannedAlbum(given, library, head));
const { rows, embeddings, dimensions, identities } = knownFaces(album);
console.log(
  `${rows.length} of ${album.marked} known faces were found, of ${new Set(identities).size} people, ` +
    `among ${album.faces.length} faces`,
);

const { groupOfRow, seconds } = await groupWithKith(
  album.faces,
  album.embeddings,
  album.dimensions,
);
const known = (groups: ArrayLike<string | number>) => rows.map((row) => groups[row]!);
const table = [
  judge(
    'Kith',
    'default',
    known(groupOfRow),
    identities,
    seconds.index + seconds.neighbours + seconds.grouping,
    evaluation,
  ),
];
const inParts = await groupInParts(album.faces, album.embeddings, album.dimensions, parts);
table.push(judge('Kith, in parts', 'default', known(inParts), identities, null, evaluation));
// A library that was scanned before may have been grouped by an older version.
if (album.scannedGroups && values.library === undefined) {
  const clusters = known(album.scannedGroups);
  table.push(judge('Kith, as scanned', 'default', clusters, identities, null, evaluation));
}
if (!values.brief) {
  for (const baseline of baselinesFor(embeddings, dimensions, evaluation)) {
    table.push(...judgeBaseline(baseline, identities, evaluation));
  }
}
console.log(formatClusterTable(table));
const agreement = clusterMeasures(inParts, groupOfRow).pairwise.f;
console.log(
  `\nThe last sixth in ${parts} parts, against all at once: pairwise F ${agreement.toFixed(4)}`,
);

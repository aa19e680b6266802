/**
 * Whether algorithms rank alike on synthetic faces and on real ones, which is what synthetic
 * libraries are good for: both rankings and Kendall's tau.
 *
 *     node test/bench/synthetic/validate.ts <folder> <its scanned library> --eval <folder>
 *
 * Folders as for bench:cluster. The synthetic library has as many faces as are known of the real
 * one, and the parameters that were fitted to press photos; the thresholds are the same for both.
 */
import { parseArgs } from 'node:util';
import { knownFaces, readScannedAlbum } from '../album.ts';
import { loadEvaluation, type Evaluation } from '../baselines/evaluation.ts';
import { clusterMeasures } from '../cluster-measures.ts';
import { formatTable } from '../cluster-table.ts';
import { groupWithKith, type FaceToGroup } from '../kith-clustering.ts';
import { kendallTau } from '../rank.ts';
import { SyntheticLibrary } from './library.ts';
import { pressLibrary } from './parameters.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { eval: { type: 'string' }, seed: { type: 'string', default: '1' } },
});
const [folder, scanned] = positionals;
if (folder === undefined || scanned === undefined || values.eval === undefined) {
  console.error(
    'usage: node test/bench/synthetic/validate.ts <folder> <scanned library> --eval <folder> [--seed <n>]',
  );
  process.exit(2);
}

interface Faces {
  readonly faces: readonly FaceToGroup[];
  readonly embeddings: Float32Array;
  readonly dimensions: number;
  readonly identities: readonly string[];
}

/** Fixed thresholds around those that do well on press photos, and those that are published. */
const thresholds = { linkage: [0.5, 0.575, 0.65], linking: [0.55, 0.6, 0.65, 0.76] } as const;

const evaluation = await loadEvaluation(values.eval);
const real = realFaces(folder, scanned);
const synthetic = syntheticFaces(real.identities.length, Number(values.seed));
const ofReal = await figures(real, evaluation);
const ofSynthetic = await figures(synthetic, evaluation);

const names = [...ofReal.keys()];
for (const measure of ['bcubed', 'pairwise'] as const) {
  const column = (of: Awaited<ReturnType<typeof figures>>) =>
    names.map((name) => of.get(name)![measure].f);
  const [left, right] = [column(ofReal), column(ofSynthetic)];
  const rank = (list: readonly number[], at: number) =>
    String(1 + list.filter((value) => value > list[at]!).length);
  console.log(`\n${measure} F`);
  const order = [...names.keys()].sort((a, b) => left[b]! - left[a]!);
  const rows = order.map((at) => [
    names[at]!,
    left[at]!.toFixed(4),
    rank(left, at),
    right[at]!.toFixed(4),
    rank(right, at),
  ]);
  console.log(formatTable([['algorithm', 'real', 'rank', 'synthetic', 'rank'], ...rows], 1));
  console.log(`Kendall's tau ${kendallTau(left, right).toFixed(3)}`);
}

function realFaces(place: string, library: string): Faces {
  const album = readScannedAlbum(place, library);
  const { rows, ...known } = knownFaces(album);
  return { ...known, faces: rows.map((row) => album.faces[row]!) };
}

function syntheticFaces(count: number, seed: number): Faces {
  const library = new SyntheticLibrary(count, pressLibrary, seed);
  return {
    faces: Array.from({ length: count }, (_, face) => library.face(face)),
    embeddings: library.embeddings(0, count, library.axes),
    dimensions: library.axes,
    identities: Array.from(library.personOfFace, String),
  };
}

async function figures({ faces, embeddings, dimensions, identities }: Faces, from: Evaluation) {
  const size = identities.length;
  const graph = from.similarityGraph(embeddings, size, dimensions, thresholds.linkage[0] - 1e-6);
  const tree = from.averageLinkageTree(embeddings, size, dimensions, {
    minSimilarity: thresholds.linkage[0],
  });
  const { groupOfRow } = await groupWithKith(faces, embeddings, dimensions);
  const measured = new Map([['Kith', clusterMeasures(groupOfRow, identities)]]);
  for (const cosine of thresholds.linkage) {
    measured.set(
      `average linkage ${cosine}`,
      clusterMeasures(from.cutTree(tree, cosine), identities),
    );
  }
  for (const minSimilarity of thresholds.linking) {
    for (const [name, run] of [
      ['single link', from.singleLink],
      ['Ente', from.enteLinear],
      ['Chinese whispers', from.chineseWhispers],
    ] as const) {
      const clusters = run(embeddings, size, dimensions, { minSimilarity, graph });
      measured.set(`${name} ${minSimilarity}`, clusterMeasures(clusters, identities));
    }
  }
  return measured;
}

/**
 * How many actions it takes to name people: a user who never errs drives the engine through its
 * contract until 95 % of the faces of people with at least three are right.
 *
 *     npm run bench:effort -- <folder> [--library <scanned library> | --keep <folder>] [--eval <folder>] [--pace <n>] [--road <people|review>] [--learn]
 *
 * Folders as for bench:cluster. The library is copied, the labels are thrown away. `--road` is
 * the view that is named in, People if left out, where nothing has to be said of strangers. `--pace` is
 * the number of answers between two looks at regrouped faces; with `--learn` Kith learns whenever it offers
 * to. With `--eval`, the actions that the same
 * goal takes over Ente's groups of the same faces, and over Kith's where nothing is asked.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { withEngine } from '../../electron/cli/session.ts';
import { knownFaces, readScannedAlbum, reunite, withScannedLibrary, type Album } from './album.ts';
import { loadEvaluation } from './baselines/evaluation.ts';
import { formatTable } from './cluster-table.ts';
import { OracleUser, roads, type Effort, type Road } from './effort-user.ts';
import { groupWithKith } from './kith-clustering.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    eval: { type: 'string' },
    keep: { type: 'string' },
    library: { type: 'string' },
    learn: { type: 'boolean', default: false },
    pace: { type: 'string', default: '10' },
    road: { type: 'string', default: 'people' },
  },
});
const [folder] = positionals;
const road = values.road as Road;
if (folder === undefined || !Object.hasOwn(roads, road)) {
  console.error(
    'usage: npm run bench:effort -- <folder> [--library <scanned library> | --keep <folder>] ' +
      '[--eval <folder>] [--pace <n>] [--road <people|review>] [--learn]',
  );
  process.exit(2);
}

/** People with fewer faces need no name; the share of the others' faces that has to be right. */
const leastFaces = 3;
const coverage = 0.95;

await withScannedLibrary(folder, values, async (library) => {
  const album = readScannedAlbum(folder, library);
  const work = mkdtempSync(join(tmpdir(), 'kith-effort-'));
  try {
    const copy = join(work, 'library');
    cpSync(library, copy, {
      recursive: true,
      filter: (path) => !['crops.sqlite', 'lock.sqlite'].includes(basename(path)),
    });
    reunite(album, copy);
    const started = performance.now();
    const effort = await label(album, copy);
    console.log(`labelled in ${((performance.now() - started) / 1000).toFixed(1)} s`);
    await report(album, effort);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
});

function label({ faces, identities }: Album, library: string): Promise<Effort> {
  const identityOfFace = new Map(
    faces.flatMap(({ faceId }, row) => {
      const identity = identities[row];
      return identity == null ? [] : [[faceId, identity] as const];
    }),
  );
  const sizes = Map.groupBy(identityOfFace.values(), (identity) => identity);
  const wanted = new Set(
    [...sizes].filter(([, ofPerson]) => ofPerson.length >= leastFaces).map(([person]) => person),
  );
  return withEngine({ library, json: false, provider: 'cpu', processes: 1 }, async ({ host }) => {
    // An older version may have grouped it.
    await host.call('host.rebuildGroups', {});
    return new OracleUser(
      host,
      { identityOfFace, wanted, coverage, learns: values.learn },
      Number(values.pace),
      road,
    ).work((right, target, actions) => {
      console.error(`${right} of ${target} faces are right after ${actions} actions`);
    });
  });
}

async function report(album: Album, effort: Effort): Promise<void> {
  const { rows, embeddings, dimensions, identities } = knownFaces(album);
  const per100 = (actions: number) => ((100 * actions) / effort.wantedFaces).toFixed(2);
  const { actions, named, yes, no, putOff, ejected, chosen, assigned, learnt, passed } = effort;
  const answers =
    `${named} named, ${yes} yes, ${no} no, ${putOff} put off, ${ejected} taken out, ${chosen} chosen at once, ` +
    `${assigned} assigned, ${learnt} learnt; ${passed} passed over`;
  const table = [
    ['flow', 'actions', 'for 100 faces', 'of which'],
    [
      `Kith, driven in ${road === 'people' ? 'People' : 'Review'}`,
      String(actions),
      per100(actions),
      answers,
    ],
  ];
  if (values.eval !== undefined) {
    const evaluation = await loadEvaluation(values.eval);
    const graph = evaluation.similarityGraph(embeddings, rows.length, dimensions, 0.76 - 1e-6);
    const ente = evaluation.enteLinear(embeddings, rows.length, dimensions, {
      minSimilarity: 0.76,
      graph,
    });
    const { groupOfRow } = await groupWithKith(album.faces, album.embeddings, album.dimensions);
    const kith = rows.map((row) => groupOfRow[row]!);
    for (const [flow, clusters] of [
      ["Kith's groups, nothing asked", kith],
      ['Ente, published', ente],
    ] as const) {
      const flowEffort = evaluation.labellingEffort(identities, clusters);
      const { actions: all, dismissed, actionsPer100Faces } = flowEffort;
      // Kith's user leaves strangers where they are; so might the others'.
      const without = `${dismissed} dismissed, ${per100(all - dismissed)} without`;
      table.push([flow, String(all), actionsPer100Faces.toFixed(2), without]);
    }
    table.push(['a perfect grouping', '', perfect(evaluation, identities), '']);
  }
  console.log(
    `${effort.rightFaces} of ${effort.wantedFaces} wanted faces are right, ` +
      `${effort.wrongFaces} others carry a name that is wrong or not known to be right`,
  );
  console.log(formatTable(table, 1));
}

function perfect(
  { labellingEffort }: Awaited<ReturnType<typeof loadEvaluation>>,
  identities: readonly string[],
): string {
  return labellingEffort(identities, identities).actionsPer100Faces.toFixed(2);
}

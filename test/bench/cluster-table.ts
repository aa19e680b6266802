import type { Baseline } from './baselines/settings.ts';
import type { Evaluation } from './baselines/evaluation.ts';
import { clusterMeasures, type ClusterMeasures } from './cluster-measures.ts';

export interface ClusterRow {
  readonly algorithm: string;
  readonly setting: string;
  readonly measures: ClusterMeasures;
  /** Actions for 100 faces until 95 % of those of people with at least 3 carry the right name. */
  readonly effort: number | null;
  /** One grouping from nothing but embeddings. */
  readonly seconds: number | null;
}

type Clusters = ArrayLike<string | number>;

/** Judges groups by the identities of the same faces. */
export function judge(
  algorithm: string,
  setting: string,
  clusters: Clusters,
  identities: readonly string[],
  seconds: number | null,
  evaluation: Evaluation | undefined,
): ClusterRow {
  return {
    algorithm,
    setting,
    measures: clusterMeasures(clusters, identities),
    effort: evaluation?.labellingEffort(identities, clusters).actionsPer100Faces ?? null,
    seconds,
  };
}

/** A baseline at its published setting, if it has one, and at the one with the best BCubed F on these very faces. */
export function judgeBaseline(
  { name, settings, preparationSeconds }: Baseline,
  identities: readonly string[],
  evaluation: Evaluation | undefined,
): ClusterRow[] {
  let published: ClusterRow | undefined;
  let best: { readonly f: number; readonly row: () => ClusterRow } | undefined;
  const swept = settings.filter((setting) => !setting.published);
  for (const setting of settings) {
    const started = performance.now();
    const clusters = setting.run();
    const seconds = preparationSeconds + (performance.now() - started) / 1000;
    const row = (kind: string) =>
      judge(name, `${setting.text} (${kind})`, clusters, identities, seconds, evaluation);
    if (setting.published) published = row('published');
    const { f } = clusterMeasures(clusters, identities).bcubed;
    const atEnd = setting === swept[0] || setting === swept.at(-1);
    if (!best || f > best.f) best = { f, row: () => row(atEnd ? 'best, at the end' : 'best') };
  }
  return [...(published ? [published] : []), ...(best ? [best.row()] : [])];
}

export function formatClusterTable(rows: readonly ClusterRow[]): string {
  const head =
    'algorithm,setting,pair P,pair R,pair F,B3 P,B3 R,B3 F,NMI,groups,actions/100,seconds';
  return formatTable(
    [
      head.split(','),
      ...rows.map(({ algorithm, setting, measures, effort, seconds }) => [
        algorithm,
        setting,
        ...[measures.pairwise, measures.bcubed].flatMap(({ precision, recall, f }) =>
          [precision, recall, f].map((share) => share.toFixed(4)),
        ),
        measures.normalizedMutualInformation.toFixed(4),
        String(measures.groups),
        effort?.toFixed(2) ?? '-',
        seconds?.toFixed(1) ?? '-',
      ]),
    ],
    2,
  );
}

/** Aligns columns: the first ones to the left, the rest, which are numbers, to the right. */
export function formatTable(rows: readonly (readonly string[])[], textColumns: number): string {
  const widths = rows[0]!.map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column < textColumns ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/**
 * How Kith's grouping grows with the library, on synthetic faces: 10,000, 100,000 and, with
 * `--million`, 1,000,000, each in a process of its own.
 *
 *     npm run bench:scale -- [--million | --sizes 10000,30000]
 *     npm run bench:scale -- --sizes 100000 --links 12,16 --construction 100,200 --search 80,160
 *
 * With lists of index parameters only the index is measured, once for each combination. Exponents
 * are those of seconds between one size and the next: 1 is in proportion, 2 is with the square.
 */
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { indexTuning } from '../../electron/core/tuning.ts';
import { formatTable } from './cluster-table.ts';
import { newFaces, type ScaleResult } from './scale-member.ts';

const { values } = parseArgs({
  options: {
    million: { type: 'boolean', default: false },
    sizes: { type: 'string' },
    links: { type: 'string' },
    construction: { type: 'string' },
    search: { type: 'string' },
  },
});
const numbers = (text: string) => text.split(',').map(Number);
const sizes = numbers(values.sizes ?? (values.million ? '10000,100000,1000000' : '10000,100000'));
console.log(`${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}`);
if (values.links ?? values.construction ?? values.search) sweep();
else scale();

function member(faces: number, ...more: string[]): ScaleResult {
  const ran = spawnSync(
    process.execPath,
    [join(import.meta.dirname, 'scale-member.ts'), '--faces', String(faces), ...more],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  if (ran.status !== 0) throw new Error(`${faces} faces ended with ${ran.status ?? ran.signal}`);
  // At once, since the next size may take many minutes.
  console.error(ran.stdout.trim());
  return JSON.parse(ran.stdout) as ScaleResult;
}

function scale(): void {
  const results = sizes.map((faces) => member(faces));
  const steps = {
    'index s': (result: ScaleResult) => result.index,
    'neighbours s': (result: ScaleResult) => result.neighbours,
    'grouping s': (result: ScaleResult) => result.grouping!,
    'all s': ({ index, neighbours, grouping }: ScaleResult) => index + neighbours + grouping!,
    [`${newFaces} more s`]: (result: ScaleResult) => result.added!,
  };
  console.log(
    formatTable(
      [
        ['faces', 'people', ...Object.keys(steps), 'recall@10', 'query ms', 'peak MB', 'B3 F'],
        ...results.map((result) => [
          ...[result.faces, result.people].map((count) => count.toLocaleString('en')),
          ...Object.values(steps).map((of) => of(result).toFixed(2)),
          ...found(result),
          result.bcubed!.toFixed(4),
        ]),
        ...results.slice(1).map((larger, at) => {
          const smaller = results[at]!;
          const growth = Math.log(larger.faces / smaller.faces);
          return [
            `exponent`,
            '',
            ...Object.values(steps).map((of) =>
              (Math.log(of(larger) / of(smaller)) / growth).toFixed(2),
            ),
          ];
        }),
      ],
      0,
    ),
  );
}

function sweep(): void {
  const rows = [['faces', 'M', 'efConstruction', 'ef', 'index s', 'neighbours s']];
  rows[0]!.push('recall@10', 'query ms', 'peak MB');
  for (const faces of sizes) {
    for (const links of numbers(values.links ?? String(indexTuning.links))) {
      for (const width of numbers(values.construction ?? String(indexTuning.constructionWidth))) {
        for (const search of numbers(values.search ?? String(indexTuning.searchWidth))) {
          const settings = { links, construction: width, search };
          const options = Object.entries(settings).flatMap(([name, value]) => [
            `--${name}`,
            String(value),
          ]);
          const result = member(faces, '--index-only', ...options);
          rows.push([
            faces.toLocaleString('en'),
            ...Object.values(settings).map(String),
            result.index.toFixed(2),
            result.neighbours.toFixed(2),
            ...found(result),
          ]);
        }
      }
    }
  }
  console.log(formatTable(rows, 0));
}

function found({ recall, query, peakBytes }: ScaleResult): string[] {
  return [recall.toFixed(4), query.toFixed(3), String(Math.round(peakBytes / 1e6))];
}

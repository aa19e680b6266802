import type { EncoderFigures, EncoderRecipe } from './encoder-training.ts';

/** What a card tells. */
export interface EncoderReport {
  readonly version: string;
  readonly seed: number;
  /** Parts of each album; a head that did not see a part is measured on it. */
  readonly parts: number;
  readonly recipe: EncoderRecipe;
  readonly albums: readonly {
    readonly name: string;
    readonly faces: number;
    readonly people: number;
    readonly before: EncoderFigures;
    readonly after: EncoderFigures;
  }[];
  readonly checks: readonly {
    readonly name: string;
    readonly before: { readonly accuracy: number; readonly accepted: number };
    readonly after: { readonly accuracy: number; readonly accepted: number };
  }[];
  readonly generic: { readonly before: readonly number[]; readonly after: readonly number[] };
}

/** The model card, in Markdown: data, recipe, seed, before and after. */
export function encoderCard(report: EncoderReport): string {
  const { version, seed, parts, recipe, albums, checks, generic } = report;
  const rows: [string, number | null, number | null][] = [];
  for (const { name, before, after } of albums) {
    rows.push(
      [`${name}, pairs accepted at 1 in 1,000`, before.accepted, after.accepted],
      [`${name}, BCubed F at its best threshold`, before.grouped, after.grouped],
      [`${name}, kin: pairs accepted at 1 in 100`, before.kin, after.kin],
      [`${name}, listed pairs: accuracy`, before.listed, after.listed],
    );
  }
  const checked = checks.flatMap(({ name, before, after }): typeof rows => [
    [`${name}, listed pairs: accuracy`, before.accuracy, after.accuracy],
    [`${name}, listed pairs accepted at 1 in 1,000`, before.accepted, after.accepted],
  ]);
  const drawn = generic.before.map((before, population): (typeof rows)[number] => [
    `population ${population + 1}`,
    before,
    generic.after[population] ?? null,
  ]);
  const data = albums.map(
    ({ name, faces, people }) => `${name}, ${faces} faces of ${people} people`,
  );
  return [
    `# ${version}\n`,
    'The last layer of the encoder, 192 × 512 weights and 192 biases (`head.bin`: 32-bit floats, little-endian, weights row by row, then biases), trained by Kith from the layer that the encoder came with. It works on stored features. In use until a library has learnt a head of its own.\n',
    `**Data**: ${data.join('; ')}. Each set's pairs of one person together weigh the same.\n`,
    `**Recipe**: all pairs under a logistic likelihood, as \`npm run train:encoder\` does it; seed ${seed}; ${describe(recipe)}.\n`,
    `**Held-out people**: the faces are cut into ${parts} parts, families whole; a head is trained without each part and measured on it; means over the parts.\n`,
    table(rows),
    ...(checked.length === 0
      ? []
      : [
          '**Checks** with the head from all faces, on people that nothing was trained on:\n',
          table(checked),
        ]),
    '**Limits**: those of the encoder, whose features it reads. The faces that it was trained on are family photos over decades and celebrities from the front and the side; they do not show all ages and origins alike.\n',
    '**Faces in general**, drawn from `generic-faces.bin`, accuracy at the best threshold:\n',
    table(drawn),
  ].join('\n');
}

function table(rows: readonly (readonly [string, number | null, number | null])[]): string {
  const lines = rows
    .filter(([, before]) => before !== null)
    .map(
      ([what, ...figures]) => `| ${what} | ${figures.map((one) => one?.toFixed(4)).join(' | ')} |`,
    );
  return ['| measured | as it came | trained |', '| --- | ---: | ---: |', ...lines, ''].join('\n');
}

function describe(recipe: object): string {
  return Object.entries(recipe)
    .map(([name, value]) =>
      typeof value === 'object' && value !== null
        ? `${name} (${describe(value as object)})`
        : `${name} ${String(value)}`,
    )
    .join(', ');
}

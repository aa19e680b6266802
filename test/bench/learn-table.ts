const columns = [
  'accepted',
  'BCubed F',
  'BCubed F under the names',
  'others: accepted',
  'others: BCubed F',
];

/** Figures by method and seed; the first method is what the others are held against. */
export class LearnTable {
  readonly #rows = new Map<string, number[][]>();

  note(method: string, figures: readonly number[]): void {
    this.#rows.set(method, [...(this.#rows.get(method) ?? []), [...figures]]);
  }

  /**
   * Means over seeds, and by how much of what was missing to 1 each method changed, ± the deviation:
   * against the first method, and the last one also against the one before it.
   */
  print(): string {
    const methods = [...this.#rows.keys()];
    const first = this.#rows.get(methods[0]!)!;
    const lines = [
      `| method | ${columns.join(' | ')} |`,
      `| --- |${' ---: |'.repeat(columns.length)}`,
    ];
    for (const [place, [method, rows]] of [...this.#rows].entries()) {
      const before = place > 0 && place === methods.length - 1 ? methods[place - 1] : undefined;
      const cells = columns.map((_, column) => {
        const mean = average(rows.map((row) => row[column]!)).toFixed(3);
        if (place === 0) return mean;
        const changes = [changeOf(first, rows, column)];
        if (before !== undefined) changes.push(changeOf(this.#rows.get(before)!, rows, column));
        return `${mean} (${changes.join('; ')})`;
      });
      lines.push(`| ${method} | ${cells.join(' | ')} |`);
    }
    return lines.join('\n');
  }
}

/** Of all that is missing, in per cent; the deviation is that of seeds. */
function changeOf(from: readonly number[][], to: readonly number[][], column: number): string {
  const changes = to.map((row, seed) => {
    const missing = 1 - from[seed]![column]!;
    return missing < 1e-9 ? 0 : (100 * (from[seed]![column]! - row[column]!)) / missing;
  });
  const mean = average(changes);
  const deviation = Math.sqrt(average(changes.map((change) => (change - mean) ** 2)));
  return `${mean > 0 ? '+' : ''}${mean.toFixed(0)} ± ${deviation.toFixed(0)} %`;
}

function average(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

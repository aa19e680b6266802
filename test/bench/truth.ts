import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Rows of a simple CSV file (no quoting) as objects by the names in its first line. */
export function readTable(folder: string, file: string): Record<string, string>[] {
  const [head = '', ...lines] = readFileSync(join(folder, file), 'utf8').trim().split(/\r?\n/);
  const names = head.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']));
  });
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Corners } from './measures.ts';

/** Rows of a simple CSV file (no quoting) as objects by the names in its first line. */
export function readTable(folder: string, file: string): Record<string, string>[] {
  const [head = '', ...lines] = readFileSync(join(folder, file), 'utf8').trim().split(/\r?\n/);
  const names = head.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']));
  });
}

/** Marked faces by photo: faces.csv with file, x1, y1, x2, y2 in pixels. */
export function readMarkedFaces(folder: string): Map<string, Corners[]> {
  const marked = new Map<string, Corners[]>();
  for (const row of readTable(folder, 'faces.csv')) {
    const file = row['file'] ?? '';
    const at = (name: string) => Number(row[name]);
    const faces = marked.get(file) ?? [];
    faces.push([at('x1'), at('y1'), at('x2'), at('y2')]);
    marked.set(file, faces);
  }
  return marked;
}

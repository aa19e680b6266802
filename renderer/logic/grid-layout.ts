/** A run of items under an optional heading; sections follow each other in one numbering. */
export interface Section {
  readonly id: string;
  readonly title: string | null;
  readonly count: number;
}

export type GridRow =
  | { readonly kind: 'heading'; readonly key: string; readonly section: number }
  | {
      readonly kind: 'tiles';
      readonly key: string;
      /** Number of the row's first item among all sections. */
      readonly first: number;
      readonly count: number;
    };

/** Name of the section that holds item `index`; empty where there is none. */
export function sectionOf(sections: readonly Section[], index: number): string {
  let end = 0;
  for (const section of sections) {
    end += section.count;
    if (index < end) return section.id;
  }
  return '';
}

/** How many tiles of at least `minimum` pixels fit side by side, at least one. */
export function columnsFor(width: number, minimum: number, gap: number): number {
  return Math.max(1, Math.floor((width + gap) / (minimum + gap)));
}

export function gridRows(sections: readonly Section[], columns: number): GridRow[] {
  const rows: GridRow[] = [];
  let first = 0;
  sections.forEach((section, index) => {
    if (section.count > 0 && section.title !== null) {
      rows.push({ kind: 'heading', key: `heading-${section.id}`, section: index });
    }
    for (let start = 0; start < section.count; start += columns) {
      const count = Math.min(columns, section.count - start);
      rows.push({
        kind: 'tiles',
        key: `${section.id}-${String(start)}`,
        first: first + start,
        count,
      });
    }
    first += section.count;
  });
  return rows;
}

/** Index into `rows` of the row that holds item `index`, or −1. Binary search. */
export function rowOf(rows: readonly GridRow[], index: number): number {
  let low = 0;
  let high = rows.length - 1;
  while (low <= high) {
    let middle = (low + high) >> 1;
    let row = rows[middle];
    // A heading stands just before its first row of tiles.
    if (row?.kind === 'heading') row = rows[++middle];
    if (row?.kind !== 'tiles') return -1;
    if (index < row.first) {
      high = middle - 1 - Number(rows[middle - 1]?.kind === 'heading');
    } else if (index >= row.first + row.count) {
      low = middle + 1;
    } else {
      return middle;
    }
  }
  return -1;
}

export type Move =
  'left' | 'right' | 'up' | 'down' | 'start' | 'end' | 'page-up' | 'page-down' | 'first' | 'last';

/**
 * Where the focus goes from item `index`. Up and down keep the column, also into another
 * section and into a shorter last row.
 *
 * @param pageRows rows that a page key jumps
 */
export function moveIn(
  rows: readonly GridRow[],
  index: number,
  move: Move,
  total: number,
  pageRows = 4,
): number {
  if (total === 0) return -1;
  const clamp = (value: number) => Math.max(0, Math.min(total - 1, value));
  const at = rowOf(rows, index);
  const row = rows[at];
  if (row?.kind !== 'tiles') return clamp(index);
  const vertical = (steps: number): number => {
    const column = index - row.first;
    const direction = Math.sign(steps);
    let left = Math.abs(steps);
    let target = row;
    for (let next = at + direction; left > 0; next += direction) {
      const candidate = rows[next];
      if (!candidate) break;
      if (candidate.kind === 'heading') continue;
      target = candidate;
      left--;
    }
    return target === row ? index : target.first + Math.min(column, target.count - 1);
  };
  switch (move) {
    case 'left':
      return clamp(index - 1);
    case 'right':
      return clamp(index + 1);
    case 'up':
      return vertical(-1);
    case 'down':
      return vertical(1);
    case 'page-up':
      return vertical(-pageRows);
    case 'page-down':
      return vertical(pageRows);
    case 'start':
      return row.first;
    case 'end':
      return row.first + row.count - 1;
    case 'first':
      return 0;
    case 'last':
      return total - 1;
  }
}

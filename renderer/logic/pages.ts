/** The loaded parts of a long list, by page number. */
export type Pages<T> = ReadonlyMap<number, readonly T[]>;

export function noPages<T>(): Pages<T> {
  return new Map();
}

export function withPage<T>(pages: Pages<T>, page: number, items: readonly T[]): Pages<T> {
  return new Map(pages).set(page, items);
}

export function onlyPages<T>(pages: Pages<T>, kept: readonly number[]): Pages<T> {
  return new Map([...pages].filter(([page]) => kept.includes(page)));
}

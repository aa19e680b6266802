/**
 * Which of a list's items are chosen, by key. The anchor is where a range begins; a range
 * replaces the range made from the same anchor before, as in a file manager.
 */
export interface Selection {
  readonly keys: ReadonlySet<string>;
  readonly anchor: string | null;
  /** What was chosen before the current range was drawn from the anchor. */
  readonly base: ReadonlySet<string>;
}

export const emptySelection: Selection = { keys: new Set(), anchor: null, base: new Set() };

/** Adds or removes one item and makes it the anchor. */
export function toggle(selection: Selection, key: string): Selection {
  const keys = new Set(selection.keys);
  if (!keys.delete(key)) keys.add(key);
  return { keys, anchor: key, base: keys };
}

/** Chooses everything between the anchor and `key` in the order of `order`. */
export function extendTo(selection: Selection, key: string, order: readonly string[]): Selection {
  const from = selection.anchor === null ? -1 : order.indexOf(selection.anchor);
  const to = order.indexOf(key);
  if (to < 0) return selection;
  if (from < 0) return toggle({ ...selection, keys: selection.base }, key);
  const keys = new Set(selection.base);
  for (const item of order.slice(Math.min(from, to), Math.max(from, to) + 1)) keys.add(item);
  return { keys, anchor: selection.anchor, base: selection.base };
}

export function selectAll(order: readonly string[]): Selection {
  const keys = new Set(order);
  return { keys, anchor: order[0] ?? null, base: keys };
}

/** Drops what is no longer in the list. */
export function prune(selection: Selection, present: ReadonlySet<string>): Selection {
  const kept = (keys: ReadonlySet<string>) => new Set([...keys].filter((key) => present.has(key)));
  const keys = kept(selection.keys);
  if (keys.size === selection.keys.size) return selection;
  const anchor = selection.anchor !== null && present.has(selection.anchor);
  return { keys, anchor: anchor ? selection.anchor : null, base: kept(selection.base) };
}

/**
 * Number of the grid item that an event happened in, or null: in no item, or in a control that
 * answers for itself (a button, a name field).
 */
export function itemIndexOf(
  target: EventTarget | null,
  root: HTMLElement | undefined,
): number | null {
  if (!(target instanceof Element) || !root) return null;
  const item = target.closest<HTMLElement>('[data-index]');
  const control = target.closest('button, input, [data-own-clicks]');
  if (!item || !root.contains(item) || (control && item.contains(control))) return null;
  return Number(item.dataset['index']);
}

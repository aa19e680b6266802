/** The parts of a keyboard event that decide what it means. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** Control, or Command on a Mac. */
export function hasCommand(press: Pick<KeyPress, 'ctrlKey' | 'metaKey'>): boolean {
  return press.ctrlKey || press.metaKey;
}

/** The letter or name of a plain key press (Shift allowed), lower case; null with Ctrl, Alt or Command. */
export function plainKey(press: KeyPress): string | null {
  if (hasCommand(press) || press.altKey) return null;
  return press.key.length === 1 ? press.key.toLowerCase() : press.key;
}

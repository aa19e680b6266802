/**
 * What the interface shows before the engine's answer has come back round: an action is taken to
 * succeed at once, and what was expected of it is forgotten when a reload that began after the
 * action was answered has ended. Until then stale reloads cannot bring the old state back.
 */
export class Expectation<K, V> {
  readonly #entries = new Map<K, V>();
  readonly #until = new Map<K, number>();
  readonly #changed: (entries: ReadonlyMap<K, V>) => void;
  #round = 0;

  /** @param changed gets a new map after every change */
  constructor(changed: (entries: ReadonlyMap<K, V>) => void) {
    this.#changed = changed;
  }

  expect(keys: readonly K[], value: V): void {
    for (const key of keys) {
      this.#entries.set(key, value);
      this.#until.delete(key);
    }
    this.#tell();
  }

  /** The action on these was answered, well or not: the next reload tells the truth. */
  answered(keys: readonly K[]): void {
    for (const key of keys) this.#until.set(key, this.#round + 1);
  }

  /** Says that a reload begins; the number goes to `reloaded` when it ends. */
  reloading(): number {
    return ++this.#round;
  }

  reloaded(round: number): void {
    for (const [key, until] of this.#until) {
      if (until > round) continue;
      this.#until.delete(key);
      this.#entries.delete(key);
    }
    this.#tell();
  }

  #tell(): void {
    this.#changed(new Map(this.#entries));
  }
}

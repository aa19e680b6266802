import {
  emptySelection,
  extendTo,
  prune,
  selectAll,
  toggle,
  type Selection,
} from '../logic/selection.ts';

/** What is chosen in one grid. */
export class SelectionState {
  #selection = $state.raw<Selection>(emptySelection);
  readonly keys = $derived(this.#selection.keys);
  readonly size = $derived(this.#selection.keys.size);

  has(key: string): boolean {
    return this.#selection.keys.has(key);
  }

  toggle(key: string): void {
    this.#selection = toggle(this.#selection, key);
  }

  extendTo(key: string, order: readonly string[]): void {
    this.#selection = extendTo(this.#selection, key, order);
  }

  all(order: readonly string[]): void {
    this.#selection = selectAll(order);
  }

  replace(keys: ReadonlySet<string>): void {
    this.#selection = selectAll([...keys]);
  }

  clear(): void {
    this.#selection = emptySelection;
  }

  keepOnly(present: ReadonlySet<string>): void {
    this.#selection = prune(this.#selection, present);
  }
}

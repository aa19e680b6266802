type IndexOf = (event: Event) => number | null;

/** Dragging one item of a grid onto another one. */
export class ItemDrag {
  /** The item under the pointer that would take the dragged one. */
  onto = $state<number | null>(null);
  #from: number | null = null;
  readonly #indexOf: IndexOf;
  readonly #drop: (from: number, onto: number) => void;

  constructor(indexOf: IndexOf, drop: (from: number, onto: number) => void) {
    this.#indexOf = indexOf;
    this.#drop = drop;
  }

  readonly listeners = {
    ondragstart: (event: DragEvent) => {
      this.#from = this.#indexOf(event);
      if (this.#from === null) event.preventDefault();
      else if (event.dataTransfer) event.dataTransfer.effectAllowed = 'move';
    },
    ondragover: (event: DragEvent) => {
      const index = this.#indexOf(event);
      this.onto = this.#from === null || index === this.#from ? null : index;
      // Only what is not refused can be dropped.
      if (this.onto !== null) event.preventDefault();
    },
    ondrop: (event: DragEvent) => {
      const [from, onto] = [this.#from, this.onto];
      this.#end();
      if (from === null || onto === null) return;
      event.preventDefault();
      this.#drop(from, onto);
    },
    ondragend: () => this.#end(),
  };

  #end(): void {
    this.#from = null;
    this.onto = null;
  }
}

/** Work for several takers, until it is ended and empty. */
export class WorkQueue<Item> {
  #items: Item[] = [];
  #next = 0;
  #ended = false;
  #takers: ((item: Item | undefined) => void)[] = [];

  push(item: Item): void {
    const taker = this.#takers.shift();
    if (taker) taker(item);
    else this.#items.push(item);
  }

  end(): void {
    this.#ended = true;
    for (const taker of this.#takers.splice(0)) taker(undefined);
  }

  take(): Promise<Item | undefined> {
    if (this.#next < this.#items.length) {
      const item = this.#items[this.#next++]!;
      if (this.#next > 10_000) {
        this.#items = this.#items.slice(this.#next);
        this.#next = 0;
      }
      return Promise.resolve(item);
    }
    if (this.#ended) return Promise.resolve(undefined);
    return new Promise((resolve) => this.#takers.push(resolve));
  }
}

/** After so many answers of which less than half were yes, the user stops answering. */
const patience = 10;

/** Whether questions about single faces still pay. */
export class Patience {
  readonly #answers: boolean[] = [];

  heard(yes: boolean): void {
    this.#answers.push(yes);
  }

  get over(): boolean {
    const recent = this.#answers.slice(-patience);
    return recent.length === patience && recent.filter(Boolean).length * 2 < patience;
  }
}

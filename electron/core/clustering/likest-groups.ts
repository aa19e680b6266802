/** Pairs that are remembered for each group: most groups lose the best of them several times. */
const kept = 4;

/**
 * The pairs of each group with the greatest margins. As groups join, pairs vanish and margins change;
 * as long as one of those remembered is sure to be above all others, these need not be looked at.
 */
export class LikestGroups {
  readonly #stands: (group: number) => boolean;
  /** For each group so many others, the best first; ties go to the smaller number. */
  readonly #sizes: Uint8Array;
  readonly #others: Uint32Array;
  readonly #margins: Float64Array;
  /** No pair that is not remembered is above this. */
  readonly #rest: Float64Array;

  /** @param stands whether a group is there still and no part of another. */
  constructor(size: number, stands: (group: number) => boolean) {
    this.#stands = stands;
    this.#sizes = new Uint8Array(size);
    this.#others = new Uint32Array(size * kept);
    this.#margins = new Float64Array(size * kept);
    this.#rest = new Float64Array(size).fill(-Infinity);
  }

  /** The other group of the best pair, −1 where none is above 0. */
  best(group: number): number {
    return this.#sizes[group] === 0 ? -1 : this.#others[group * kept]!;
  }

  /** Whether no pair can be above the best; otherwise all must be offered anew. */
  isSure(group: number): boolean {
    const rest = this.#rest[group]!;
    return this.#sizes[group] === 0 ? rest < 0 : this.#margins[group * kept]! >= rest;
  }

  /** A margin below this may be told too high, but below it: it is not remembered. */
  least(group: number): number {
    const size = this.#sizes[group]!;
    return size === kept ? this.#margins[group * kept + size - 1]! : this.#rest[group]!;
  }

  forget(group: number): void {
    this.#sizes[group] = 0;
    this.#rest[group] = -Infinity;
  }

  /** Takes note of a pair, in place of what was known of it before. */
  offer(group: number, other: number, margin: number): void {
    const start = group * kept;
    const least = this.least(group);
    let size = this.#dropGone(group, other);
    if (margin < 0) return;
    if (margin < least) {
      if (margin > this.#rest[group]!) this.#rest[group] = margin;
      return;
    }
    let at = start + size;
    while (at > start && this.#isBelow(at - 1, margin, other)) at--;
    if (size === kept) {
      const out = at === start + size ? margin : this.#margins[start + size - 1]!;
      if (out > this.#rest[group]!) this.#rest[group] = out;
      if (at === start + size) return;
      size--;
    }
    this.#others.copyWithin(at + 1, at, start + size);
    this.#margins.copyWithin(at + 1, at, start + size);
    this.#others[at] = other;
    this.#margins[at] = margin;
    this.#sizes[group] = size + 1;
  }

  #isBelow(at: number, margin: number, other: number): boolean {
    const here = this.#margins[at]!;
    return here < margin || (here === margin && this.#others[at]! > other);
  }

  /** @returns how many pairs are left, without that with `other` too. */
  #dropGone(group: number, other: number): number {
    const start = group * kept;
    const end = start + this.#sizes[group]!;
    let to = start;
    for (let at = start; at < end; at++) {
      const known = this.#others[at]!;
      if (known === other || !this.#stands(known)) continue;
      this.#others[to] = known;
      this.#margins[to++] = this.#margins[at]!;
    }
    this.#sizes[group] = to - start;
    return to - start;
  }
}

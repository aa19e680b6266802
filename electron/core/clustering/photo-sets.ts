import type { Partition } from './node-graph.ts';
import type { PhotoTable } from './photo-table.ts';

/** In which photos each group has faces, as far as photos with several faces go. */
export class PhotoSets {
  readonly #table: PhotoTable;
  /** A group that each row is or was in, and what became of each group. */
  readonly #groupOf: Uint32Array;
  readonly #into: Uint32Array;
  /** The rows of a group that are on photos with others, as a chain. */
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  readonly #next: Int32Array;
  readonly #totals: Uint32Array;
  /** When a photo was last seen. */
  readonly #seenAt: Uint32Array;
  #look = 0;

  /** @param groups group of each row of the table. */
  constructor(table: PhotoTable, { groupOfRow, size }: Partition) {
    this.#table = table;
    this.#groupOf = Uint32Array.from(groupOfRow);
    this.#into = Uint32Array.from({ length: size }, (_, group) => group);
    this.#first = new Int32Array(size).fill(-1);
    this.#last = new Int32Array(size).fill(-1);
    this.#next = new Int32Array(table.size).fill(-1);
    this.#totals = new Uint32Array(size);
    this.#seenAt = new Uint32Array(table.photoIds.length);
    for (const [row, group] of groupOfRow.entries()) {
      this.#totals[group]! += table.totals[row]!;
      if (table.photoStarts[row] === table.photoStarts[row + 1]) continue;
      if (this.#last[group]! < 0) this.#first[group] = row;
      else this.#next[this.#last[group]!] = row;
      this.#last[group] = row;
    }
    for (let group = 0; group < size; group++) {
      // A row is in each of its photos once.
      if (this.#first[group] === this.#last[group]) continue;
      this.#look++;
      this.#visitPhotos(group, (photo) => {
        if (!this.#isNew(photo)) this.#totals[group]!--;
      });
    }
  }

  /** Photos that both have, by the photos of the one that has fewer; 0 to 1. */
  sharedShare(a: number, b: number): number {
    return this.#countShared(a, b) / Math.max(1, Math.min(this.#totals[a]!, this.#totals[b]!));
  }

  /** `b` becomes part of `a`. */
  join(a: number, b: number): void {
    this.#totals[a]! += this.#totals[b]! - this.#countShared(a, b);
    this.#into[b] = a;
    if (this.#first[b]! < 0) return;
    if (this.#first[a]! < 0) this.#first[a] = this.#first[b]!;
    else this.#next[this.#last[a]!] = this.#first[b]!;
    this.#last[a] = this.#last[b]!;
  }

  /** Calls for each row of a group that is in a photo with others. */
  visitRows(group: number, visit: (row: number) => void): void {
    for (let row = this.#first[group]!; row >= 0; row = this.#next[row]!) visit(row);
  }

  /** Calls for each photo with others that a group has a face in, once or more. */
  #visitPhotos(group: number, visit: (photo: number) => void): void {
    const { photoStarts, photos } = this.#table;
    this.visitRows(group, (row) => {
      for (let at = photoStarts[row]!; at < photoStarts[row + 1]!; at++) visit(photos[at]!);
    });
  }

  #countShared(a: number, b: number): number {
    const [small, large] = this.#totals[a]! <= this.#totals[b]! ? [a, b] : [b, a];
    const { rowStarts, rows } = this.#table;
    let shared = 0;
    this.#look++;
    this.#visitPhotos(small, (photo) => {
      if (!this.#isNew(photo)) return;
      for (let at = rowStarts[photo]!; at < rowStarts[photo + 1]!; at++) {
        if (this.#groupOfRow(rows[at]!) !== large) continue;
        shared++;
        return;
      }
    });
    return shared;
  }

  #isNew(photo: number): boolean {
    if (this.#seenAt[photo] === this.#look) return false;
    this.#seenAt[photo] = this.#look;
    return true;
  }

  #groupOfRow(row: number): number {
    let group = this.#groupOf[row]!;
    if (this.#into[group] === group) return group;
    do group = this.#into[group]!;
    while (this.#into[group] !== group);
    // The way is not gone again.
    this.#groupOf[row] = group;
    return group;
  }
}

import type { PhotoTable } from './photo-table.ts';

/**
 * Groups that faces to be grouped share photos with while they are not grouped themselves, each by a
 * number that stands for it everywhere.
 */
export interface Bystanders {
  /** Those with a face in each photo that any of them are in. */
  readonly inPhotos: ReadonlyMap<number, readonly number[]>;
  /** With how many groups one was seen, itself left out. */
  companions(bystander: number): number;
}

export const noBystanders: Bystanders = { inPhotos: new Map(), companions: () => 0 };

/** Who is in the photos of each row. */
export class PhotoMates {
  readonly bystanders: Bystanders;
  readonly #table: PhotoTable;
  /** Of rows with several photos, in which mostly the same are met; looked up when asked for. */
  readonly #mates = new Map<number, Int32Array>();
  /** When a row was last met. */
  readonly #metAt: Uint32Array;
  #look = 0;

  constructor(table: PhotoTable, bystanders: Bystanders) {
    this.#table = table;
    this.bystanders = bystanders;
    this.#metAt = new Uint32Array(table.size);
  }

  /**
   * Calls for each row in the photos of one, itself included, and each bystander, n as −1 − n; once
   * or more.
   */
  visit(row: number, visit: (mate: number) => void): void {
    const { photoStarts } = this.#table;
    if (photoStarts[row + 1]! - photoStarts[row]! <= 1) return this.#visitPhotos(row, visit);
    let mates = this.#mates.get(row);
    if (mates === undefined) this.#mates.set(row, (mates = this.#lookUp(row)));
    for (const mate of mates) visit(mate);
  }

  #lookUp(row: number): Int32Array {
    const rows: number[] = [];
    const beside = new Set<number>();
    const look = ++this.#look;
    this.#visitPhotos(row, (mate) => {
      if (mate < 0) beside.add(mate);
      else if (this.#metAt[mate] !== look) {
        this.#metAt[mate] = look;
        rows.push(mate);
      }
    });
    return Int32Array.from([...rows, ...beside]);
  }

  #visitPhotos(row: number, visit: (mate: number) => void): void {
    const { photoStarts, photos, rowStarts, rows, photoIds } = this.#table;
    for (let entry = photoStarts[row]!; entry < photoStarts[row + 1]!; entry++) {
      const photo = photos[entry]!;
      for (let at = rowStarts[photo]!; at < rowStarts[photo + 1]!; at++) visit(rows[at]!);
      const beside = this.bystanders.inPhotos.get(photoIds[photo]!) ?? [];
      for (const bystander of beside) visit(-1 - bystander);
    }
  }
}

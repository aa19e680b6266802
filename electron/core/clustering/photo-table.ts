/** Faces, or groups of faces, in photos: entry i says that row `rows[i]` is in photo `photoIds[i]`. */
export interface Appearances {
  /** How many rows there are; those without an entry are in no photo that matters. */
  readonly size: number;
  /** Ascending. */
  readonly rows: Uint32Array;
  readonly photoIds: Float64Array;
}

/** Who is in a photo with others. Photos with a single one are left out, as they say nothing. */
export interface PhotoTable {
  readonly size: number;
  /** Photos of each row, those with a single one included. */
  readonly totals: Uint32Array;
  /** Start of each row's photos in `photos`; `size + 1` long. Photos are numbered from 0. */
  readonly photoStarts: Uint32Array;
  readonly photos: Uint32Array;
  /** Start of each photo's rows in `rows`; one more than there are photos. */
  readonly rowStarts: Uint32Array;
  readonly rows: Uint32Array;
  readonly photoIds: Float64Array;
}

/** @param hasOthers whether somebody else is in a photo who is none of the rows. */
export function createPhotoTable(
  { size, rows, photoIds }: Appearances,
  hasOthers: (photoId: number) => boolean,
): PhotoTable {
  const entriesOf = new Map<number, number>();
  for (const photoId of photoIds) entriesOf.set(photoId, (entriesOf.get(photoId) ?? 0) + 1);
  const numbers = new Map<number, number>();
  for (const [photoId, entries] of entriesOf) {
    if (entries > 1 || hasOthers(photoId)) numbers.set(photoId, numbers.size);
  }
  const totals = new Uint32Array(size);
  const photoStarts = new Uint32Array(size + 1);
  const rowStarts = new Uint32Array(numbers.size + 1);
  for (const [entry, row] of rows.entries()) {
    totals[row]!++;
    const photo = numbers.get(photoIds[entry]!);
    if (photo === undefined) continue;
    photoStarts[row + 1]!++;
    rowStarts[photo + 1]!++;
  }
  for (let row = 0; row < size; row++) photoStarts[row + 1]! += photoStarts[row]!;
  for (let photo = 0; photo < numbers.size; photo++) rowStarts[photo + 1]! += rowStarts[photo]!;
  const photos = new Uint32Array(photoStarts[size]!);
  const rowsOfPhotos = new Uint32Array(photos.length);
  const filled = rowStarts.slice();
  let at = 0;
  for (const [entry, row] of rows.entries()) {
    const photo = numbers.get(photoIds[entry]!);
    if (photo === undefined) continue;
    photos[at++] = photo;
    rowsOfPhotos[filled[photo]!++] = row;
  }
  return {
    size,
    totals,
    photoStarts,
    photos,
    rowStarts,
    rows: rowsOfPhotos,
    photoIds: Float64Array.from(numbers.keys()),
  };
}

/**
 * Faces, or groups of faces, in photos: entry i says that row `rows[i]` is in photo `photoIds[i]`,
 * each said once. Few ids are missing in a library, so that they are counted in arrays as long as the
 * highest.
 */
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

/**
 * @param withOthers photos with somebody else, each once, who is none of the rows.
 * @throws RangeError for the id of a photo that is below 0.
 */
export function createPhotoTable(
  { size, rows, photoIds }: Appearances,
  withOthers: Iterable<number>,
): PhotoTable {
  let mostId = -1;
  for (const photoId of photoIds) {
    if (photoId < 0) throw new RangeError(`There is no photo ${photoId}`);
    mostId = Math.max(mostId, photoId);
  }
  const entriesOf = new Uint32Array(mostId + 1);
  for (const photoId of photoIds) entriesOf[photoId]!++;
  for (const photoId of withOthers) if (photoId <= mostId) entriesOf[photoId]!++;
  const numberOf = new Int32Array(mostId + 1).fill(-1);
  const ids: number[] = [];
  for (const photoId of photoIds) {
    if (numberOf[photoId]! >= 0 || entriesOf[photoId]! < 2) continue;
    numberOf[photoId] = ids.length;
    ids.push(photoId);
  }
  const totals = new Uint32Array(size);
  const photoStarts = new Uint32Array(size + 1);
  const rowStarts = new Uint32Array(ids.length + 1);
  for (let entry = 0; entry < rows.length; entry++) {
    const row = rows[entry]!;
    totals[row]!++;
    const photo = numberOf[photoIds[entry]!]!;
    if (photo < 0) continue;
    photoStarts[row + 1]!++;
    rowStarts[photo + 1]!++;
  }
  for (let row = 0; row < size; row++) photoStarts[row + 1]! += photoStarts[row]!;
  for (let photo = 0; photo < ids.length; photo++) rowStarts[photo + 1]! += rowStarts[photo]!;
  const photos = new Uint32Array(photoStarts[size]!);
  const rowsOfPhotos = new Uint32Array(photos.length);
  const filled = rowStarts.slice();
  let at = 0;
  for (let entry = 0; entry < rows.length; entry++) {
    const photo = numberOf[photoIds[entry]!]!;
    if (photo < 0) continue;
    photos[at++] = photo;
    rowsOfPhotos[filled[photo]!++] = rows[entry]!;
  }
  return {
    size,
    totals,
    photoStarts,
    photos,
    rowStarts,
    rows: rowsOfPhotos,
    photoIds: Float64Array.from(ids),
  };
}

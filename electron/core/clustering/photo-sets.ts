/** In which photos each group has faces, as far as photos with several faces go. */
export interface PhotoSets {
  /** Photos that both have, by the photos of the one that has fewer; 0 to 1. */
  sharedShare(a: number, b: number): number;
  join(a: number, b: number): void;
}

/**
 * @param photoIds photo of each row.
 * @param groupOfRow group of each row, 0 to `size − 1`.
 */
export function createPhotoSets(
  photoIds: readonly number[],
  groupOfRow: Uint32Array,
  size: number,
): PhotoSets {
  const facesIn = new Map<number, number>();
  for (const photoId of photoIds) facesIn.set(photoId, (facesIn.get(photoId) ?? 0) + 1);
  const crowded: (Set<number> | undefined)[] = new Array<Set<number> | undefined>(size);
  const totals = new Uint32Array(size);
  for (const [row, photoId] of photoIds.entries()) {
    const group = groupOfRow[row]!;
    const known = crowded[group]?.has(photoId) === true;
    if (!known) totals[group]!++;
    if (facesIn.get(photoId)! > 1) (crowded[group] ??= new Set()).add(photoId);
  }
  const countShared = (a: number, b: number): number => {
    const ofA = crowded[a];
    const ofB = crowded[b];
    if (!ofA || !ofB) return 0;
    const [small, large] = ofA.size <= ofB.size ? [ofA, ofB] : [ofB, ofA];
    let shared = 0;
    for (const photoId of small) if (large.has(photoId)) shared++;
    return shared;
  };
  return {
    sharedShare: (a, b) => countShared(a, b) / Math.min(totals[a]!, totals[b]!),
    join(a, b) {
      totals[a]! += totals[b]! - countShared(a, b);
      const ofA = crowded[a];
      const ofB = crowded[b];
      const [small, large] = (ofA?.size ?? 0) <= (ofB?.size ?? 0) ? [ofA, ofB] : [ofB, ofA];
      for (const photoId of small ?? []) large!.add(photoId);
      crowded[a] = large;
      crowded[b] = undefined;
    },
  };
}

export interface Neighbours {
  readonly previous: number | null;
  readonly next: number | null;
  /** Position from 0 and length of the list, where known. */
  readonly position: number;
  readonly total: number;
}

export const noNeighbours: Neighbours = { previous: null, next: null, position: -1, total: 0 };

/** Photos of a list of faces, each once, in the faces' order. */
export function photosOf(faces: readonly { readonly photoId: number }[]): number[] {
  return [...new Set(faces.map((face) => face.photoId))];
}

export function neighboursIn(photoIds: readonly number[], photoId: number): Neighbours {
  const position = photoIds.indexOf(photoId);
  if (position < 0) return { ...noNeighbours, total: photoIds.length };
  return {
    previous: photoIds[position - 1] ?? null,
    next: photoIds[position + 1] ?? null,
    position,
    total: photoIds.length,
  };
}

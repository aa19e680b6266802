import type { FaceMap, FaceOwners } from '../../electron/contract/map.ts';

/** Faces as a map shows them, those without a name first, so that named ones are drawn over them. */
export interface Scene {
  readonly faceIds: Uint32Array;
  /** A person as it is, a group without a name negative, 0 nobody. */
  readonly owners: Int32Array;
  /** Three coordinates for each face; the third is 0 on a flat map. */
  readonly positions: Float32Array;
}

export const emptyScene: Scene = {
  faceIds: new Uint32Array(0),
  owners: new Int32Array(0),
  positions: new Float32Array(0),
};

function bytesOf(base64: string): ArrayBuffer {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer;
}

/** Puts a map and the owners together; faces that only one of them knows are left out. */
export function unpackScene(map: FaceMap, { faces, owners: packed }: FaceOwners): Scene {
  const { dimensions } = map;
  const points = bytesOf(map.points);
  const mapIds = new Uint32Array(points, 0, map.faces);
  const coordinates = new Uint16Array(points, 4 * map.faces, map.faces * dimensions);
  const bytes = bytesOf(packed);
  const ownerIds = new Uint32Array(bytes, 0, faces);
  const ownerOf = new Int32Array(bytes, 4 * faces, faces);
  // Both lists rise.
  const shared: { row: number; faceId: number; owner: number }[] = [];
  for (let row = 0, other = 0; row < map.faces && other < faces;) {
    const faceId = mapIds[row] ?? 0;
    const otherId = ownerIds[other] ?? 0;
    if (faceId === otherId) shared.push({ row, faceId, owner: ownerOf[other] ?? 0 });
    if (faceId <= otherId) row++;
    if (otherId <= faceId) other++;
  }
  const ordered = [
    ...shared.filter(({ owner }) => owner <= 0),
    ...shared.filter(({ owner }) => owner > 0),
  ];
  const positions = new Float32Array(ordered.length * 3);
  for (const [at, { row }] of ordered.entries()) {
    for (let i = 0; i < dimensions; i++) {
      positions[3 * at + i] = ((coordinates[row * dimensions + i] ?? 0) / 65_535) * 4 - 2;
    }
  }
  return {
    faceIds: Uint32Array.from(ordered, ({ faceId }) => faceId),
    owners: Int32Array.from(ordered, ({ owner }) => owner),
    positions,
  };
}

/** Where the faces of `to` are in `from`; those that were not there are where they go. */
export function positionsBefore(from: Scene, to: Scene): Float32Array {
  const rowOf = new Map<number, number>();
  for (const [row, faceId] of from.faceIds.entries()) rowOf.set(faceId, row);
  const positions = to.positions.slice();
  for (const [row, faceId] of to.faceIds.entries()) {
    const before = rowOf.get(faceId);
    if (before === undefined) continue;
    positions.set(from.positions.subarray(3 * before, 3 * before + 3), 3 * row);
  }
  return positions;
}

export interface Island {
  readonly owner: number;
  readonly count: number;
  /** The face nearest to the middle of them all: a point that is among them. */
  readonly centre: readonly [number, number, number];
}

/** Whose faces there are, most first; people before groups. */
export function islandsOf({ owners, positions }: Scene): Island[] {
  const sums = new Map<number, [count: number, x: number, y: number, z: number]>();
  for (const [row, owner] of owners.entries()) {
    if (owner === 0) continue;
    const sum = sums.get(owner) ?? [0, 0, 0, 0];
    sum[0]++;
    for (let i = 0; i < 3; i++) sum[i + 1] = (sum[i + 1] ?? 0) + (positions[3 * row + i] ?? 0);
    sums.set(owner, sum);
  }
  const best = new Map<number, { distance: number; row: number }>();
  for (const [row, owner] of owners.entries()) {
    const [count, ...sum] = sums.get(owner) ?? [0, 0, 0, 0];
    if (count === 0) continue;
    const distance = sum.reduce(
      (total, value, i) => total + ((positions[3 * row + i] ?? 0) - value / count) ** 2,
      0,
    );
    if (distance < (best.get(owner)?.distance ?? Infinity)) best.set(owner, { distance, row });
  }
  return [...sums]
    .map(([owner, [count]]) => {
      const at = 3 * (best.get(owner)?.row ?? 0);
      const [x = 0, y = 0, z = 0] = positions.subarray(at, at + 3);
      return { owner, count, centre: [x, y, z] as const };
    })
    .sort(
      (a, b) =>
        Number(b.owner > 0) - Number(a.owner > 0) ||
        b.count - a.count ||
        Math.abs(a.owner) - Math.abs(b.owner),
    );
}

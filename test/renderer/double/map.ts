import type { FaceMap, FaceOwners } from '../../../electron/contract/map.ts';
import { createRandom, normal } from '../../../electron/core/random.ts';
import type { DoubleFace, DoubleLibrary } from './library.ts';

const base64 = (...parts: readonly (Uint32Array | Int32Array | Uint16Array)[]) =>
  Buffer.concat(parts.map((part) => Buffer.from(part.buffer))).toString('base64');

const ownerOf = ({ personId, clusterId }: DoubleFace) =>
  personId ?? (clusterId === null ? 0 : -clusterId);

/** Everybody around a place of their own; the first head leaves more of a mess. */
export function mapOf(library: DoubleLibrary, dimensions: 2 | 3, version: string): FaceMap {
  const faces = [...library.faces.values()];
  const spread = version === 'head-2' ? 0.12 : 0.05;
  const coordinates = faces.flatMap((face) => {
    const place = createRandom(Math.abs(ownerOf(face)) * 7919 + (face.personId === null ? 1 : 0));
    const random = createRandom(face.faceId);
    return Array.from(
      { length: dimensions },
      () => 1.7 * (place() - 0.5) + spread * normal(random),
    );
  });
  const packed = Uint16Array.from(coordinates, (value) => ((value + 2) / 4) * 65_535);
  return {
    version,
    dimensions,
    faces: faces.length,
    laidOut: Math.min(6000, faces.length),
    points: base64(
      Uint32Array.from(faces, ({ faceId }) => faceId),
      packed,
    ),
  };
}

export function ownersOf(library: DoubleLibrary): FaceOwners {
  const faces = library.facesWhere(({ state }) => state !== 'ignored' && state !== 'not-a-face');
  return {
    faces: faces.length,
    owners: base64(
      Uint32Array.from(faces, ({ faceId }) => faceId),
      Int32Array.from(faces, ownerOf),
    ),
  };
}

import { basename, dirname } from 'node:path';
import type {
  FaceDetail,
  FaceRecord,
  FaceSummary,
  Folder,
  Group,
  Landmarks,
  Person,
  PhotoDetail,
  PlacedFace,
  PhotoSummary,
} from '../contract/entities.ts';
import { KithError } from '../contract/errors.ts';
import type { FaceDetailRow, FaceRecordRow, FaceSummaryRow } from '../store/faces.ts';
import type { FolderRow } from '../store/folders.ts';
import type { GroupRow } from '../store/groups.ts';
import type { PersonRow } from '../store/labels.ts';
import type { PhotoListRow } from '../store/photos.ts';
import type { Store } from '../store/store.ts';

/** Rows of the store as the contract shows them. */

export function faceSummary(row: FaceSummaryRow): FaceSummary {
  const { faceId, photoId, state, personId, clusterId, takenAt, quality } = row;
  return { faceId, photoId, state, personId, clusterId, takenAt, quality };
}

export function placedFace(row: FaceSummaryRow & { readonly path: string | null }): PlacedFace {
  return { ...faceSummary(row), folder: row.path === null ? null : basename(dirname(row.path)) };
}

export function faceDetail(row: FaceDetailRow): FaceDetail {
  return {
    ...faceSummary(row),
    box: { x: row.x, y: row.y, width: row.width, height: row.height },
    landmarks: JSON.parse(row.landmarks) as Landmarks,
    detectionScore: row.detectionScore,
    personName: row.personName,
  };
}

export function faceRecord(row: FaceRecordRow): FaceRecord {
  const { faceId, box, landmarks, detectionScore, quality, ...rest } = faceDetail(row);
  return {
    faceId,
    photoPath: row.path ?? '',
    photoSha256: row.sha256,
    box,
    landmarks,
    detectionScore,
    quality,
    clusterId: rest.clusterId,
    personId: rest.personId,
    personName: rest.personName,
    state: rest.state,
    takenAt: rest.takenAt,
  };
}

export function person(row: PersonRow): Person {
  return { ...row, hidden: row.hidden === 1 };
}

export function group(row: GroupRow): Group {
  const { clusterId, faceCount, coverFaceId, personId, personName, probability } = row;
  return {
    clusterId,
    faceCount,
    coverFaceId,
    suggestion:
      personId !== null && personName !== null && probability !== null
        ? { personId, name: personName, probability }
        : null,
  };
}

export function folder(row: FolderRow): Folder {
  return { ...row };
}

export function photoSummary(row: PhotoListRow): PhotoSummary {
  return {
    photoId: row.photoId,
    fileName: basename(row.path),
    width: row.width,
    height: row.height,
    takenAt: row.takenAt,
    faceCount: row.faceCount,
    missing: row.missing === 1,
  };
}

/** @throws KithError when there is no such photo. */
export function photoDetail(store: Store, photoId: number): PhotoDetail {
  const row = store.photos.byId(photoId);
  const files = store.files.ofPhoto(photoId);
  if (!row || files.length === 0) {
    throw new KithError('not-found', 'This photo is not in the library any more.');
  }
  return {
    photoId,
    fileName: basename(files[0]!.path),
    locations: files.map(({ path, missing }) => ({ path, missing: missing === 1 })),
    width: row.width,
    height: row.height,
    takenAt: row.takenAt,
    format: row.format,
    byteSize: row.byteSize,
    faces: store.faces.ofPhoto(photoId).map(faceDetail),
  };
}

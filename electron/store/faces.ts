import type { Connection } from './database.ts';

export interface NewFace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** JSON of five points. */
  readonly landmarks: string;
  readonly detectionScore: number;
  readonly size: number;
  readonly sharpness: number;
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
  readonly quality: number;
  /** 512 float16 numbers, little-endian. */
  readonly features: Uint8Array;
}

export interface FaceSummaryRow {
  readonly faceId: number;
  readonly photoId: number;
  readonly state: 'unassigned' | 'suggested' | 'confirmed' | 'ignored' | 'not-a-face';
  readonly personId: number | null;
  readonly clusterId: number | null;
  readonly takenAt: string | null;
  readonly quality: number;
}

export interface FaceDetailRow extends FaceSummaryRow {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly landmarks: string;
  readonly detectionScore: number;
  readonly personName: string | null;
}

export interface PlacedFaceRow {
  readonly faceId: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface FaceRecordRow extends FaceDetailRow {
  readonly path: string | null;
  readonly sha256: string;
}

export interface FeaturesRow {
  readonly faceId: number;
  readonly photoId: number;
  readonly quality: number;
  readonly features: Uint8Array;
}

export type PackedFeaturesRow = Pick<FeaturesRow, 'faceId' | 'features'>;
export interface LandmarkedFaceRow {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly landmarks: string;
  readonly photoWidth: number;
  readonly photoHeight: number;
}

export interface OwnerRow {
  readonly faceId: number;
  readonly personId: number | null;
  readonly clusterId: number | null;
}

const summary = `s.face_id AS faceId, s.photo_id AS photoId, s.state, s.person_id AS personId,
  s.cluster_id AS clusterId, s.taken_at AS takenAt, s.quality`;
const detail = `${summary}, face.x, face.y, face.width, face.height, face.landmarks,
  face.detection_score AS detectionScore, person.name AS personName`;
const detailFrom = `face_state s JOIN face ON face.face_id = s.face_id
  LEFT JOIN person ON person.person_id = s.person_id`;
const newestFirst = 's.taken_at IS NULL, s.taken_at DESC, s.face_id';

export interface FoundFaceRow {
  readonly faceId: number;
  readonly ordinal: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly spoken: 0 | 1;
}

export interface GroupableRow {
  readonly faceId: number;
  readonly photoId: number;
  readonly size: number;
  readonly sharpness: number;
  readonly yaw: number;
}

export function createFacesRepository(connection: Connection) {
  const insertFace = connection.prepare(
    `INSERT INTO face (face_id, photo_id, ordinal, x, y, width, height, landmarks, detection_score, size,
       sharpness, yaw, pitch, roll, quality)
     VALUES (1 + max((SELECT coalesce(max(face_id), 0) FROM face),
         (SELECT coalesce(max(face_id), 0) FROM face_gone)), @photoId, @ordinal, @x, @y, @width, @height, @landmarks, @detectionScore, @size,
       @sharpness, @yaw, @pitch, @roll, @quality)`,
  );
  const insertFeatures = connection.prepare(
    'INSERT INTO face_features (face_id, features) VALUES (?, ?)',
  );
  const updateFace = connection.prepare(
    `UPDATE face SET x = @x, y = @y, width = @width, height = @height, landmarks = @landmarks,
       detection_score = @detectionScore, size = @size, sharpness = @sharpness, yaw = @yaw,
       pitch = @pitch, roll = @roll, quality = @quality WHERE face_id = @faceId`,
  );
  const updateFeatures = connection.prepare(
    `UPDATE face_features SET features = ?,
       revision = 1 + (SELECT coalesce(max(revision), 0) FROM face_features WHERE revision > 0)
     WHERE face_id = ?`,
  );
  const lastRevision = connection.prepare<[], { revision: number | null }>(
    'SELECT max(revision) AS revision FROM face_features WHERE revision > 0',
  );
  const renewed = connection.prepare<[number], FeaturesRow & { readonly revision: number }>(
    `SELECT face_id AS faceId, photo_id AS photoId, quality, features, revision
     FROM face JOIN face_features USING (face_id) WHERE revision > max(?, 0) ORDER BY revision`,
  );
  const found = connection.prepare<[number], FoundFaceRow>(
    `SELECT face_id AS faceId, ordinal, x, y, width, height,
       drawn = 1 OR EXISTS (SELECT 1 FROM face_label l WHERE l.face_id = face.face_id)
         OR EXISTS (SELECT 1 FROM face_rejection r WHERE r.face_id = face.face_id)
         OR EXISTS (SELECT 1 FROM face_side s WHERE s.face_id = face.face_id) AS spoken
     FROM face WHERE photo_id = ? ORDER BY ordinal`,
  );
  const remove = [
    'INSERT INTO face_gone (face_id) VALUES (?)',
    'DELETE FROM face_group WHERE face_id = ?',
    'DELETE FROM face_features WHERE face_id = ?',
    'DELETE FROM face WHERE face_id = ?',
  ].map((sql) => connection.prepare(sql));
  const count = connection.prepare<[], { total: number }>(
    `SELECT coalesce(sum(faces), 0) AS total FROM state_count WHERE state <> 'not-a-face'`,
  );
  const stateCounts = connection.prepare<[], { state: FaceSummaryRow['state']; total: number }>(
    'SELECT state, faces AS total FROM state_count',
  );
  const cropKey = connection.prepare<[number], { sha256: string; ordinal: number }>(
    'SELECT sha256, ordinal FROM face JOIN photo USING (photo_id) WHERE face_id = ?',
  );
  const ofPhoto = connection.prepare<[number], FaceDetailRow>(
    `SELECT ${detail} FROM ${detailFrom} WHERE s.photo_id = ? ORDER BY face.ordinal`,
  );
  const ofPerson = connection.prepare<
    { id: number; limit: number; offset: number },
    FaceSummaryRow & { readonly path: string | null }
  >(
    `SELECT ${summary},
       (SELECT path FROM file WHERE file.photo_id = s.photo_id ORDER BY missing, file_id LIMIT 1) AS path
     FROM face_state s WHERE s.person_id = @id
     ORDER BY s.state = 'suggested' DESC, ${newestFirst} LIMIT @limit OFFSET @offset`,
  );
  const ofPersonTotal = connection.prepare<{ id: number }, { total: number }>(
    `SELECT coalesce(sum(confirmed + suggested), 0) AS total FROM person_count
     WHERE person_id = @id`,
  );
  const ofCluster = connection.prepare<[number, number, number], FaceSummaryRow>(
    `SELECT ${summary} FROM face_state s WHERE s.cluster_id = ? AND s.state = 'unassigned'
     ORDER BY ${newestFirst} LIMIT ? OFFSET ?`,
  );
  const ofClusterTotal = connection.prepare<[number], { total: number }>(
    "SELECT count(*) AS total FROM face_state WHERE cluster_id = ? AND state = 'unassigned'",
  );
  const aside = connection.prepare<[string, number, number], FaceSummaryRow>(
    `SELECT ${summary} FROM face_state s WHERE s.aside = ? ORDER BY ${newestFirst} LIMIT ? OFFSET ?`,
  );
  const asideTotal = connection.prepare<[string], { total: number }>(
    'SELECT count(*) AS total FROM face_state WHERE aside = ?',
  );
  const records = connection.prepare<[number, number], FaceRecordRow>(
    `SELECT ${detail}, photo.sha256,
       (SELECT path FROM file WHERE file.photo_id = photo.photo_id ORDER BY missing, path LIMIT 1) AS path
     FROM ${detailFrom} JOIN photo ON photo.photo_id = s.photo_id
     WHERE s.face_id > ? ORDER BY s.face_id LIMIT ?`,
  );
  const features = connection.prepare<[number], FeaturesRow>(
    `SELECT face_id AS faceId, photo_id AS photoId, quality, features
     FROM face JOIN face_features USING (face_id) WHERE face_id > ? ORDER BY face_id`,
  );
  const featuresAfter = connection.prepare<[number, number], PackedFeaturesRow>(
    `SELECT face_id AS faceId, features FROM face_features WHERE face_id > ?
     ORDER BY face_id LIMIT ?`,
  );
  const one = connection.prepare<[number], FaceSummaryRow>(
    `SELECT ${summary} FROM face_state s WHERE s.face_id = ?`,
  );
  const exists = connection.prepare<[number], { one: 1 }>(
    'SELECT 1 AS one FROM face WHERE face_id = ?',
  );
  const selectGroupable = (where: string, from = 'face', more = '') =>
    `SELECT face.face_id AS faceId, face.photo_id AS photoId, face.size, face.sharpness, face.yaw
       ${more}
     FROM ${from}
     JOIN photo ON photo.photo_id = face.photo_id AND photo.away = 0
     LEFT JOIN face_label ON face_label.face_id = face.face_id
     WHERE (face_label.state IS NULL OR face_label.state = 'confirmed') AND ${where}
     ORDER BY photo.sha256, face.ordinal`;
  const groupable = connection.prepare<[], GroupableRow>(selectGroupable('1'));
  const groupableOf = connection.prepare<[string], GroupableRow>(
    selectGroupable('face.face_id IN (SELECT value FROM json_each(?))'),
  );

  // By the faces' ids in order: gone to cluster by cluster, a large library's rows lie all over the file.
  const groupableIn = connection.prepare<[string], GroupableRow & { readonly clusterId: number }>(
    selectGroupable(
      `face.face_id IN (
         SELECT face_id FROM face_group WHERE cluster_id IN (SELECT value FROM json_each(?)))`,
      'face JOIN face_group ON face_group.face_id = face.face_id',
      ', face_group.cluster_id AS clusterId',
    ),
  );

  const photoOf = connection.prepare<[number], { photoId: number }>(
    'SELECT photo_id AS photoId FROM face_state WHERE face_id = ?',
  );
  const nextOrdinal = connection.prepare<[number], { next: number }>(
    'SELECT coalesce(max(ordinal), -1) + 1 AS next FROM face WHERE photo_id = ?',
  );
  const markDrawn = connection.prepare('UPDATE face SET drawn = 1 WHERE face_id = ?');
  const absentDrawn = connection.prepare<[number], PlacedFaceRow>(
    `SELECT face_id AS faceId, x, y, width, height FROM face JOIN face_label USING (face_id)
     WHERE photo_id = ? AND drawn = 1 AND face_label.state = 'absent' ORDER BY ordinal`,
  );

  const featuresOf = connection.prepare<[number], { features: Uint8Array }>(
    'SELECT features FROM face_features WHERE face_id = ?',
  );
  const placed = connection.prepare<[number], LandmarkedFaceRow>(
    `SELECT x, y, face.width, face.height, landmarks, photo.width AS photoWidth,
       photo.height AS photoHeight
     FROM face JOIN photo USING (photo_id) WHERE face_id = ?`,
  );
  const extent = connection.prepare<[], { total: number; lastFaceId: number }>(
    'SELECT count(*) AS total, coalesce(max(face_id), 0) AS lastFaceId FROM face_features',
  );
  const owners = connection.prepare<[number, number], OwnerRow>(
    `SELECT face_id AS faceId, person_id AS personId, cluster_id AS clusterId FROM face_state
     WHERE face_id > ? AND state IN ('confirmed', 'suggested', 'unassigned')
     ORDER BY face_id LIMIT ?`,
  );

  return {
    nextOrdinal: (photoId: number) => nextOrdinal.get(photoId)!.next,
    /** Says that the face was marked by hand. */
    markDrawn(faceId: number): void {
      markDrawn.run(faceId);
    },
    /** Faces that were marked by hand and taken back, or never said to be there. */
    absentDrawn: (photoId: number) => absentDrawn.all(photoId),
    insert(photoId: number, ordinal: number, face: NewFace): number {
      const { features: vector, ...columns } = face;
      const faceId = Number(insertFace.run({ ...columns, photoId, ordinal }).lastInsertRowid);
      insertFeatures.run(faceId, vector);
      return faceId;
    },
    /** Newer models saw the same face: it keeps its number and all that was said of it. */
    renew(faceId: number, face: NewFace): void {
      const { features: vector, ...columns } = face;
      updateFace.run({ ...columns, faceId });
      updateFeatures.run(vector, faceId);
    },
    /** Forgets a face of which the user said nothing. */
    remove(faceId: number): void {
      for (const statement of remove) statement.run(faceId);
    },
    /** A photo's faces as they were found, and whether the user said something of each. */
    found: (photoId: number) => found.all(photoId),
    /** Raised with every face that got other features; 0 while none did. */
    lastRevision: () => lastRevision.get()!.revision ?? 0,
    /** Faces that got other features after a revision. */
    renewed: (afterRevision: number) => renewed.iterate(afterRevision),
    /** The photo of a face that is shown; undefined where there is none, or it is absent. */
    photoOf: (faceId: number) => photoOf.get(faceId)?.photoId,
    get: (faceId: number) => one.get(faceId),
    exists: (faceId: number) => exists.get(faceId) !== undefined,
    /** Faces on show: all but those said to be none. */
    count: () => count.get()!.total,
    stateCounts: () => new Map(stateCounts.all().map((row) => [row.state, row.total])),
    /** Names the face by content: it stays the same when the database is made anew. */
    cropKey: (faceId: number) => cropKey.get(faceId),
    ofPhoto: (photoId: number) => ofPhoto.all(photoId),
    /** Unconfirmed ones first, then newest first. */
    ofPerson: (personId: number, limit: number, offset: number) => ({
      total: ofPersonTotal.get({ id: personId })!.total,
      rows: ofPerson.all({ id: personId, limit, offset }),
    }),
    ofCluster: (clusterId: number, limit: number, offset: number) => ({
      total: ofClusterTotal.get(clusterId)!.total,
      rows: ofCluster.all(clusterId, limit, offset),
    }),
    /** Faces that are not among people: ignored, no face, or too poor to tell who they are. */
    aside: (place: 'ignored' | 'not-a-face' | 'unclear', limit: number, offset: number) => ({
      total: asideTotal.get(place)!.total,
      rows: aside.all(place, limit, offset),
    }),
    records: (afterFaceId: number, limit: number) => records.all(afterFaceId, limit),
    /** Features of every face after the given one, in order, without holding all in memory. */
    features: (afterFaceId: number) => features.iterate(afterFaceId),
    /** The next so many faces by number, features alone. */
    featuresAfter: (afterFaceId: number, count: number) => featuresAfter.all(afterFaceId, count),
    featuresOf: (faceId: number) => featuresOf.get(faceId)?.features,
    /** Where a face is in its photo. */
    placed: (faceId: number) => placed.get(faceId),
    /** How many faces have features, and the last of them. */
    extent: () => extent.get()!,
    /** Whose the faces on show are, by face. */
    owners: (afterFaceId: number, limit: number) => owners.all(afterFaceId, limit),
    /** Faces that grouping works on, in an order that depends on the photos' contents alone. */
    groupable: () => groupable.all(),
    /** Those of some faces. */
    groupableOf: (faceIds: readonly number[]) => groupableOf.all(JSON.stringify(faceIds)),
    /** Those of some clusters. */
    groupableIn: (clusterIds: readonly number[]) => groupableIn.all(JSON.stringify(clusterIds)),
  };
}

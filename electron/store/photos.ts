import type { Connection } from './database.ts';
import { photoQuerySql, type Company, type PhotoQueryRow } from './photo-query.ts';

export interface PhotoRow {
  readonly photoId: number;
  readonly sha256: string;
  readonly byteSize: number;
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly takenAt: string | null;
  readonly modelId: number;
}

export interface PhotoListRow {
  readonly photoId: number;
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly takenAt: string | null;
  readonly faceCount: number;
  readonly missing: 0 | 1;
}

const columns = `photo_id AS photoId, sha256, byte_size AS byteSize, format, width, height,
  taken_at AS takenAt, model_id AS modelId`;

/** Photos as a grid shows them; `where` limits them, newest first. */
const listSql = (where: string) => `
  SELECT photo.photo_id AS photoId, photo.width, photo.height, photo.taken_at AS takenAt,
    (SELECT path FROM file WHERE file.photo_id = photo.photo_id ORDER BY missing, path LIMIT 1) AS path,
    (SELECT count(*) FROM face_state s WHERE s.photo_id = photo.photo_id) AS faceCount,
    (SELECT min(missing) FROM file WHERE file.photo_id = photo.photo_id) AS missing
  FROM photo WHERE photo.photo_id IN (
    SELECT photo_id FROM photo WHERE photo.away = 0 AND ${where}
    ORDER BY photo.taken_at IS NULL, photo.taken_at DESC, photo.photo_id LIMIT @limit OFFSET @offset)
  ORDER BY photo.taken_at IS NULL, photo.taken_at DESC, photo.photo_id`;

const inFolder =
  'EXISTS (SELECT 1 FROM file WHERE file.photo_id = photo.photo_id AND file.folder_id = @id)';
const ofPerson = 'photo.photo_id IN (SELECT photo_id FROM person_photo WHERE person_id = @id)';

export function createPhotosRepository(connection: Connection) {
  const byId = connection.prepare<[number], PhotoRow>(
    `SELECT ${columns} FROM photo WHERE photo_id = ?`,
  );
  const byHash = connection.prepare<[string], PhotoRow>(
    `SELECT ${columns} FROM photo WHERE sha256 = ?`,
  );
  const sizeKnown = connection.prepare<[number], { known: 1 }>(
    'SELECT 1 AS known FROM photo WHERE byte_size = ? LIMIT 1',
  );
  const insert = connection.prepare(
    `INSERT INTO photo (sha256, byte_size, format, width, height, taken_at, model_id)
     VALUES (@sha256, @byteSize, @format, @width, @height, @takenAt, @modelId)`,
  );
  const setModel = connection.prepare(
    'UPDATE photo SET model_id = ?, width = ?, height = ?, taken_at = ? WHERE photo_id = ?',
  );
  const insertModel = connection.prepare(
    'INSERT INTO model (fingerprint) VALUES (?) ON CONFLICT (fingerprint) DO NOTHING',
  );
  const modelId = connection.prepare<[string], { modelId: number }>(
    'SELECT model_id AS modelId FROM model WHERE fingerprint = ?',
  );
  const count = connection.prepare<[], { total: number }>(
    'SELECT count(*) AS total FROM photo WHERE away = 0',
  );
  const lists = { '1': '1', inFolder, ofPerson };
  const statement = Object.fromEntries(
    Object.entries(lists).map(([key, where]) => [
      key,
      {
        rows: connection.prepare<[{ id: number; limit: number; offset: number }], PhotoListRow>(
          listSql(where),
        ),
        total: connection.prepare<[{ id: number }], { total: number }>(
          `SELECT count(*) AS total FROM photo WHERE away = 0 AND ${where}`,
        ),
      },
    ]),
  );
  const list = (key: keyof typeof lists, id: number, limit: number, offset: number) => ({
    total: statement[key]!.total.get({ id })!.total,
    rows: statement[key]!.rows.all({ id, limit, offset }),
  });

  const together = connection.prepare<{ id: number }, { personId: number; photoCount: number }>(
    `SELECT other.person_id AS personId, count(*) AS photoCount
     FROM person_photo own JOIN person_photo other ON other.photo_id = own.photo_id
     WHERE own.person_id = @id AND other.person_id <> @id
     GROUP BY other.person_id ORDER BY photoCount DESC, other.person_id`,
  );

  return {
    byId: (photoId: number) => byId.get(photoId),
    byHash: (sha256: string) => byHash.get(sha256),
    /** Whether some photo has this many bytes: only then can a new file be one that is known. */
    sizeKnown: (byteSize: number) => sizeKnown.get(byteSize) !== undefined,
    insert(photo: Omit<PhotoRow, 'photoId'>): number {
      return Number(insert.run(photo).lastInsertRowid);
    },
    /** Newer models looked at the photo. */
    renew(
      photoId: number,
      {
        modelId,
        width,
        height,
        takenAt,
      }: Omit<PhotoRow, 'photoId' | 'sha256' | 'byteSize' | 'format'>,
    ): void {
      setModel.run(modelId, width, height, takenAt, photoId);
    },
    modelId(fingerprint: string): number {
      insertModel.run(fingerprint);
      return modelId.get(fingerprint)!.modelId;
    },
    count: () => count.get()!.total,
    /** People who are on photos with this one, most often first. */
    together: (personId: number) => together.all({ id: personId }),
    search(query: PhotoQueryRow, limit: number, offset: number) {
      const count = (company: Company) =>
        connection
          .prepare<[], { total: number }>(
            `SELECT count(*) AS total FROM photo WHERE ${photoQuerySql(query, company)}`,
          )
          .get()!.total;
      const any = count('any');
      const alone = count('alone');
      const counts = { any, alone, together: count('together') };
      const rows = connection
        .prepare<[{ limit: number; offset: number }], PhotoListRow>(
          listSql(photoQuerySql(query, query.company)),
        )
        .all({ limit, offset });
      return { total: counts[query.company], counts, rows };
    },
    list: (limit: number, offset: number) => list('1', 0, limit, offset),
    listInFolder: (id: number, limit: number, offset: number) =>
      list('inFolder', id, limit, offset),
    listOfPerson: (id: number, limit: number, offset: number) =>
      list('ofPerson', id, limit, offset),
  };
}

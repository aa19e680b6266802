import type { Connection } from './database.ts';

export interface FileRow {
  readonly fileId: number;
  readonly path: string;
  readonly byteSize: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
  readonly photoId: number | null;
  readonly missing: 0 | 1;
  readonly failureCode: string | null;
  /** The models that looked at its photo. */
  readonly modelId: number | null;
}

export interface FileFailureRow {
  readonly path: string;
  readonly code: string;
  readonly reason: string;
  readonly at: number;
}

/** Size and time of a file as a scan met it. */
export interface FileStamp {
  readonly folderId: number;
  readonly path: string;
  readonly byteSize: number;
  readonly modifiedAt: number;
}

export function createFilesRepository(connection: Connection) {
  const byPath = connection.prepare<[string], FileRow>(
    `SELECT file_id AS fileId, path, file.byte_size AS byteSize, modified_at AS modifiedAt,
       file.photo_id AS photoId, missing, failure_code AS failureCode, photo.model_id AS modelId
     FROM file LEFT JOIN photo ON photo.photo_id = file.photo_id WHERE path = ?`,
  );
  const inFolder = connection.prepare<[number], { path: string; missing: 0 | 1 }>(
    'SELECT path, missing FROM file WHERE folder_id = ?',
  );
  const upsert = connection.prepare(
    `INSERT INTO file (folder_id, path, byte_size, modified_at, photo_id, failure_code, failure_reason, failed_at)
     VALUES (@folderId, @path, @byteSize, @modifiedAt, @photoId, @code, @reason, @at)
     ON CONFLICT (path) DO UPDATE SET folder_id = excluded.folder_id, byte_size = excluded.byte_size,
       modified_at = excluded.modified_at, photo_id = excluded.photo_id, missing = 0,
       failure_code = excluded.failure_code, failure_reason = excluded.failure_reason,
       failed_at = excluded.failed_at`,
  );
  const markPresent = connection.prepare(
    'UPDATE photo SET away = 0 WHERE photo_id = ? AND away = 1',
  );
  const markLeft = connection.prepare(
    `UPDATE photo SET away = 1 WHERE photo_id = ?
     AND NOT EXISTS (SELECT 1 FROM file WHERE file.photo_id = photo.photo_id)`,
  );
  const setMissing = connection.prepare('UPDATE file SET missing = ? WHERE path = ?');
  const failures = connection.prepare<[number, number], FileFailureRow>(
    `SELECT path, failure_code AS code, failure_reason AS reason, failed_at AS at FROM file
     WHERE failure_code IS NOT NULL AND missing = 0 ORDER BY failed_at DESC, path LIMIT ? OFFSET ?`,
  );
  const failureCount = connection.prepare<[], { total: number }>(
    'SELECT count(*) AS total FROM file WHERE failure_code IS NOT NULL AND missing = 0',
  );
  const forgetFailures = connection.prepare('DELETE FROM file WHERE failure_code IS NOT NULL');
  const ofPhoto = connection.prepare<[number], { path: string; missing: 0 | 1 }>(
    'SELECT path, missing FROM file WHERE photo_id = ? ORDER BY missing, path',
  );

  return {
    byPath: (path: string) => byPath.get(path),
    inFolder: (folderId: number) => inFolder.all(folderId),
    /** The file holds this photo. Its former photo, if it was another, is away when no other file holds it. */
    setPhoto: connection.transaction((stamp: FileStamp, photoId: number): void => {
      const before = byPath.get(stamp.path)?.photoId;
      upsert.run({ ...stamp, photoId, code: null, reason: null, at: null });
      markPresent.run(photoId);
      if (before != null && before !== photoId) markLeft.run(before);
    }),
    setFailure: connection.transaction(
      (stamp: FileStamp, code: string, reason: string, at: number): void => {
        const before = byPath.get(stamp.path)?.photoId;
        upsert.run({ ...stamp, photoId: null, code, reason, at });
        if (before != null) markLeft.run(before);
      },
    ),
    setMissing(path: string, missing: boolean): void {
      setMissing.run(missing ? 1 : 0, path);
    },
    failures: (limit: number, offset: number) => failures.all(limit, offset),
    failureCount: () => failureCount.get()!.total,
    /** So that the next scan tries these files again. */
    forgetFailures(): void {
      forgetFailures.run();
    },
    ofPhoto: (photoId: number) => ofPhoto.all(photoId),
  };
}

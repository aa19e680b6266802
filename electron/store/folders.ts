import type { Connection } from './database.ts';

export interface FolderRow {
  readonly folderId: number;
  readonly path: string;
  readonly status: 'waiting' | 'scanning' | 'done' | 'offline';
  readonly photoCount: number;
  readonly faceCount: number;
  readonly failedCount: number;
  readonly missingCount: number;
  readonly scannedAt: number | null;
}

const selectFolders = `
  SELECT folder_id AS folderId, path, status, scanned_at AS scannedAt,
    (SELECT count(DISTINCT photo_id) FROM file WHERE file.folder_id = folder.folder_id) AS photoCount,
    (SELECT count(*) FROM face WHERE photo_id IN
      (SELECT photo_id FROM file WHERE file.folder_id = folder.folder_id)) AS faceCount,
    (SELECT count(*) FROM file WHERE file.folder_id = folder.folder_id
      AND failure_code IS NOT NULL AND missing = 0) AS failedCount,
    (SELECT count(*) FROM file WHERE file.folder_id = folder.folder_id AND missing = 1) AS missingCount
  FROM folder`;

export function createFoldersRepository(connection: Connection) {
  const list = connection.prepare<[], FolderRow>(`${selectFolders} ORDER BY path`);
  const byId = connection.prepare<[number], FolderRow>(`${selectFolders} WHERE folder_id = ?`);
  const scanning = connection.prepare<[], { folderId: number }>(
    "SELECT folder_id AS folderId FROM folder WHERE status = 'scanning' ORDER BY path",
  );
  const idByPath = connection.prepare<[string], { folderId: number }>(
    'SELECT folder_id AS folderId FROM folder WHERE path = ?',
  );
  const insert = connection.prepare(
    'INSERT INTO folder (path) VALUES (?) ON CONFLICT (path) DO NOTHING',
  );
  const setStatus = connection.prepare('UPDATE folder SET status = ? WHERE folder_id = ?');
  const setScanned = connection.prepare(
    "UPDATE folder SET status = 'done', scanned_at = ? WHERE folder_id = ?",
  );
  const moveFiles = connection.prepare('UPDATE file SET folder_id = ? WHERE folder_id = ?');
  const remove = connection.prepare('DELETE FROM folder WHERE folder_id = ?');
  const markAway = connection.prepare(
    'UPDATE photo SET away = 1 WHERE away = 0 AND NOT EXISTS (SELECT 1 FROM file WHERE file.photo_id = photo.photo_id)',
  );
  return {
    list: () => list.all(),
    get: (folderId: number) => byId.get(folderId),
    /** Those that are being scanned, without the counts, which take long in a large library. */
    scanning: () => scanning.all().map((row) => row.folderId),
    /** Adds a folder unless it is there. */
    add(path: string): FolderRow {
      insert.run(path);
      const { folderId } = idByPath.get(path)!;
      return byId.get(folderId)!;
    },
    setStatus(folderId: number, status: FolderRow['status']): void {
      setStatus.run(status, folderId);
    },
    setScanned(folderId: number, at: number): void {
      setScanned.run(at, folderId);
    },
    /** Makes the files of other folders this folder's own, and forgets those folders. */
    absorb: connection.transaction((folderId: number, others: readonly number[]): void => {
      for (const other of others) {
        moveFiles.run(folderId, other);
        remove.run(other);
      }
    }),
    /** Forgets the folder and its files; photos that no folder holds any more are away, their faces kept. */
    remove: connection.transaction((folderId: number): void => {
      remove.run(folderId);
      markAway.run();
    }),
  };
}

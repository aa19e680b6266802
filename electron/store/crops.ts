import type { Connection } from './database.ts';
import { openDatabase } from './database.ts';

const crops = {
  name: 'crops',
  sql: `CREATE TABLE crop (
    photo_sha256 TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    jpeg BLOB NOT NULL,
    PRIMARY KEY (photo_sha256, ordinal)
  ) STRICT, WITHOUT ROWID`,
};

/** Pictures of faces, in a file of their own: large, and made anew from the photos at need. */
export function openCrops(path: string) {
  const connection: Connection = openDatabase(path, [crops]);
  const insert = connection.prepare(
    'INSERT OR REPLACE INTO crop (photo_sha256, ordinal, jpeg) VALUES (?, ?, ?)',
  );
  const select = connection.prepare<[string, number], { jpeg: Uint8Array }>(
    'SELECT jpeg FROM crop WHERE photo_sha256 = ? AND ordinal = ?',
  );
  return {
    /** @param jpegs by the faces' places among the faces of their photo. */
    put: connection.transaction(
      (sha256: string, jpegs: Iterable<readonly [ordinal: number, jpeg: Uint8Array]>): void => {
        for (const [ordinal, jpeg] of jpegs) insert.run(sha256, ordinal, jpeg);
      },
    ),
    get: (sha256: string, ordinal: number) => select.get(sha256, ordinal)?.jpeg,
    close: () => connection.close(),
  };
}

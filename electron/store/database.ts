import Database from 'better-sqlite3';
import type { Migration } from './migrations/index.ts';
import { migrations } from './migrations/index.ts';

export type Connection = Database.Database;

/** The library's file cannot be used as it is; the message says what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/**
 * Opens the library's database, made when missing, and brings it to the newest form.
 *
 * @throws StoreError when the file is no database, is damaged, or was written by a newer version.
 */
export function openDatabase(path: string, steps: readonly Migration[] = migrations): Connection {
  let connection: Connection | undefined;
  try {
    connection = new Database(path);
    connection.pragma('journal_mode = WAL');
    // WAL keeps the file whole after a crash of the program at NORMAL; only a power cut may lose
    // the last moments, which a rescan finds again. Label events are written with FULL.
    connection.pragma('synchronous = NORMAL');
    connection.pragma('foreign_keys = ON');
    connection.pragma('busy_timeout = 5000');
    migrate(connection, steps);
    return connection;
  } catch (error) {
    connection?.close();
    if (error instanceof StoreError) throw error;
    throw new StoreError(
      `The library file ${path} cannot be opened: ${(error as Error).message}. ` +
        'Restore it from a backup, or move it away to start anew.',
    );
  }
}

/** Opens an existing database for reading only, for a second thread. */
export function openForReading(path: string): Connection {
  const connection = new Database(path, { readonly: true, fileMustExist: true });
  connection.pragma('busy_timeout = 5000');
  return connection;
}

/**
 * Applies the migrations that the database has not seen, each in one transaction.
 *
 * @throws StoreError when the database is newer than this program.
 */
export function migrate(connection: Connection, steps: readonly Migration[]): void {
  const current = connection.pragma('user_version', { simple: true }) as number;
  if (current > steps.length) {
    throw new StoreError(
      'This library was written by a newer version of Kith. Update Kith to open it.',
    );
  }
  for (const [index, step] of steps.entries()) {
    const version = index + 1;
    if (version <= current) continue;
    connection.transaction(() => {
      connection.exec(step.sql);
      connection.pragma(`user_version = ${version}`);
    })();
  }
}

/**
 * Takes the library for this process alone until the returned function is called or the process
 * ends, however it ends: the operating system lets go of SQLite's lock.
 *
 * @throws StoreError when another process has it.
 */
export function lockLibrary(path: string): () => void {
  const connection = new Database(path, { timeout: 250 });
  try {
    connection.pragma('journal_mode = DELETE');
    connection.exec('BEGIN EXCLUSIVE');
  } catch {
    connection.close();
    throw new StoreError(
      'This library is open in another window or program of Kith. Close that first.',
    );
  }
  return () => connection.close();
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockLibrary, openDatabase, StoreError } from '../../electron/store/database.ts';
import { migrations } from '../../electron/store/migrations/index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kith-database-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const path = () => join(folder, 'library.sqlite');

describe('openDatabase', () => {
  it('refuses what is no database, and leaves it untouched', () => {
    writeFileSync(path(), 'a diary, not a database, long enough to be looked at '.repeat(20));
    expect(() => openDatabase(path())).toThrow(StoreError);
    expect(() => openDatabase(path())).toThrow(/Restore it from a backup/u);
  });

  it('refuses a library of a newer version', () => {
    const connection = openDatabase(path());
    connection.pragma(`user_version = ${migrations.length + 1}`);
    connection.close();
    expect(() => openDatabase(path())).toThrow(/newer version of Kith/u);
  });

  it('opens what it made before', () => {
    openDatabase(path()).close();
    const connection = openDatabase(path());
    expect(connection.pragma('user_version', { simple: true })).toBe(migrations.length);
    expect(connection.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(connection.pragma('foreign_keys', { simple: true })).toBe(1);
    connection.close();
  });

  it('keeps nothing of a migration that fails half way', () => {
    openDatabase(path()).close();
    const broken = { name: 'broken', sql: 'CREATE TABLE half (x); CREATE TABLE half (x);' };
    expect(() => openDatabase(path(), [...migrations, broken])).toThrow(/already exists/u);
    const connection = openDatabase(path());
    expect(
      connection.prepare("SELECT 1 FROM sqlite_master WHERE name = 'half'").get(),
    ).toBeUndefined();
    connection.close();
  });
});

describe('the form of the library', () => {
  it('is strict in every table', () => {
    const connection = openDatabase(path());
    const tables = connection
      .prepare<[], { name: string; strict: number }>(
        "SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND schema = 'main' AND name NOT LIKE 'sqlite_%'",
      )
      .all();
    expect(tables.length).toBeGreaterThan(10);
    expect(tables.filter((table) => table.strict !== 1)).toEqual([]);
    connection.close();
  });

  it('never lets a label event be changed or removed', () => {
    const connection = openDatabase(path());
    connection.exec("INSERT INTO label_event (event, description, at) VALUES ('{}', '', 0)");
    expect(() => connection.exec("UPDATE label_event SET event = '{1}'")).toThrow(
      /never rewritten/u,
    );
    expect(() => connection.exec('DELETE FROM label_event')).toThrow(/never rewritten/u);
    connection.close();
  });
});

describe('lockLibrary', () => {
  it('keeps a second one out until the first lets go', () => {
    const lock = join(folder, 'lock.sqlite');
    const unlock = lockLibrary(lock);
    expect(() => lockLibrary(lock)).toThrow(/open in another window/u);
    unlock();
    lockLibrary(lock)();
  });

  it('is free again when its process was killed', async () => {
    const lock = join(folder, 'lock.sqlite');
    const holder = join(folder, 'holder.mjs');
    const module = new URL('../../electron/store/database.ts', import.meta.url).href;
    writeFileSync(
      holder,
      `import { lockLibrary } from ${JSON.stringify(module)};
       lockLibrary(${JSON.stringify(lock)}); process.send('locked'); setInterval(() => {}, 1000);`,
    );
    const child = fork(holder, { execArgv: [] });
    await once(child, 'message');
    expect(() => lockLibrary(lock)).toThrow(StoreError);
    child.kill('SIGKILL');
    await once(child, 'exit');
    lockLibrary(lock)();
  });
});

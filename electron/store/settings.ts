import type { Connection } from './database.ts';

/** Small values by key, as JSON. */
export function createSettingsRepository(connection: Connection) {
  const select = connection.prepare<[string], { value: string }>(
    'SELECT value FROM setting WHERE key = ?',
  );
  const upsert = connection.prepare(
    'INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  return {
    get(key: string): unknown {
      const row = select.get(key);
      return row === undefined ? undefined : JSON.parse(row.value);
    },
    set(key: string, value: unknown): void {
      upsert.run(key, JSON.stringify(value));
    },
  };
}

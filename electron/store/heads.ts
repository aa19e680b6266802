import type { Connection } from './database.ts';

export interface HeadRow {
  readonly version: string;
  /** float32, rows × 512, little-endian. */
  readonly weights: Uint8Array;
  readonly bias: Uint8Array;
  readonly madeAt: number;
}

export function createHeadsRepository(connection: Connection) {
  const select = connection.prepare<[string], HeadRow>(
    'SELECT version, weights, bias, made_at AS madeAt FROM head WHERE version = ?',
  );
  const insert = connection.prepare(
    `INSERT INTO head (version, weights, bias, made_at) VALUES (@version, @weights, @bias, @madeAt)
     ON CONFLICT (version) DO NOTHING`,
  );
  return {
    get: (version: string) => select.get(version),
    insert(head: HeadRow): void {
      insert.run(head);
    },
  };
}

import type { Migration } from './index.ts';

export const heads: Migration = {
  name: '0007-heads',
  sql: `
CREATE TABLE training (
  training_id INTEGER PRIMARY KEY,
  version TEXT REFERENCES head, -- the head that it made; null when the one before stayed
  ended_at INTEGER NOT NULL, -- milliseconds since 1970
  record TEXT NOT NULL -- JSON
) STRICT;
`,
};

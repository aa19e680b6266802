import type { Migration } from './index.ts';

export const splits: Migration = {
  name: '0009-splits',
  sql: `
-- Groups that may be two people: a cache, made by grouping.
CREATE TABLE cluster_split (
  cluster_id INTEGER PRIMARY KEY,
  face_ids TEXT NOT NULL, -- JSON: the faces of the smaller side
  probability REAL NOT NULL -- that the sides are two people, 0 to 1
) STRICT;
`,
};

import type { Migration } from './index.ts';

export const probability: Migration = {
  name: '0002-probability',
  sql: `
-- 1: too poor to tell who it is, and like nobody surely.
ALTER TABLE face_group ADD COLUMN unclear INTEGER NOT NULL DEFAULT 0 CHECK (unclear IN (0, 1));

DROP TABLE cluster_suggestion;
CREATE TABLE cluster_suggestion (
  cluster_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  probability REAL NOT NULL,
  PRIMARY KEY (cluster_id, person_id)
) STRICT, WITHOUT ROWID;

-- Clusters that may be one person; the smaller number first.
CREATE TABLE cluster_pair (
  cluster_a INTEGER NOT NULL,
  cluster_b INTEGER NOT NULL,
  probability REAL NOT NULL,
  PRIMARY KEY (cluster_a, cluster_b),
  CHECK (cluster_a < cluster_b)
) STRICT, WITHOUT ROWID;
CREATE INDEX cluster_pair_b ON cluster_pair (cluster_b);

-- Questions that the user does not want to be asked again.
CREATE TABLE put_off (
  question TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
`,
};

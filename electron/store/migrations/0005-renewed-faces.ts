import type { Migration } from './index.ts';

export const renewedFaces: Migration = {
  name: '0005-renewed-faces',
  sql: `
-- Raised whenever a face gets other features from newer models; 0 as it was found first.
ALTER TABLE face_features ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
CREATE INDEX face_features_revision ON face_features (revision) WHERE revision > 0;

-- Faces that newer models did not find again: their numbers are never given out anew.
CREATE TABLE face_gone (
  face_id INTEGER PRIMARY KEY
) STRICT;
`,
};

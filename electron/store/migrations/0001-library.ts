import type { Migration } from './index.ts';

export const library: Migration = {
  name: '0001-library',
  sql: `
-- The truth: photos, faces, label events.

CREATE TABLE setting (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL -- JSON
) STRICT, WITHOUT ROWID;

CREATE TABLE model (
  model_id INTEGER PRIMARY KEY,
  -- what found the faces and made the features: hashes of all weights, and the pipeline's version
  fingerprint TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE head (
  version TEXT PRIMARY KEY,
  weights BLOB NOT NULL, -- float32, rows × 512
  bias BLOB NOT NULL, -- float32, rows
  made_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE folder (
  folder_id INTEGER PRIMARY KEY,
  path TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'scanning', 'done', 'offline')),
  scanned_at INTEGER
) STRICT;

CREATE TABLE photo (
  photo_id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  byte_size INTEGER NOT NULL,
  format TEXT NOT NULL,
  width INTEGER NOT NULL, -- upright pixels
  height INTEGER NOT NULL,
  taken_at TEXT, -- local time without zone
  model_id INTEGER NOT NULL REFERENCES model,
  -- 1 while no folder of the library holds it
  away INTEGER NOT NULL DEFAULT 0 CHECK (away IN (0, 1))
) STRICT;
CREATE INDEX photo_byte_size ON photo (byte_size);
CREATE INDEX photo_taken_at ON photo (taken_at);

CREATE TABLE file (
  file_id INTEGER PRIMARY KEY,
  folder_id INTEGER NOT NULL REFERENCES folder ON DELETE CASCADE,
  path TEXT NOT NULL UNIQUE,
  byte_size INTEGER NOT NULL,
  modified_at REAL NOT NULL, -- milliseconds since 1970
  photo_id INTEGER REFERENCES photo,
  missing INTEGER NOT NULL DEFAULT 0 CHECK (missing IN (0, 1)),
  failure_code TEXT,
  failure_reason TEXT,
  failed_at INTEGER,
  CHECK ((photo_id IS NULL) = (failure_code IS NOT NULL))
) STRICT;
CREATE INDEX file_folder ON file (folder_id);
CREATE INDEX file_photo ON file (photo_id);
CREATE INDEX file_failed ON file (failed_at) WHERE failure_code IS NOT NULL;

CREATE TABLE face (
  face_id INTEGER PRIMARY KEY,
  photo_id INTEGER NOT NULL REFERENCES photo,
  ordinal INTEGER NOT NULL, -- place among the faces of its photo
  x REAL NOT NULL, y REAL NOT NULL, width REAL NOT NULL, height REAL NOT NULL, -- fractions of the upright photo
  landmarks TEXT NOT NULL, -- JSON [[x, y] × 5], fractions
  detection_score REAL NOT NULL,
  size REAL NOT NULL, -- full-resolution pixels
  sharpness REAL NOT NULL,
  yaw REAL NOT NULL, pitch REAL NOT NULL, roll REAL NOT NULL, -- degrees
  quality REAL NOT NULL,
  UNIQUE (photo_id, ordinal)
) STRICT;

-- Kept apart from face so that lists of faces stay small on disk.
CREATE TABLE face_features (
  face_id INTEGER PRIMARY KEY REFERENCES face,
  features BLOB NOT NULL -- 512 × float16, little-endian
) STRICT;

CREATE TABLE label_event (
  event_id INTEGER PRIMARY KEY,
  event TEXT NOT NULL, -- JSON
  description TEXT NOT NULL,
  at INTEGER NOT NULL -- milliseconds since 1970
) STRICT;
CREATE TRIGGER label_event_is_final_update BEFORE UPDATE ON label_event
BEGIN SELECT RAISE(ABORT, 'label events are never rewritten'); END;
CREATE TRIGGER label_event_is_final_delete BEFORE DELETE ON label_event
BEGIN SELECT RAISE(ABORT, 'label events are never rewritten'); END;

-- Derived from label_event alone.

CREATE TABLE person (
  person_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL
) STRICT;

CREATE TABLE face_label (
  face_id INTEGER PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('confirmed', 'ignored', 'not-a-face')),
  person_id INTEGER,
  CHECK ((state = 'confirmed') = (person_id IS NOT NULL))
) STRICT;
CREATE INDEX face_label_person ON face_label (person_id);

CREATE TABLE face_rejection (
  face_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  PRIMARY KEY (face_id, person_id)
) STRICT, WITHOUT ROWID;

-- Faces split from others: those of one event on different sides are different people.
CREATE TABLE face_side (
  face_id INTEGER NOT NULL,
  event_id INTEGER NOT NULL,
  side INTEGER NOT NULL CHECK (side IN (0, 1)),
  PRIMARY KEY (face_id, event_id)
) STRICT, WITHOUT ROWID;

-- A cache: made from features and labels by grouping, may be deleted at any time.

CREATE TABLE face_group (
  face_id INTEGER PRIMARY KEY,
  cluster_id INTEGER NOT NULL,
  person_id INTEGER -- whose confirmed faces the cluster holds
) STRICT;
CREATE INDEX face_group_cluster ON face_group (cluster_id);
CREATE INDEX face_group_person ON face_group (person_id) WHERE person_id IS NOT NULL;

CREATE TABLE cluster_suggestion (
  cluster_id INTEGER PRIMARY KEY,
  person_id INTEGER NOT NULL,
  similarity REAL NOT NULL -- cosine
) STRICT;

-- What the user said comes first; what grouping says holds where the user said nothing.
CREATE VIEW face_state AS
SELECT face.face_id, face.photo_id, face.quality, photo.taken_at,
  face_group.cluster_id, face_group.person_id AS cluster_person_id,
  CASE
    WHEN face_label.state IS NOT NULL THEN face_label.state
    WHEN face_group.person_id IS NULL OR face_rejection.person_id IS NOT NULL THEN 'unassigned'
    ELSE 'suggested'
  END AS state,
  CASE
    WHEN face_label.state IS NOT NULL THEN face_label.person_id
    WHEN face_rejection.person_id IS NOT NULL THEN NULL
    ELSE face_group.person_id
  END AS person_id
FROM face
  JOIN photo ON photo.photo_id = face.photo_id AND photo.away = 0
  LEFT JOIN face_label ON face_label.face_id = face.face_id
  LEFT JOIN face_group ON face_group.face_id = face.face_id
  LEFT JOIN face_rejection ON face_rejection.face_id = face.face_id
    AND face_rejection.person_id = face_group.person_id;
`,
};

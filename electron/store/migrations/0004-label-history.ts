import type { Migration } from './index.ts';

export const labelHistory: Migration = {
  name: '0004-label-history',
  sql: `
-- 1 for faces that the user marked by hand: absent unless an event of the log draws them.
ALTER TABLE face ADD COLUMN drawn INTEGER NOT NULL DEFAULT 0 CHECK (drawn IN (0, 1));

-- What follows from the log takes a new form; it is filled when the log is next read.

DROP VIEW face_state;
DROP TABLE person;
DROP TABLE face_label;
DROP TABLE face_side;

CREATE TABLE person (
  person_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  hidden INTEGER NOT NULL DEFAULT 0 CHECK (hidden IN (0, 1)),
  cover_face_id INTEGER,
  birth_date TEXT -- 2011-05-30
) STRICT;
CREATE INDEX person_name ON person (name);

CREATE TABLE face_label (
  face_id INTEGER PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('confirmed', 'ignored', 'not-a-face', 'absent')),
  person_id INTEGER,
  CHECK ((state = 'confirmed') = (person_id IS NOT NULL))
) STRICT;
CREATE INDEX face_label_person ON face_label (person_id);
CREATE INDEX face_rejection_person ON face_rejection (person_id);

-- Faces split from others: those of one split on different sides are different people.
CREATE TABLE face_side (
  face_id INTEGER NOT NULL,
  split_id INTEGER NOT NULL,
  side INTEGER NOT NULL CHECK (side IN (0, 1)),
  PRIMARY KEY (face_id, split_id)
) STRICT, WITHOUT ROWID;

-- What each action did, so that it can be taken back and brought back by itself.
CREATE TABLE label_history (
  event_id INTEGER PRIMARY KEY,
  undone INTEGER NOT NULL DEFAULT 0 CHECK (undone IN (0, 1)),
  redo_place INTEGER, -- among what can be redone, the highest comes first
  changes TEXT NOT NULL -- JSON
) STRICT;
CREATE INDEX label_history_active ON label_history (event_id) WHERE undone = 0;
CREATE INDEX label_history_redo ON label_history (redo_place) WHERE redo_place IS NOT NULL;

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
    AND face_rejection.person_id = face_group.person_id
WHERE face_label.state IS NULL OR face_label.state <> 'absent';
`,
};

import type { Migration } from './index.ts';

const columns = `face_id, photo_id, quality, taken_at, cluster_id, cluster_person_id, state, person_id,
    open, aside`;

/** Brings the standing of some faces in line with what it follows from. */
const renew = (where: string) => `
  DELETE FROM standing WHERE ${where};
  INSERT INTO standing (${columns}) SELECT ${columns} FROM standing_now WHERE ${where};`;

const trigger = (name: string, event: string, where: string) => `
CREATE TRIGGER ${name} AFTER ${event} BEGIN ${renew(where)} END;`;

/** Counts one face in or out. */
const count = (row: 'new' | 'old', sign: '' | '-') => `
  INSERT INTO state_count (state, faces) VALUES (${row}.state, ${sign}1)
    ON CONFLICT DO UPDATE SET faces = faces + excluded.faces;
  INSERT INTO cluster_count (cluster_id, faces) SELECT ${row}.cluster_id, ${sign}1 WHERE ${row}.open = 1
    ON CONFLICT DO UPDATE SET faces = faces + excluded.faces;
  INSERT INTO person_count (person_id, confirmed, suggested)
    SELECT ${row}.person_id, ${sign}(${row}.state = 'confirmed'), ${sign}(${row}.state = 'suggested')
    WHERE ${row}.person_id IS NOT NULL
    ON CONFLICT DO UPDATE SET confirmed = confirmed + excluded.confirmed,
      suggested = suggested + excluded.suggested;
  INSERT INTO person_photo (person_id, photo_id, faces)
    SELECT ${row}.person_id, ${row}.photo_id, ${sign}1 WHERE ${row}.person_id IS NOT NULL
    ON CONFLICT DO UPDATE SET faces = faces + excluded.faces;`;

export const standing: Migration = {
  name: '0006-standing',
  sql: `
-- What face_state worked out with every look is kept, so that lists and counts are found by indexes
-- in libraries of a million faces. Triggers keep it in line, whoever writes.

DROP VIEW face_state;

CREATE VIEW standing_now AS
SELECT *,
  state = 'unassigned' AND cluster_id IS NOT NULL AND cluster_person_id IS NULL AND unclear = 0 AS open,
  CASE WHEN state IN ('ignored', 'not-a-face') THEN state
    WHEN state = 'unassigned' AND unclear = 1 THEN 'unclear' END AS aside
FROM (
  SELECT face.face_id, face.photo_id, face.quality, photo.taken_at,
    face_group.cluster_id, face_group.person_id AS cluster_person_id,
    coalesce(face_group.unclear, 0) AS unclear,
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
  WHERE face_label.state IS NULL OR face_label.state <> 'absent'
);

CREATE TABLE standing (
  face_id INTEGER PRIMARY KEY,
  photo_id INTEGER NOT NULL,
  quality REAL NOT NULL,
  taken_at TEXT,
  cluster_id INTEGER,
  cluster_person_id INTEGER, -- whose confirmed faces the cluster holds
  state TEXT NOT NULL,
  person_id INTEGER,
  open INTEGER NOT NULL, -- 1 in a group that waits for a name
  aside TEXT -- the place for faces that are not among people
) STRICT;
CREATE INDEX standing_photo ON standing (photo_id);
CREATE INDEX standing_person ON standing
  (person_id, state = 'suggested' DESC, taken_at IS NULL, taken_at DESC, face_id)
  WHERE person_id IS NOT NULL;
CREATE INDEX standing_best ON standing (person_id, state, quality DESC, face_id)
  WHERE person_id IS NOT NULL;
CREATE INDEX standing_cluster ON standing (cluster_id, open, quality DESC, face_id);
CREATE INDEX standing_aside ON standing (aside, taken_at IS NULL, taken_at DESC, face_id)
  WHERE aside IS NOT NULL;

CREATE TABLE state_count (state TEXT PRIMARY KEY, faces INTEGER NOT NULL) STRICT, WITHOUT ROWID;
-- Faces in groups that wait for a name.
CREATE TABLE cluster_count (cluster_id INTEGER PRIMARY KEY, faces INTEGER NOT NULL) STRICT;
CREATE INDEX cluster_count_faces ON cluster_count (faces DESC, cluster_id);
CREATE TABLE person_count (
  person_id INTEGER PRIMARY KEY,
  confirmed INTEGER NOT NULL,
  suggested INTEGER NOT NULL
) STRICT;
CREATE TABLE person_photo (
  person_id INTEGER NOT NULL,
  photo_id INTEGER NOT NULL,
  faces INTEGER NOT NULL,
  PRIMARY KEY (person_id, photo_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_photo_photo ON person_photo (photo_id, person_id);

CREATE TRIGGER standing_in AFTER INSERT ON standing BEGIN ${count('new', '')} END;
CREATE TRIGGER standing_out AFTER DELETE ON standing BEGIN ${count('old', '-')}
  DELETE FROM cluster_count WHERE cluster_id = old.cluster_id AND faces = 0;
  DELETE FROM person_count WHERE person_id = old.person_id AND confirmed = 0 AND suggested = 0;
  DELETE FROM person_photo
    WHERE person_id = old.person_id AND photo_id = old.photo_id AND faces = 0;
END;

INSERT INTO standing (${columns}) SELECT ${columns} FROM standing_now;
CREATE VIEW face_state AS SELECT ${columns} FROM standing;
${['face', 'face_label', 'face_group', 'face_rejection']
  .flatMap((table) => [
    trigger(`${table}_inserted`, `INSERT ON ${table}`, 'face_id = new.face_id'),
    trigger(`${table}_updated`, `UPDATE ON ${table}`, 'face_id = new.face_id'),
    trigger(`${table}_deleted`, `DELETE ON ${table}`, 'face_id = old.face_id'),
  ])
  .join('')}
${trigger('photo_updated', 'UPDATE OF away, taken_at ON photo', 'photo_id = new.photo_id')}

CREATE INDEX photo_order ON photo (taken_at IS NULL, taken_at DESC, photo_id) WHERE away = 0;
`,
};

import type { Connection } from './database.ts';

export interface WhoRow {
  readonly clusterId: number;
  readonly faceCount: number;
}

export interface IsPersonRow extends WhoRow {
  readonly personId: number;
  readonly name: string;
  readonly probability: number;
}

export interface ConfirmRow {
  readonly personId: number;
  readonly name: string;
  readonly faceCount: number;
}

export interface SameRow {
  readonly personA: number;
  readonly nameA: string;
  readonly personB: number;
  readonly nameB: string;
  readonly probability: number;
  readonly faceCount: number;
}

/** Faces of groups nobody named, of which nothing was said. */
const open = `face_group g LEFT JOIN face_label l ON l.face_id = g.face_id
  WHERE g.person_id IS NULL AND g.unclear = 0 AND l.face_id IS NULL`;

/** What the user can be asked. */
export function createReviewRepository(connection: Connection) {
  const who = connection.prepare<[number], WhoRow>(
    `SELECT g.cluster_id AS clusterId, count(*) AS faceCount FROM ${open}
     AND NOT EXISTS (SELECT 1 FROM put_off p WHERE p.question = 'who ' || g.cluster_id)
     GROUP BY g.cluster_id HAVING count(*) >= 2 ORDER BY faceCount DESC, clusterId LIMIT ?`,
  );
  const isPerson = connection.prepare<[number], IsPersonRow>(
    `SELECT s.cluster_id AS clusterId, s.person_id AS personId, person.name, s.probability,
       n.faceCount
     FROM cluster_suggestion s JOIN person ON person.person_id = s.person_id
     JOIN (SELECT g.cluster_id, count(*) AS faceCount FROM ${open} GROUP BY g.cluster_id) n
       ON n.cluster_id = s.cluster_id
     WHERE NOT EXISTS (
         SELECT 1 FROM face_group g JOIN face_rejection r ON r.face_id = g.face_id
         WHERE g.cluster_id = s.cluster_id AND r.person_id = s.person_id)
       AND NOT EXISTS (SELECT 1 FROM put_off p
         WHERE p.question = 'is-person ' || s.cluster_id || ' ' || s.person_id)
     ORDER BY n.faceCount * s.probability DESC, s.cluster_id, s.probability DESC LIMIT ?`,
  );
  const confirm = connection.prepare<[number], ConfirmRow>(
    `SELECT g.person_id AS personId, person.name, count(*) AS faceCount
     FROM face_group g JOIN person ON person.person_id = g.person_id
     LEFT JOIN face_label l ON l.face_id = g.face_id
     LEFT JOIN face_rejection r ON r.face_id = g.face_id AND r.person_id = g.person_id
     WHERE l.face_id IS NULL AND r.face_id IS NULL
       AND NOT EXISTS (SELECT 1 FROM put_off p WHERE p.question = 'confirm ' || g.person_id)
     GROUP BY g.person_id ORDER BY faceCount DESC, personId LIMIT ?`,
  );
  const same = connection.prepare<[number], SameRow>(
    `SELECT a.person_id AS personA, a.name AS nameA, b.person_id AS personB, b.name AS nameB,
       max(probability) AS probability,
       min((SELECT count(*) FROM face_label WHERE person_id = a.person_id),
           (SELECT count(*) FROM face_label WHERE person_id = b.person_id)) AS faceCount
     FROM (
       SELECT probability,
         (SELECT person_id FROM face_group WHERE cluster_id = cluster_a LIMIT 1) AS one,
         (SELECT person_id FROM face_group WHERE cluster_id = cluster_b LIMIT 1) AS other
       FROM cluster_pair) pair
     JOIN person a ON a.person_id = min(one, other) JOIN person b ON b.person_id = max(one, other)
     WHERE one <> other AND NOT EXISTS (SELECT 1 FROM put_off p
       WHERE p.question = 'same ' || a.person_id || ' ' || b.person_id)
     GROUP BY a.person_id, b.person_id ORDER BY faceCount * max(probability) DESC, personA LIMIT ?`,
  );
  const faces = connection.prepare<[number, number], { faceId: number }>(
    `SELECT g.face_id AS faceId FROM face_group g JOIN face ON face.face_id = g.face_id
     LEFT JOIN face_label l ON l.face_id = g.face_id
     WHERE g.cluster_id = ? AND l.face_id IS NULL ORDER BY face.quality DESC, g.face_id LIMIT ?`,
  );
  const suggested = connection.prepare<[number, number], { faceId: number }>(
    `SELECT g.face_id AS faceId FROM face_group g JOIN face ON face.face_id = g.face_id
     LEFT JOIN face_label l ON l.face_id = g.face_id
     LEFT JOIN face_rejection r ON r.face_id = g.face_id AND r.person_id = g.person_id
     WHERE g.person_id = ? AND l.face_id IS NULL AND r.face_id IS NULL
     ORDER BY face.quality DESC, g.face_id LIMIT ?`,
  );
  const confirmed = connection.prepare<[number, number], { faceId: number }>(
    `SELECT l.face_id AS faceId FROM face_label l JOIN face ON face.face_id = l.face_id
     WHERE l.person_id = ? ORDER BY face.quality DESC, l.face_id LIMIT ?`,
  );
  const counts = connection.prepare<[], { named: number; open: number }>(
    `SELECT (SELECT count(*) FROM face_label WHERE person_id IS NOT NULL) AS named,
       (SELECT count(*) FROM face_group g LEFT JOIN face_label l ON l.face_id = g.face_id
        WHERE l.face_id IS NULL AND g.unclear = 0 AND (g.person_id IS NOT NULL OR EXISTS (
          SELECT 1 FROM face_group o WHERE o.cluster_id = g.cluster_id AND o.face_id <> g.face_id
        ))) AS open`,
  );
  const putOff = connection.prepare(
    'INSERT INTO put_off (question) VALUES (?) ON CONFLICT DO NOTHING',
  );
  const takeUp = connection.prepare('DELETE FROM put_off WHERE question = ?');
  const ids = (rows: readonly { faceId: number }[]) => rows.map((row) => row.faceId);

  return {
    who: (limit: number) => who.all(limit),
    isPerson: (limit: number) => isPerson.all(limit),
    confirm: (limit: number) => confirm.all(limit),
    same: (limit: number) => same.all(limit),
    /** Best first. */
    openFaces: (clusterId: number, limit: number) => ids(faces.all(clusterId, limit)),
    suggestedFaces: (personId: number, limit: number) => ids(suggested.all(personId, limit)),
    confirmedFaces: (personId: number, limit: number) => ids(confirmed.all(personId, limit)),
    /** Faces with a confirmed name, and others that somebody could be asked about. */
    counts: () => counts.get()!,
    putOff: (question: string) => void putOff.run(question),
    takeUp: (question: string) => void takeUp.run(question),
  };
}

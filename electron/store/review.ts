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

export interface SplitRow extends WhoRow {
  /** The group's first face: it stays in the group, whatever the group's number. */
  readonly firstFaceId: number;
  /** JSON. */
  readonly faceIds: string;
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

/** What the user can be asked. */
export function createReviewRepository(connection: Connection) {
  const who = connection.prepare<[number], WhoRow>(
    `SELECT cluster_id AS clusterId, faces AS faceCount FROM cluster_count
     WHERE faces >= 2
       AND NOT EXISTS (SELECT 1 FROM put_off p WHERE p.question = 'who ' || cluster_id)
     ORDER BY faces DESC, cluster_id LIMIT ?`,
  );
  const notDenied = `NOT EXISTS (
    SELECT 1 FROM face_group g JOIN face_rejection r ON r.face_id = g.face_id
    WHERE g.cluster_id = s.cluster_id AND r.person_id = s.person_id)`;
  const likeliest = connection.prepare<[number], { personId: number }>(
    `SELECT person_id AS personId FROM cluster_suggestion s JOIN person USING (person_id)
     WHERE s.cluster_id = ? AND ${notDenied} ORDER BY s.probability DESC, person_id LIMIT 1`,
  );
  const isPerson = connection.prepare<{ limit: number; least: number }, IsPersonRow>(
    `SELECT s.cluster_id AS clusterId, s.person_id AS personId, person.name, s.probability,
       n.faces AS faceCount
     FROM cluster_suggestion s JOIN person ON person.person_id = s.person_id
     JOIN cluster_count n ON n.cluster_id = s.cluster_id
     WHERE (n.faces = 1 OR s.probability >= @least) AND ${notDenied}
       AND NOT EXISTS (SELECT 1 FROM put_off p
         WHERE p.question = 'is-person ' || s.cluster_id || ' ' || s.person_id)
     ORDER BY n.faces * s.probability DESC, s.cluster_id, s.probability DESC LIMIT @limit`,
  );
  const confirm = connection.prepare<[number], ConfirmRow>(
    `SELECT person_id AS personId, person.name, suggested AS faceCount
     FROM person_count JOIN person USING (person_id)
     WHERE suggested > 0
       AND NOT EXISTS (SELECT 1 FROM put_off p WHERE p.question = 'confirm ' || person_id)
     ORDER BY suggested DESC, person_id LIMIT ?`,
  );
  /** The group has at least that share of the person's faces. */
  const largePart = (cluster: string, person: string) => `
    (SELECT count(*) FROM face_group WHERE cluster_id = ${cluster})
      >= @share * (SELECT confirmed FROM person_count WHERE person_id = ${person})`;
  const same = connection.prepare<{ limit: number; share: number }, SameRow>(
    `SELECT a.person_id AS personA, a.name AS nameA, b.person_id AS personB, b.name AS nameB,
       max(probability) AS probability,
       min((SELECT confirmed FROM person_count WHERE person_id = a.person_id),
           (SELECT confirmed FROM person_count WHERE person_id = b.person_id)) AS faceCount
     FROM (
       SELECT probability, cluster_a, cluster_b,
         (SELECT person_id FROM face_group WHERE cluster_id = cluster_a LIMIT 1) AS one,
         (SELECT person_id FROM face_group WHERE cluster_id = cluster_b LIMIT 1) AS other
       FROM cluster_pair) pair
     JOIN person a ON a.person_id = min(one, other) JOIN person b ON b.person_id = max(one, other)
     WHERE one <> other AND ${largePart('cluster_a', 'one')} AND ${largePart('cluster_b', 'other')}
       AND NOT EXISTS (SELECT 1 FROM put_off p
         WHERE p.question = 'same ' || a.person_id || ' ' || b.person_id)
     GROUP BY a.person_id, b.person_id
     ORDER BY faceCount * max(probability) DESC, personA LIMIT @limit`,
  );
  const split = connection.prepare<[number], SplitRow>(
    `SELECT clusterId, faceCount, firstFaceId, faceIds, probability FROM (
       SELECT s.cluster_id AS clusterId, n.faces AS faceCount, s.face_ids AS faceIds, s.probability,
         (SELECT min(face_id) FROM face_group g WHERE g.cluster_id = s.cluster_id) AS firstFaceId
       FROM cluster_split s JOIN cluster_count n ON n.cluster_id = s.cluster_id)
     WHERE NOT EXISTS (SELECT 1 FROM put_off p WHERE p.question = 'split ' || firstFaceId)
     ORDER BY faceCount * probability DESC, clusterId LIMIT ?`,
  );
  const faces = connection.prepare<[number, number], { faceId: number }>(
    `SELECT face_id AS faceId FROM standing WHERE cluster_id = ? AND open = 1
     ORDER BY quality DESC, face_id LIMIT ?`,
  );
  const ofPerson = connection.prepare<[number, string, number], { faceId: number }>(
    `SELECT face_id AS faceId FROM standing WHERE person_id = ? AND state = ?
     ORDER BY quality DESC, face_id LIMIT ?`,
  );
  const counts = connection.prepare<[], { named: number; open: number }>(
    `SELECT coalesce(sum(confirmed), 0) AS named,
       coalesce(sum(suggested), 0)
         + (SELECT coalesce(sum(faces), 0) FROM cluster_count WHERE faces >= 2) AS open
     FROM person_count`,
  );
  const putOff = connection.prepare(
    'INSERT INTO put_off (question) VALUES (?) ON CONFLICT DO NOTHING',
  );
  const takeUp = connection.prepare('DELETE FROM put_off WHERE question = ?');
  const ids = (rows: readonly { faceId: number }[]) => rows.map((row) => row.faceId);

  return {
    who: (limit: number) => who.all(limit),
    /** @param least probability of a group of two faces and more; single faces are asked about in any case. */
    isPerson: (limit: number, least: number) => isPerson.all({ limit, least }),
    /** Who a group may be. */
    likeliestPerson: (clusterId: number) => likeliest.get(clusterId)?.personId ?? null,
    confirm: (limit: number) => confirm.all(limit),
    /** @param share of each person's faces that has to be in the groups that are alike, 0 to 1. */
    same: (limit: number, share: number) => same.all({ limit, share }),
    split: (limit: number) => split.all(limit),
    /** Best first. */
    openFaces: (clusterId: number, limit: number) => ids(faces.all(clusterId, limit)),
    suggestedFaces: (personId: number, limit: number) =>
      ids(ofPerson.all(personId, 'suggested', limit)),
    confirmedFaces: (personId: number, limit: number) =>
      ids(ofPerson.all(personId, 'confirmed', limit)),
    /** Share of faces that carry a confirmed name, of those in groups of two and more or named, 0 to 1. */
    namedShare(): number {
      const { named, open } = counts.get()!;
      return named + open === 0 ? 0 : named / (named + open);
    },
    putOff: (question: string) => void putOff.run(question),
    takeUp: (question: string) => void takeUp.run(question),
  };
}

import type { Connection } from './database.ts';

export interface GroupRow {
  readonly clusterId: number;
  readonly faceCount: number;
  readonly coverFaceId: number;
  readonly personId: number | null;
  readonly personName: string | null;
  readonly similarity: number | null;
}

export interface GroupingRow {
  readonly faceId: number;
  readonly clusterId: number;
}

const selectGroups = `
  SELECT g.*, person.person_id AS personId, person.name AS personName, cluster_suggestion.similarity
  FROM (
    SELECT cluster_id AS clusterId, count(*) AS faceCount, face_id AS coverFaceId, max(quality) AS best
    FROM face_state WHERE state = 'unassigned' AND cluster_id IS NOT NULL AND cluster_person_id IS NULL
    GROUP BY cluster_id
  ) g
  LEFT JOIN cluster_suggestion ON cluster_suggestion.cluster_id = g.clusterId
  LEFT JOIN person ON person.person_id = cluster_suggestion.person_id`;

/** The machine's groups: a cache. */
export function createGroupsRepository(connection: Connection) {
  const list = connection.prepare<[number, number, number], GroupRow>(
    `${selectGroups} WHERE g.faceCount >= ? ORDER BY g.faceCount DESC, g.clusterId LIMIT ? OFFSET ?`,
  );
  const total = connection.prepare<[number], { total: number }>(
    `SELECT count(*) AS total FROM (SELECT count(*) AS n FROM face_state
     WHERE state = 'unassigned' AND cluster_id IS NOT NULL AND cluster_person_id IS NULL
     GROUP BY cluster_id) WHERE n >= ?`,
  );
  const one = connection.prepare<[number], GroupRow>(`${selectGroups} WHERE g.clusterId = ?`);
  const faces = connection.prepare<[number], { faceId: number }>(
    `SELECT face_id AS faceId FROM face_state WHERE cluster_id = ? AND state = 'unassigned'`,
  );
  const clustersOf = connection.prepare<[string], { clusterId: number }>(
    `SELECT DISTINCT cluster_id AS clusterId FROM face_group
     WHERE face_id IN (SELECT value FROM json_each(?))`,
  );
  const members = connection.prepare<[number], { faceId: number }>(
    'SELECT face_id AS faceId FROM face_group WHERE cluster_id = ?',
  );
  const current = connection.prepare<[], GroupingRow>(
    'SELECT face_id AS faceId, cluster_id AS clusterId FROM face_group',
  );
  const upsert = connection.prepare(
    `INSERT INTO face_group (face_id, cluster_id) VALUES (?, ?)
     ON CONFLICT (face_id) DO UPDATE SET cluster_id = excluded.cluster_id`,
  );
  const remove = connection.prepare('DELETE FROM face_group WHERE face_id = ?');
  const setPersons = `UPDATE face_group SET person_id = (
      SELECT face_label.person_id FROM face_group f JOIN face_label ON face_label.face_id = f.face_id
      WHERE f.cluster_id = face_group.cluster_id AND face_label.person_id IS NOT NULL
      ORDER BY f.face_id LIMIT 1)`;
  const refreshSome = connection.prepare(
    `${setPersons} WHERE cluster_id IN (SELECT value FROM json_each(?))`,
  );
  const clearSuggestions = connection.prepare('DELETE FROM cluster_suggestion');
  const insertSuggestion = connection.prepare(
    'INSERT INTO cluster_suggestion (cluster_id, person_id, similarity) VALUES (?, ?, ?)',
  );
  const refreshAll = () => {
    const persons = connection
      .prepare<[], { clusterId: number; personId: number }>(
        `SELECT cluster_id AS clusterId, min(person_id) AS personId FROM (
           SELECT face_group.cluster_id, face_label.person_id FROM face_label
           JOIN face_group USING (face_id) WHERE face_label.person_id IS NOT NULL)
         GROUP BY cluster_id`,
      )
      .all();
    connection.prepare('UPDATE face_group SET person_id = NULL WHERE person_id IS NOT NULL').run();
    const update = connection.prepare('UPDATE face_group SET person_id = ? WHERE cluster_id = ?');
    for (const row of persons) update.run(row.personId, row.clusterId);
  };

  return {
    list: (minFaces: number, limit: number, offset: number) => ({
      total: total.get(minFaces)!.total,
      rows: list.all(minFaces, limit, offset),
    }),
    count: (minFaces: number) => total.get(minFaces)!.total,
    get: (clusterId: number) => one.get(clusterId),
    /** Faces of a group that the user has said nothing of. */
    openFaces: (clusterId: number) => faces.all(clusterId).map((row) => row.faceId),
    members: (clusterId: number) => members.all(clusterId).map((row) => row.faceId),
    clustersOf: (faceIds: readonly number[]) =>
      clustersOf.all(JSON.stringify(faceIds)).map((row) => row.clusterId),
    current: () => current.all(),
    /** Applies a grouping as the difference to the one before, and its suggestions. */
    replace: connection.transaction(
      (
        changed: readonly GroupingRow[],
        removed: readonly number[],
        suggestions: readonly { clusterId: number; personId: number; similarity: number }[],
      ): void => {
        for (const row of changed) upsert.run(row.faceId, row.clusterId);
        for (const faceId of removed) remove.run(faceId);
        clearSuggestions.run();
        for (const row of suggestions) {
          insertSuggestion.run(row.clusterId, row.personId, row.similarity);
        }
        refreshAll();
      },
    ),
    /** Brings the clusters' persons in line with the labels. */
    refreshPersons(clusterIds: readonly number[] | 'all'): void {
      if (clusterIds === 'all') refreshAll();
      else refreshSome.run(JSON.stringify(clusterIds));
    },
    clear: connection.transaction((): void => {
      connection.exec('DELETE FROM face_group; DELETE FROM cluster_suggestion;');
    }),
  };
}

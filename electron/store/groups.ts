import type { Connection } from './database.ts';

export interface GroupRow {
  readonly clusterId: number;
  readonly faceCount: number;
  readonly coverFaceId: number;
  readonly personId: number | null;
  readonly personName: string | null;
  /** That the group is this person, 0 to 1. */
  readonly probability: number | null;
}

export interface GroupingRow {
  readonly faceId: number;
  readonly clusterId: number;
}

/** What a grouping changed. */
export interface GroupChanges {
  /** All clusters, or those that took part: suggestions about others stay as they are. */
  readonly scope: 'all' | readonly number[];
  /** Clusters that may have more faces, about which what is asked already stays. */
  readonly grown?: readonly number[];
  readonly changed: readonly (GroupingRow & { readonly unclear: boolean })[];
  readonly removed: readonly number[];
  readonly suggestions: readonly {
    readonly clusterId: number;
    readonly personId: number;
    readonly probability: number;
  }[];
  /** Clusters that may be two people, and the faces of one of them. */
  readonly splits: readonly {
    readonly clusterId: number;
    readonly faceIds: readonly number[];
    readonly probability: number;
  }[];
  /** Clusters that may be one person; the smaller number first. */
  readonly pairs: readonly {
    readonly clusterA: number;
    readonly clusterB: number;
    readonly probability: number;
  }[];
}

/** A page of groups, with the person that each resembles most. */
const selectGroups = (page: string) => `
  SELECT page.cluster_id AS clusterId, page.faces AS faceCount,
    (SELECT face_id FROM standing s WHERE s.cluster_id = page.cluster_id AND s.open = 1
      ORDER BY s.quality DESC, s.face_id LIMIT 1) AS coverFaceId,
    person.person_id AS personId, person.name AS personName, suggestion.probability
  FROM (${page}) page
  LEFT JOIN cluster_suggestion suggestion ON suggestion.cluster_id = page.cluster_id
    AND suggestion.person_id = (
      SELECT person_id FROM cluster_suggestion c JOIN person USING (person_id)
      WHERE c.cluster_id = page.cluster_id ORDER BY c.probability DESC, person_id LIMIT 1)
  LEFT JOIN person ON person.person_id = suggestion.person_id
  ORDER BY page.faces DESC, page.cluster_id`;

/** The machine's groups: a cache. */
export function createGroupsRepository(connection: Connection) {
  const list = connection.prepare<[number, number, number], GroupRow>(
    selectGroups(`SELECT cluster_id, faces FROM cluster_count WHERE faces >= ?
      ORDER BY faces DESC, cluster_id LIMIT ? OFFSET ?`),
  );
  const total = connection.prepare<[number], { total: number }>(
    'SELECT count(*) AS total FROM cluster_count WHERE faces >= ?',
  );
  const one = connection.prepare<[number], GroupRow>(
    selectGroups('SELECT cluster_id, faces FROM cluster_count WHERE cluster_id = ?'),
  );
  const faces = connection.prepare<[number], { faceId: number }>(
    `SELECT face_id AS faceId FROM face_state WHERE cluster_id = ? AND state = 'unassigned'
     ORDER BY face_id`,
  );
  const clustersOf = connection.prepare<[string], { clusterId: number }>(
    `SELECT DISTINCT cluster_id AS clusterId FROM face_group
     WHERE face_id IN (SELECT value FROM json_each(?))`,
  );
  const digestsOf = connection.prepare<[string], ClusterDigest>(
    `SELECT cluster_id AS clusterId, count(*) AS faces, sum(face_id) AS faceIdSum FROM face_group
     WHERE cluster_id IN (SELECT value FROM json_each(?)) GROUP BY cluster_id`,
  );
  const clusterIds = connection.prepare<[], { clusterId: number }>(
    'SELECT DISTINCT cluster_id AS clusterId FROM face_group ORDER BY cluster_id',
  );
  const members = connection.prepare<[number], { faceId: number }>(
    'SELECT face_id AS faceId FROM face_group WHERE cluster_id = ?',
  );
  const current = connection.prepare<[], GroupingRow>(
    'SELECT face_id AS faceId, cluster_id AS clusterId FROM face_group',
  );
  const clusterOfFaces = connection.prepare<[string], GroupingRow>(
    `SELECT face_id AS faceId, cluster_id AS clusterId FROM face_group
     WHERE face_id IN (SELECT value FROM json_each(?))`,
  );
  const inPhotos = connection.prepare<[string], { photoId: number; clusterId: number }>(
    `SELECT DISTINCT photo_id AS photoId, cluster_id AS clusterId
     FROM face JOIN face_group USING (face_id)
     WHERE photo_id IN (SELECT value FROM json_each(?))`,
  );
  const companions = connection.prepare<[number], { total: number }>(
    `SELECT count(DISTINCT beside.cluster_id) AS total
     FROM face_group own JOIN face ON face.face_id = own.face_id
       JOIN face other ON other.photo_id = face.photo_id
       JOIN face_group beside ON beside.face_id = other.face_id
     WHERE own.cluster_id = ? AND beside.cluster_id <> own.cluster_id`,
  );
  const size = connection.prepare<[], { total: number }>(
    'SELECT count(*) AS total FROM face_group',
  );
  const newcomers = connection.prepare<[], { faceId: number }>(
    `SELECT face_id AS faceId FROM standing
     WHERE cluster_id IS NULL AND state IN ('unassigned', 'confirmed')`,
  );
  // Each part by what is rare, so that no look at all groups is needed.
  const leavers = connection.prepare<[], { faceId: number }>(
    `SELECT face_id AS faceId FROM standing
       WHERE aside IN ('ignored', 'not-a-face') AND cluster_id IS NOT NULL
     UNION SELECT face_id FROM face_label JOIN face_group USING (face_id) WHERE state = 'absent'
     UNION SELECT face_id FROM photo CROSS JOIN face USING (photo_id)
       CROSS JOIN face_group USING (face_id) WHERE away = 1`,
  );
  const upsert = connection.prepare(
    `INSERT INTO face_group (face_id, cluster_id, unclear) VALUES (?, ?, ?)
     ON CONFLICT (face_id) DO UPDATE SET cluster_id = excluded.cluster_id, unclear = excluded.unclear
     WHERE cluster_id <> excluded.cluster_id OR unclear <> excluded.unclear`,
  );
  const remove = connection.prepare('DELETE FROM face_group WHERE face_id = ?');
  // The person whose confirmed faces a cluster holds; of several, until it is grouped anew, any.
  const allPersonsNow = connection.prepare<[], ClusterPerson>(
    `SELECT face_group.cluster_id AS clusterId, min(face_label.person_id) AS personId
     FROM face_label JOIN face_group USING (face_id)
     WHERE face_label.person_id IS NOT NULL GROUP BY face_group.cluster_id`,
  );
  const somePersonsNow = connection.prepare<[string], ClusterPerson>(
    `SELECT clusterId, personId FROM (
       SELECT value AS clusterId, (
         SELECT face_label.person_id FROM face_group JOIN face_label USING (face_id)
         WHERE face_group.cluster_id = value AND face_label.person_id IS NOT NULL LIMIT 1
       ) AS personId FROM json_each(?))
     WHERE personId IS NOT NULL`,
  );
  const personsBefore = (where: string) => `
    SELECT DISTINCT cluster_id AS clusterId, person_id AS personId FROM face_group
    WHERE person_id IS NOT NULL AND ${where}`;
  const allPersonsBefore = connection.prepare<[], ClusterPerson>(personsBefore('1'));
  const somePersonsBefore = connection.prepare<[string], ClusterPerson>(
    personsBefore('cluster_id IN (SELECT value FROM json_each(?))'),
  );
  const setPerson = connection.prepare(
    'UPDATE face_group SET person_id = ? WHERE cluster_id = ? AND person_id IS NOT ?',
  );
  const clearQuestions = connection.prepare('DELETE FROM cluster_suggestion');
  const clearPairs = connection.prepare('DELETE FROM cluster_pair');
  const clearQuestionsOf = connection.prepare(
    'DELETE FROM cluster_suggestion WHERE cluster_id IN (SELECT value FROM json_each(?))',
  );
  const clearPairsOf = connection.prepare(
    `DELETE FROM cluster_pair WHERE cluster_a IN (SELECT value FROM json_each(@ids))
     OR cluster_b IN (SELECT value FROM json_each(@ids))`,
  );
  const insertSuggestion = connection.prepare(
    `INSERT INTO cluster_suggestion (cluster_id, person_id, probability) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET probability = excluded.probability`,
  );
  const clearSplits = connection.prepare('DELETE FROM cluster_split');
  const clearSplitsOf = connection.prepare(
    'DELETE FROM cluster_split WHERE cluster_id IN (SELECT value FROM json_each(?))',
  );
  const insertSplit = connection.prepare(
    `INSERT INTO cluster_split (cluster_id, face_ids, probability) VALUES (?, ?, ?)`,
  );
  const insertPair = connection.prepare(
    `INSERT INTO cluster_pair (cluster_a, cluster_b, probability) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET probability = max(probability, excluded.probability)`,
  );

  /** Brings the clusters' persons in line with the labels. */
  const refreshPersons = (clusterIds: readonly number[] | 'all'): void => {
    const ids = clusterIds === 'all' ? '' : JSON.stringify(clusterIds);
    const now = clusterIds === 'all' ? allPersonsNow.all() : somePersonsNow.all(ids);
    const before = clusterIds === 'all' ? allPersonsBefore.all() : somePersonsBefore.all(ids);
    const personOf = new Map(now.map((row) => [row.clusterId, row.personId]));
    for (const { clusterId } of before) {
      if (!personOf.has(clusterId)) setPerson.run(null, clusterId, null);
    }
    for (const { clusterId, personId } of now) setPerson.run(personId, clusterId, personId);
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
    /** By what it can be told that a cluster has other faces than it had. */
    digestsOf: (clusterIds: readonly number[]) => digestsOf.all(JSON.stringify(clusterIds)),
    clusterIds: () => clusterIds.all().map((row) => row.clusterId),
    current: () => current.all(),
    clusterOfFaces: (faceIds: readonly number[]) =>
      new Map(
        clusterOfFaces.all(JSON.stringify(faceIds)).map((row) => [row.faceId, row.clusterId]),
      ),
    /** Which groups have faces in some photos. */
    inPhotos: (photoIds: readonly number[]) => inPhotos.all(JSON.stringify(photoIds)),
    /** With how many other groups one shares photos. */
    companions: (clusterId: number) => companions.get(clusterId)!.total,
    /** Faces in groups, groups of one included. */
    size: () => size.get()!.total,
    /** Faces that are to be grouped and are in no group yet. */
    newcomers: () => newcomers.all().map((row) => row.faceId),
    /** Faces in groups that grouping has nothing to do with any more. */
    leavers: () => leavers.all().map((row) => row.faceId),
    /** Writes some faces' groups. */
    move: connection.transaction((changed: GroupChanges['changed'], removed: readonly number[]) => {
      for (const row of changed) upsert.run(row.faceId, row.clusterId, row.unclear ? 1 : 0);
      for (const faceId of removed) remove.run(faceId);
    }),
    /** Writes what is to be asked about the groups of a grouping, and whose they are. */
    describe: connection.transaction(
      (changes: Pick<GroupChanges, 'scope' | 'grown' | 'suggestions' | 'splits' | 'pairs'>) => {
        const { scope, grown = [], suggestions, splits, pairs } = changes;
        if (scope === 'all') {
          clearQuestions.run();
          clearSplits.run();
          clearPairs.run();
        } else {
          const ids = JSON.stringify(scope);
          clearQuestionsOf.run(ids);
          clearSplitsOf.run(ids);
          clearPairsOf.run({ ids });
        }
        for (const row of suggestions) {
          insertSuggestion.run(row.clusterId, row.personId, row.probability);
        }
        for (const row of splits) {
          insertSplit.run(row.clusterId, JSON.stringify(row.faceIds), row.probability);
        }
        for (const row of pairs) insertPair.run(row.clusterA, row.clusterB, row.probability);
        refreshPersons(scope === 'all' ? scope : [...scope, ...grown]);
      },
    ),
    refreshPersons,
    clear: connection.transaction((): void => {
      connection.exec(
        `DELETE FROM face_group; DELETE FROM cluster_suggestion; DELETE FROM cluster_split;
         DELETE FROM cluster_pair;`,
      );
    }),
  };
}

interface ClusterDigest {
  readonly clusterId: number;
  readonly faces: number;
  readonly faceIdSum: number;
}

interface ClusterPerson {
  readonly clusterId: number;
  readonly personId: number;
}

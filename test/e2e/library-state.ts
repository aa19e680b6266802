import { join } from 'node:path';
import { openForReading } from '../../electron/store/database.ts';

interface Row {
  readonly key: string;
  readonly state: string;
  readonly name: string | null;
  readonly clusterId: number | null;
}

/** A face by its photo's content and its box, the same in every library of the same photos. */
const key = (face: string) =>
  `substr(photo.sha256, 1, 8) || printf(' %.3f %.3f', ${face}.x, ${face}.y)`;

/**
 * Everything that labels come to in a library, open or not, by names and faces instead of numbers:
 * who there is, where each face stands, who a face is not, and what was split.
 */
export function libraryState(libraryFolder: string) {
  const connection = openForReading(join(libraryFolder, 'library.sqlite'));
  try {
    const rows = connection
      .prepare<[], Row>(
        `SELECT ${key('face')} AS key, standing.state, person.name, standing.cluster_id AS clusterId
         FROM standing JOIN face USING (face_id) JOIN photo ON photo.photo_id = face.photo_id
         LEFT JOIN person ON person.person_id = standing.person_id ORDER BY key`,
      )
      .all();
    const faces = (state: string) =>
      rows.filter((row) => row.state === state).map(({ key: face, name }) => `${face} ${name}`);
    const groups = Map.groupBy(rows, (row) => row.clusterId ?? 0);
    groups.delete(0);
    const list = (sql: string) =>
      connection
        .prepare<[], { line: string }>(sql)
        .all()
        .map(({ line }) => line)
        .sort();
    const splits = Map.groupBy(
      connection
        .prepare<[], { key: string; splitId: number; side: number }>(
          `SELECT ${key('face')} AS key, split_id AS splitId, side
           FROM face_side JOIN face USING (face_id) JOIN photo USING (photo_id) ORDER BY key`,
        )
        .all(),
      ({ splitId }) => splitId,
    );
    return {
      people: list(
        `SELECT person.name || ' ' || hidden || ' ' || coalesce(birth_date, '') || ' '
           || coalesce(${key('face')}, '') AS line
         FROM person LEFT JOIN face ON face.face_id = cover_face_id LEFT JOIN photo USING (photo_id)`,
      ),
      confirmed: faces('confirmed'),
      aside: [...faces('ignored'), ...faces('not-a-face')],
      rejected: list(
        `SELECT ${key('face')} || ' ' || person.name AS line FROM face_rejection
         JOIN person USING (person_id) JOIN face USING (face_id) JOIN photo USING (photo_id)`,
      ),
      splits: [...splits.values()]
        .map((rows) => rows.map((row) => `${row.side} ${row.key}`))
        .sort(),
      /** What the machine makes of it. */
      suggested: faces('suggested'),
      groups: [...groups.values()].map((group) => group.map((row) => row.key).join(' + ')).sort(),
    };
  } finally {
    connection.close();
  }
}

/** Actions of the log that count. */
export function activeActions(libraryFolder: string): number {
  const connection = openForReading(join(libraryFolder, 'library.sqlite'));
  try {
    return connection
      .prepare<[], { total: number }>(
        'SELECT count(*) AS total FROM label_history WHERE undone = 0',
      )
      .get()!.total;
  } finally {
    connection.close();
  }
}

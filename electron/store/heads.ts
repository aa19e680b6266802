import type { Connection } from './database.ts';

export interface HeadRow {
  readonly version: string;
  /** float32, rows × 512, little-endian. */
  readonly weights: Uint8Array;
  readonly bias: Uint8Array;
  readonly madeAt: number;
}

export interface TrainingRow {
  readonly trainingId: number;
  readonly version: string | null;
  readonly endedAt: number;
  /** JSON. */
  readonly record: string;
}

/** A face that training may use. */
export interface LearnableFaceRow {
  readonly faceId: number;
  readonly photoId: number;
  /** Who it is by the user's word. */
  readonly personId: number | null;
  /** Who it may be by its group. */
  readonly likelyPersonId: number | null;
  /** Day the photo was taken, as written in it. */
  readonly day: string | null;
}

export function createHeadsRepository(connection: Connection) {
  const select = connection.prepare<[string], HeadRow>(
    'SELECT version, weights, bias, made_at AS madeAt FROM head WHERE version = ?',
  );
  const insert = connection.prepare(
    `INSERT INTO head (version, weights, bias, made_at) VALUES (@version, @weights, @bias, @madeAt)
     ON CONFLICT (version) DO NOTHING`,
  );
  const list = connection.prepare<[], { version: string; madeAt: number }>(
    'SELECT version, made_at AS madeAt FROM head ORDER BY made_at DESC, version',
  );
  const insertTraining = connection.prepare(
    'INSERT INTO training (version, ended_at, record) VALUES (?, ?, ?)',
  );
  const trainings = 'SELECT training_id AS trainingId, version, ended_at AS endedAt, record';
  const listTrainings = connection.prepare<[], TrainingRow>(
    `${trainings} FROM training ORDER BY training_id DESC`,
  );
  const training = connection.prepare<[number], TrainingRow>(
    `${trainings} FROM training WHERE training_id = ?`,
  );
  const trainingOf = connection.prepare<[string], TrainingRow>(
    `${trainings} FROM training WHERE version = ? ORDER BY training_id DESC LIMIT 1`,
  );
  const learnable = connection.prepare<[], LearnableFaceRow>(
    `SELECT face_id AS faceId, photo_id AS photoId, cluster_person_id AS likelyPersonId,
       CASE state WHEN 'confirmed' THEN person_id END AS personId, substr(taken_at, 1, 10) AS day
     FROM face_state WHERE state NOT IN ('ignored', 'not-a-face') ORDER BY face_id`,
  );
  return {
    get: (version: string) => select.get(version),
    insert(head: HeadRow): void {
      insert.run(head);
    },
    /** Newest first. */
    list: () => list.all(),
    /** @returns the number of the training. */
    addTraining(version: string | null, endedAt: number, record: string): number {
      return Number(insertTraining.run(version, endedAt, record).lastInsertRowid);
    },
    /** Newest first. */
    trainings: () => listTrainings.all(),
    training: (trainingId: number) => training.get(trainingId),
    /** The training that a head came from; undefined for one that was not learnt here. */
    trainingOf: (version: string) => trainingOf.get(version),
    /** Faces on show, with what the user and the groups say of them. */
    learnable: () => learnable.all(),
  };
}

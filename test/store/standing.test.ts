import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openDatabase, type Connection } from '../../electron/store/database.ts';
import { createGroupsRepository } from '../../electron/store/groups.ts';
import { createLabelsRepository } from '../../electron/store/labels.ts';

interface FaceIdRow {
  readonly faceId: number;
}

const faceIds = [1, 2, 3, 4, 5, 6];

function library(path: string): Connection {
  const connection = openDatabase(path);
  connection.exec(`
    INSERT INTO model (fingerprint) VALUES ('model');
    INSERT INTO photo (photo_id, sha256, byte_size, format, width, height, model_id)
      VALUES (1, 'a', 1, 'jpeg', 1, 1, 1), (2, 'b', 1, 'jpeg', 1, 1, 1);`);
  for (const faceId of faceIds) addFace(connection, faceId);
  return connection;
}

function addFace(connection: Connection, faceId: number): void {
  connection
    .prepare(
      `INSERT INTO face (face_id, photo_id, ordinal, x, y, width, height, landmarks, detection_score,
         size, sharpness, yaw, pitch, roll, quality)
       VALUES (?, 1 + ? % 2, ?, 0, 0, 1, 1, '[]', 1, 50, 1, 0, 0, 0, 0.5)`,
    )
    .run(faceId, faceId, faceId);
}

const face = fc.constantFrom(...faceIds);
const person = fc.integer({ min: 1, max: 2 });
const write = fc.oneof(
  fc.tuple(face, fc.constantFrom('ignored', 'not-a-face', 'absent')).map(([faceId, state]) => ({
    sql: 'INSERT OR REPLACE INTO face_label (face_id, state) VALUES (?, ?)',
    values: [faceId, state],
  })),
  fc.tuple(face, person).map(([faceId, personId]) => ({
    sql: `INSERT INTO face_label (face_id, state, person_id) VALUES (?, 'confirmed', ?)
      ON CONFLICT (face_id) DO UPDATE SET state = 'confirmed', person_id = excluded.person_id`,
    values: [faceId, personId],
  })),
  face.map((faceId) => ({ sql: 'DELETE FROM face_label WHERE face_id = ?', values: [faceId] })),
  fc
    .tuple(face, fc.integer({ min: 10, max: 12 }), fc.option(person), fc.constantFrom(0, 1))
    .map(([faceId, clusterId, personId, unclear]) => ({
      sql: `INSERT INTO face_group (face_id, cluster_id, person_id, unclear) VALUES (?, ?, ?, ?)
        ON CONFLICT (face_id) DO UPDATE SET cluster_id = excluded.cluster_id,
          person_id = excluded.person_id, unclear = excluded.unclear`,
      values: [faceId, clusterId, personId, unclear],
    })),
  face.map((faceId) => ({ sql: 'DELETE FROM face_group WHERE face_id = ?', values: [faceId] })),
  fc.tuple(face, person).map(([faceId, personId]) => ({
    sql: 'INSERT INTO face_rejection (face_id, person_id) VALUES (?, ?) ON CONFLICT DO NOTHING',
    values: [faceId, personId],
  })),
  face.map((faceId) => ({ sql: 'DELETE FROM face_rejection WHERE face_id = ?', values: [faceId] })),
  fc.tuple(fc.constantFrom(1, 2), fc.constantFrom(0, 1)).map(([photoId, away]) => ({
    sql: 'UPDATE photo SET away = ? WHERE photo_id = ?',
    values: [away, photoId],
  })),
  fc.constantFrom(1, 2).map((photoId) => ({
    sql: "UPDATE photo SET taken_at = '2020-01-01T00:00:00' WHERE photo_id = ?",
    values: [photoId],
  })),
  fc.constant({ sql: 'UPDATE face SET quality = 0.9 WHERE face_id = 3', values: [] }),
);

const columns = 'face_id, photo_id, quality, taken_at, cluster_id, state, person_id, open, aside';

describe('the standing of faces', () => {
  it('all counts, and who joins and leaves the groups, are what they follow from, whatever is written', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kith-standing-'));
    const connection = library(join(folder, 'library.sqlite'));
    const rows = (sql: string) => connection.prepare(sql).all();
    const groups = createGroupsRepository(connection);
    const labels = createLabelsRepository(connection);
    try {
      fc.assert(
        fc.property(fc.array(write, { minLength: 1, maxLength: 30 }), (writes) => {
          for (const { sql, values } of writes) connection.prepare(sql).run(...values);
          expect(rows(`SELECT ${columns} FROM standing ORDER BY face_id`)).toEqual(
            rows(`SELECT ${columns} FROM standing_now ORDER BY face_id`),
          );
          expect(rows('SELECT * FROM state_count WHERE faces <> 0 ORDER BY state')).toEqual(
            rows('SELECT state, count(*) AS faces FROM standing_now GROUP BY state ORDER BY state'),
          );
          expect(rows('SELECT cluster_id, faces FROM cluster_count ORDER BY cluster_id')).toEqual(
            rows(`SELECT cluster_id, count(*) AS faces FROM standing_now WHERE open = 1
              GROUP BY cluster_id ORDER BY cluster_id`),
          );
          expect(rows('SELECT * FROM person_count ORDER BY person_id')).toEqual(
            rows(`SELECT person_id, sum(state = 'confirmed') AS confirmed,
                sum(state = 'suggested') AS suggested
              FROM standing_now WHERE person_id IS NOT NULL GROUP BY person_id ORDER BY person_id`),
          );
          expect(rows('SELECT * FROM person_photo ORDER BY person_id, photo_id')).toEqual(
            rows(`SELECT person_id, photo_id, count(*) AS faces FROM standing_now
              WHERE person_id IS NOT NULL
              GROUP BY person_id, photo_id ORDER BY person_id, photo_id`),
          );
          const named = Map.groupBy(
            rows(`SELECT person_id AS personId FROM standing_now WHERE state = 'confirmed'`),
            (row) => (row as { personId: number }).personId,
          );
          const several = [...named.values()].filter(({ length }) => length > 1);
          expect(labels.tally()).toEqual({
            confirmed: [...named.values()].flat().length,
            several: several.length,
            ofSeveral: several.flat().length,
            rejected: rows('SELECT * FROM face_rejection').length,
          });
          const joining = (where: string) =>
            rows(`SELECT face.face_id AS faceId FROM face JOIN photo USING (photo_id)
              LEFT JOIN face_label USING (face_id) LEFT JOIN face_group USING (face_id)
              WHERE ${where} ORDER BY face.face_id`).map((row) => (row as FaceIdRow).faceId);
          const groupable = `away = 0 AND coalesce(state, 'confirmed') = 'confirmed'`;
          const sorted = (faceIds: readonly number[]) => faceIds.toSorted((a, b) => a - b);
          expect(sorted(groups.newcomers())).toEqual(
            joining(`cluster_id IS NULL AND ${groupable}`),
          );
          expect(sorted(groups.leavers())).toEqual(
            joining(`cluster_id IS NOT NULL AND NOT (${groupable})`),
          );
        }),
        { numRuns: 200 },
      );
    } finally {
      connection.close();
      rmSync(folder, { recursive: true });
    }
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Labels } from '../../electron/engine/labels.ts';
import { openDatabase } from '../../electron/store/database.ts';
import { migrations } from '../../electron/store/migrations/index.ts';
import { openStore } from '../../electron/store/store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kith-migration-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('a library of before keeps its people, its history, and what can be undone and redone', () => {
  const path = join(folder, 'library.sqlite');
  const earlier = migrations.slice(
    0,
    migrations.findIndex(({ name }) => name === '0004-label-history'),
  );
  const connection = openDatabase(path, earlier);
  connection.exec(`
    INSERT INTO model (fingerprint) VALUES ('test');
    INSERT INTO photo (sha256, byte_size, format, width, height, model_id)
      VALUES ('a', 1, 'jpeg', 10, 10, 1);
    INSERT INTO face (photo_id, ordinal, x, y, width, height, landmarks, detection_score, size,
        sharpness, yaw, pitch, roll, quality)
      SELECT 1, value, 0, 0, 1, 1, '[]', 1, 1, 1, 0, 0, 0, 1 FROM json_each('[0, 1, 2]');
    INSERT INTO person (person_id, name) VALUES (1, 'Anna');
    INSERT INTO face_label (face_id, state, person_id) VALUES (1, 'confirmed', 1);
  `);
  const append = connection.prepare(
    'INSERT INTO label_event (event, description, at) VALUES (?, ?, 1)',
  );
  for (const [event, description] of [
    [{ type: 'name', personId: 1, name: 'Anna', faceIds: [1] }, 'Named one face Anna'],
    [{ type: 'name', personId: 2, name: 'Ben', faceIds: [2] }, 'Named one face Ben'],
    [{ type: 'split', faceIds: [3], fromFaceIds: [1] }, 'Split off one face'],
    [{ type: 'undo', eventId: 3 }, 'Undone: Split off one face'],
    [{ type: 'undo', eventId: 2 }, 'Undone: Named one face Ben'],
  ] as const) {
    append.run(JSON.stringify(event), description);
  }
  connection.close();

  const store = openStore(path);
  const labels = new Labels(store, () => 2);
  const names = () => store.labels.persons().map(({ name, coverFaceId }) => [name, coverFaceId]);
  expect(names()).toEqual([['Anna', 1]]);
  expect(labels.next()).toEqual({ undo: 'Named one face Anna', redo: 'Named one face Ben' });
  expect(labels.history(9, 0).entries.map(({ eventId, undone }) => [eventId, undone])).toEqual([
    [3, true],
    [2, true],
    [1, false],
  ]);
  labels.apply({ type: 'redo' });
  labels.apply({ type: 'redo' });
  expect(names()).toEqual([
    ['Anna', 1],
    ['Ben', 2],
  ]);
  expect(store.labels.constraints().sides).toHaveLength(2);
  labels.apply({ type: 'undo' });
  labels.apply({ type: 'undo' });
  labels.apply({ type: 'undo' });
  expect(names()).toEqual([]);
  store.close();
});

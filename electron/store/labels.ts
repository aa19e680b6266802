import type { FaceConstraints } from '../core/clustering/constraints.ts';
import type { LabelChange } from '../core/labels/changes.ts';
import type { FaceLabel, LabelEvent, LabelTarget, PersonLabel } from '../core/labels/events.ts';
import type { Connection } from './database.ts';

export interface LabelEventRow {
  readonly eventId: number;
  readonly event: LabelEvent;
  readonly description: string;
  readonly at: number;
}

interface RawEventRow {
  readonly eventId: number;
  readonly event: string;
  readonly description: string;
  readonly at: number;
}

/** An action of the log with what it did. */
export interface DoneRow extends LabelEventRow {
  readonly undone: 0 | 1;
  /** Whether it is the one that redo would bring back. */
  readonly redoable: 0 | 1;
  readonly changes: readonly LabelChange[];
}

export interface PersonRow {
  readonly personId: number;
  readonly name: string;
  readonly hidden: 0 | 1;
  readonly birthDate: string | null;
  readonly coverFaceId: number | null;
  readonly confirmedCount: number;
  readonly suggestedCount: number;
  readonly photoCount: number;
}

export interface LabelTally {
  /** Faces that carry a name by the user's word. */
  readonly confirmed: number;
  /** People with at least two such faces, and theirs. */
  readonly several: number;
  readonly ofSeveral: number;
  readonly rejected: number;
}

/**
 * People with what they count. The cover is the chosen face while it is the person's, else the best
 * confirmed one, else the best that grouping put there.
 */
const selectPersons = (where: string) => `
  SELECT person.person_id AS personId, person.name, person.hidden, person.birth_date AS birthDate,
    coalesce((SELECT face_id FROM standing c WHERE c.face_id = person.cover_face_id
      AND c.person_id = person.person_id), ${best('confirmed')}, ${best('suggested')}) AS coverFaceId,
    coalesce(person_count.confirmed, 0) AS confirmedCount,
    coalesce(person_count.suggested, 0) AS suggestedCount,
    (SELECT count(*) FROM person_photo p WHERE p.person_id = person.person_id) AS photoCount
  FROM person LEFT JOIN person_count ON person_count.person_id = person.person_id
  WHERE ${where}`;

function best(state: 'confirmed' | 'suggested'): string {
  return `(SELECT face_id FROM standing b WHERE b.person_id = person.person_id
    AND b.state = '${state}' ORDER BY b.quality DESC, b.face_id LIMIT 1)`;
}

const eventColumns = 'event_id AS eventId, event, description, at';
const doneColumns = `event_id AS eventId, event, description, at, undone, changes,
  redo_place IS (SELECT max(redo_place) FROM label_history) AND redo_place IS NOT NULL AS redoable`;
const doneFrom = 'label_history JOIN label_event USING (event_id)';
type RawDoneRow = RawEventRow & Pick<DoneRow, 'undone' | 'redoable'> & { changes: string };
const parsedDone = (row: RawDoneRow): DoneRow => ({
  ...row,
  event: JSON.parse(row.event) as LabelEvent,
  changes: JSON.parse(row.changes) as LabelChange[],
});
const parsed = (row: RawEventRow): LabelEventRow => ({
  ...row,
  event: JSON.parse(row.event) as LabelEvent,
});

/** The log of what the user said, and what follows from it. */
export function createLabelsRepository(connection: Connection) {
  const insertEvent = connection.prepare(
    'INSERT INTO label_event (event, description, at) VALUES (?, ?, ?)',
  );
  const allEvents = connection.prepare<[], RawEventRow>(
    `SELECT ${eventColumns} FROM label_event ORDER BY event_id`,
  );
  const eventsAfter = connection.prepare<[number], RawEventRow>(
    `SELECT ${eventColumns} FROM label_event WHERE event_id > ? ORDER BY event_id`,
  );
  const lastEventId = connection.prepare<[], { highest: number | null }>(
    'SELECT max(event_id) AS highest FROM label_event',
  );
  const unread = connection.prepare<[], { one: 1 }>(
    // First those that are missing: looking into every event of a long log takes long.
    `WITH missing AS MATERIALIZED (
       SELECT event_id FROM label_event EXCEPT SELECT event_id FROM label_history)
     SELECT 1 AS one FROM missing JOIN label_event USING (event_id)
     WHERE event ->> 'type' NOT IN ('undo', 'redo') LIMIT 1`,
  );
  const insertDone = connection.prepare(
    'INSERT INTO label_history (event_id, changes) VALUES (?, ?)',
  );
  const endRedo = connection.prepare(
    'UPDATE label_history SET redo_place = NULL WHERE redo_place IS NOT NULL',
  );
  const markUndone = connection.prepare(
    `UPDATE label_history SET undone = 1,
       redo_place = (SELECT coalesce(max(redo_place), 0) + 1 FROM label_history) WHERE event_id = ?`,
  );
  const markRedone = connection.prepare(
    'UPDATE label_history SET undone = 0, redo_place = NULL WHERE event_id = ?',
  );
  const nextUndo = connection.prepare<[], RawDoneRow>(
    `SELECT ${doneColumns} FROM ${doneFrom} WHERE undone = 0 ORDER BY event_id DESC LIMIT 1`,
  );
  const nextRedo = connection.prepare<[], RawDoneRow>(
    `SELECT ${doneColumns} FROM ${doneFrom} WHERE redo_place IS NOT NULL
     ORDER BY redo_place DESC LIMIT 1`,
  );
  const oneDone = connection.prepare<[number], RawDoneRow>(
    `SELECT ${doneColumns} FROM ${doneFrom} WHERE event_id = ?`,
  );
  const activeAfter = connection.prepare<[number], RawDoneRow>(
    `SELECT ${doneColumns} FROM ${doneFrom} WHERE undone = 0 AND event_id > ? ORDER BY event_id`,
  );
  const donePage = connection.prepare<[number, number], RawDoneRow>(
    `SELECT ${doneColumns} FROM ${doneFrom} ORDER BY event_id DESC LIMIT ? OFFSET ?`,
  );
  const doneTotal = connection.prepare<[], { total: number }>(
    'SELECT count(*) AS total FROM label_history',
  );
  const lastPersonId = connection.prepare<[], { highest: number | null }>(
    `SELECT max(personId) AS highest FROM (
       SELECT event ->> 'personId' AS personId FROM label_event
       UNION ALL
       SELECT part.value ->> 'personId' FROM label_event, json_each(event, '$.events') part
       WHERE event ->> 'type' = 'several')`,
  );

  const getPerson = connection.prepare<[number], Omit<PersonLabel, 'hidden'> & { hidden: 0 | 1 }>(
    `SELECT name, hidden, cover_face_id AS coverFaceId, birth_date AS birthDate
     FROM person WHERE person_id = ?`,
  );
  const personByName = connection.prepare<[string], { personId: number }>(
    'SELECT person_id AS personId FROM person WHERE name = ? ORDER BY person_id LIMIT 1',
  );
  const upsertPerson = connection.prepare(
    `INSERT INTO person (person_id, name, hidden, cover_face_id, birth_date)
     VALUES (@personId, @name, @hidden, @coverFaceId, @birthDate)
     ON CONFLICT (person_id) DO UPDATE SET name = excluded.name, hidden = excluded.hidden,
       cover_face_id = excluded.cover_face_id, birth_date = excluded.birth_date`,
  );
  const removePerson = connection.prepare('DELETE FROM person WHERE person_id = ?');
  const listPersons = connection.prepare<[], PersonRow>(
    `${selectPersons('1')} ORDER BY person.name COLLATE NOCASE`,
  );
  const personCount = connection.prepare<[], { total: number }>(
    'SELECT count(*) AS total FROM person',
  );
  const onePerson = connection.prepare<{ id: number }, PersonRow>(
    selectPersons('person.person_id = @id'),
  );

  const getLabel = connection.prepare<[number], FaceLabel>(
    'SELECT state, person_id AS personId FROM face_label WHERE face_id = ?',
  );
  const upsertLabel = connection.prepare(
    `INSERT INTO face_label (face_id, state, person_id) VALUES (?, ?, ?)
     ON CONFLICT (face_id) DO UPDATE SET state = excluded.state, person_id = excluded.person_id`,
  );
  const removeLabel = connection.prepare('DELETE FROM face_label WHERE face_id = ?');
  const confirmedOf = connection.prepare<[number], { faceId: number }>(
    'SELECT face_id AS faceId FROM face_label WHERE person_id = ? ORDER BY face_id',
  );
  const addRejection = connection.prepare(
    'INSERT INTO face_rejection (face_id, person_id) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const removeRejection = connection.prepare(
    'DELETE FROM face_rejection WHERE face_id = ? AND person_id = ?',
  );
  const rejectionsOfFace = connection.prepare<[number], { personId: number }>(
    'SELECT person_id AS personId FROM face_rejection WHERE face_id = ? ORDER BY person_id',
  );
  const rejectionsOfPerson = connection.prepare<[number], { faceId: number }>(
    'SELECT face_id AS faceId FROM face_rejection WHERE person_id = ? ORDER BY face_id',
  );
  const addSide = connection.prepare(
    'INSERT INTO face_side (face_id, split_id, side) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const getSide = connection.prepare<[number, number], { side: 0 | 1 }>(
    'SELECT side FROM face_side WHERE face_id = ? AND split_id = ?',
  );
  const removeSide = connection.prepare('DELETE FROM face_side WHERE face_id = ? AND split_id = ?');
  const splitsOf = connection.prepare<[number], { splitId: number }>(
    'SELECT split_id AS splitId FROM face_side WHERE face_id = ? ORDER BY split_id',
  );
  const derived = ['person', 'face_label', 'face_rejection', 'face_side', 'label_history'];
  const clear = [
    ...derived.map((table) => connection.prepare(`DELETE FROM ${table}`)),
    connection.prepare(
      `INSERT INTO face_label (face_id, state) SELECT face_id, 'absent' FROM face WHERE drawn = 1`,
    ),
  ];

  const constraintsWhere = (where: string) => {
    const confirmed = connection.prepare<string[], FaceConstraints['confirmed'][number]>(
      `SELECT face_id AS faceId, person_id AS personId FROM face_label
       WHERE state = 'confirmed' AND ${where}`,
    );
    const rejected = connection.prepare<string[], FaceConstraints['rejected'][number]>(
      `SELECT face_id AS faceId, person_id AS personId FROM face_rejection WHERE ${where}`,
    );
    // Grouping tells splits apart by number alone.
    const sides = connection.prepare<string[], FaceConstraints['sides'][number]>(
      `SELECT face_id AS faceId, split_id AS eventId, side FROM face_side WHERE ${where}`,
    );
    return (...ids: string[]): FaceConstraints => ({
      confirmed: confirmed.all(...ids),
      rejected: rejected.all(...ids),
      sides: sides.all(...ids),
    });
  };
  const allConstraints = constraintsWhere('1');
  const someConstraints = constraintsWhere('face_id IN (SELECT value FROM json_each(?))');
  const tally = connection.prepare<[], LabelTally>(
    `SELECT coalesce(sum(confirmed), 0) AS confirmed, coalesce(sum(confirmed > 1), 0) AS several,
       coalesce(sum(confirmed) FILTER (WHERE confirmed > 1), 0) AS ofSeveral,
       (SELECT count(*) FROM face_rejection) AS rejected
     FROM person_count`,
  );
  const target: LabelTarget = {
    person(personId) {
      const row = getPerson.get(personId);
      return row && { ...row, hidden: row.hidden === 1 };
    },
    setPerson: (personId, person) =>
      void upsertPerson.run({ personId, ...person, hidden: person.hidden ? 1 : 0 }),
    removePerson: (personId) => void removePerson.run(personId),
    label: (faceId) => getLabel.get(faceId),
    setLabel: (faceId, label) => void upsertLabel.run(faceId, label.state, label.personId),
    removeLabel: (faceId) => void removeLabel.run(faceId),
    confirmedFaces: (personId) => confirmedOf.all(personId).map((row) => row.faceId),
    reject: (faceId, personId) => void addRejection.run(faceId, personId),
    unreject: (faceId, personId) => void removeRejection.run(faceId, personId),
    rejectedPersons: (faceId) => rejectionsOfFace.all(faceId).map((row) => row.personId),
    rejectedFaces: (personId) => rejectionsOfPerson.all(personId).map((row) => row.faceId),
    setSide: (faceId, splitId, side) => void addSide.run(faceId, splitId, side),
    side: (faceId, splitId) => getSide.get(faceId, splitId)?.side,
    removeSide: (faceId, splitId) => void removeSide.run(faceId, splitId),
    splitsOf: (faceId) => splitsOf.all(faceId).map((row) => row.splitId),
  };

  return {
    /** Where label events take effect in the database. */
    target,
    /** Empties everything that follows from the log, for a replay. */
    clearDerived(): void {
      for (const statement of clear) statement.run();
    },
    append(event: LabelEvent, description: string, at: number): number {
      return Number(insertEvent.run(JSON.stringify(event), description, at).lastInsertRowid);
    },
    events: (): LabelEventRow[] => allEvents.all().map(parsed),
    eventsAfter: (eventId: number) => eventsAfter.all(eventId).map(parsed),
    /** 0 while there is none. */
    lastEventId: () => lastEventId.get()!.highest ?? 0,
    personName: (personId: number) => getPerson.get(personId)?.name,
    history: {
      /** Whether some action of the log has not taken effect, as after a change of the tables' form. */
      unread: () => unread.get() !== undefined,
      /** A new action: what could be redone until now is gone. */
      add(eventId: number, changes: readonly LabelChange[]): void {
        endRedo.run();
        insertDone.run(eventId, JSON.stringify(changes));
      },
      turn(type: 'undo' | 'redo', eventId: number): void {
        (type === 'undo' ? markUndone : markRedone).run(eventId);
      },
      next(type: 'undo' | 'redo'): DoneRow | undefined {
        const row = (type === 'undo' ? nextUndo : nextRedo).get();
        return row && parsedDone(row);
      },
      get(eventId: number): DoneRow | undefined {
        const row = oneDone.get(eventId);
        return row && parsedDone(row);
      },
      /** Those that count and came later, oldest first. */
      *activeAfter(eventId: number): Generator<DoneRow> {
        for (const row of activeAfter.iterate(eventId)) yield parsedDone(row);
      },
      /** Newest first. */
      page: (limit: number, offset: number) => ({
        total: doneTotal.get()!.total,
        rows: donePage.all(limit, offset).map(parsedDone),
      }),
    },
    /** The highest person number that was ever given out, 0 for none: numbers are never used twice. */
    lastPersonId: () => lastPersonId.get()?.highest ?? 0,
    personByName: (name: string) => personByName.get(name)?.personId,
    persons: () => listPersons.all(),
    person: (personId: number) => onePerson.get({ id: personId }),
    personCount: () => personCount.get()!.total,
    /** How much was said, without a look at every face. */
    tally: () => tally.get()!,
    /** What grouping has to obey. */
    constraints: () => allConstraints(),
    /** Of that, what was said of some faces. */
    constraintsOf: (faceIds: readonly number[]) => someConstraints(JSON.stringify(faceIds)),
  };
}

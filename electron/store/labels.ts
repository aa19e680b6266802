import type { LabelEvent, LabelTarget, FaceLabel } from '../core/labels/events.ts';
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

export interface PersonRow {
  readonly personId: number;
  readonly name: string;
  readonly coverFaceId: number | null;
  readonly confirmedCount: number;
  readonly suggestedCount: number;
  readonly photoCount: number;
}

const selectPersons = (where: string) => `
  SELECT person.person_id AS personId, person.name,
    (SELECT face_id FROM face_state c WHERE c.person_id = person.person_id
      ORDER BY c.state = 'confirmed' DESC, c.quality DESC, c.face_id LIMIT 1) AS coverFaceId,
    coalesce(sum(s.state = 'confirmed'), 0) AS confirmedCount,
    coalesce(sum(s.state = 'suggested'), 0) AS suggestedCount,
    count(DISTINCT s.photo_id) AS photoCount
  FROM person LEFT JOIN face_state s ON s.person_id = person.person_id
  WHERE ${where} GROUP BY person.person_id`;

const eventColumns = 'event_id AS eventId, event, description, at';
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
  const oneEvent = connection.prepare<[number], RawEventRow>(
    `SELECT ${eventColumns} FROM label_event WHERE event_id = ?`,
  );
  const eventsAfter = connection.prepare<[number], RawEventRow>(
    `SELECT ${eventColumns} FROM label_event WHERE event_id > ? ORDER BY event_id`,
  );
  const lastEventId = connection.prepare<[], { highest: number | null }>(
    'SELECT max(event_id) AS highest FROM label_event',
  );
  const latestEvents = connection.prepare<[number, number], RawEventRow>(
    `SELECT ${eventColumns} FROM label_event ORDER BY event_id DESC LIMIT ? OFFSET ?`,
  );
  const lastPersonId = connection.prepare<[], { highest: number | null }>(
    `SELECT max(json_extract(event, '$.personId')) AS highest FROM label_event`,
  );

  const getPerson = connection.prepare<[number], { name: string }>(
    'SELECT name FROM person WHERE person_id = ?',
  );
  const personByName = connection.prepare<[string], { personId: number }>(
    'SELECT person_id AS personId FROM person WHERE name = ?',
  );
  const upsertPerson = connection.prepare(
    `INSERT INTO person (person_id, name) VALUES (?, ?)
     ON CONFLICT (person_id) DO UPDATE SET name = excluded.name`,
  );
  const removePerson = connection.prepare('DELETE FROM person WHERE person_id = ?');
  const listPersons = connection.prepare<[], PersonRow>(
    `${selectPersons('1')} ORDER BY person.name COLLATE NOCASE`,
  );
  const personCount = connection.prepare<[], { total: number }>(
    'SELECT count(*) AS total FROM person',
  );
  const onePerson = connection.prepare<[number], PersonRow>(selectPersons('person.person_id = ?'));

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
    'INSERT INTO face_side (face_id, event_id, side) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const removeSides = connection.prepare('DELETE FROM face_side WHERE face_id = ?');
  const clear = ['person', 'face_label', 'face_rejection', 'face_side'].map((table) =>
    connection.prepare(`DELETE FROM ${table}`),
  );

  const allLabels = connection.prepare<[], { faceId: number; personId: number | null }>(
    "SELECT face_id AS faceId, person_id AS personId FROM face_label WHERE state = 'confirmed'",
  );
  const allRejections = connection.prepare<[], { faceId: number; personId: number }>(
    'SELECT face_id AS faceId, person_id AS personId FROM face_rejection',
  );
  const allSides = connection.prepare<[], { faceId: number; eventId: number; side: 0 | 1 }>(
    'SELECT face_id AS faceId, event_id AS eventId, side FROM face_side',
  );

  const target: LabelTarget = {
    personName: (personId) => getPerson.get(personId)?.name,
    setPerson: (personId, name) => void upsertPerson.run(personId, name),
    removePerson: (personId) => void removePerson.run(personId),
    label: (faceId) => getLabel.get(faceId),
    setLabel: (faceId, label) => void upsertLabel.run(faceId, label.state, label.personId),
    removeLabel: (faceId) => void removeLabel.run(faceId),
    confirmedFaces: (personId) => confirmedOf.all(personId).map((row) => row.faceId),
    reject: (faceId, personId) => void addRejection.run(faceId, personId),
    unreject: (faceId, personId) => void removeRejection.run(faceId, personId),
    rejectedPersons: (faceId) => rejectionsOfFace.all(faceId).map((row) => row.personId),
    rejectedFaces: (personId) => rejectionsOfPerson.all(personId).map((row) => row.faceId),
    setSide: (faceId, eventId, side) => void addSide.run(faceId, eventId, side),
    removeSides: (faceId) => void removeSides.run(faceId),
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
    event(eventId: number): LabelEvent | undefined {
      const row = oneEvent.get(eventId);
      return row && parsed(row).event;
    },
    eventsAfter: (eventId: number) => eventsAfter.all(eventId).map((row) => parsed(row).event),
    /** 0 while there is none. */
    lastEventId: () => lastEventId.get()!.highest ?? 0,
    /** Newest first. */
    latestEvents: (limit: number, offset: number) => latestEvents.all(limit, offset).map(parsed),
    /** The highest person number that was ever given out, 0 for none: numbers are never used twice. */
    lastPersonId: () => lastPersonId.get()?.highest ?? 0,
    personByName: (name: string) => personByName.get(name)?.personId,
    persons: () => listPersons.all(),
    person: (personId: number) => onePerson.get(personId),
    personCount: () => personCount.get()!.total,
    /** What grouping has to obey. */
    constraints: () => ({
      confirmed: allLabels.all() as { faceId: number; personId: number }[],
      rejected: allRejections.all(),
      sides: allSides.all(),
    }),
  };
}

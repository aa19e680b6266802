import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LabelAction } from '../../electron/contract/labels.ts';
import { Labels } from '../../electron/engine/labels.ts';
import type { Store } from '../../electron/store/store.ts';
import { makeLibrary } from './made-library.ts';

let store: Store;
let labels: Labels;

beforeEach(() => {
  store = makeLibrary();
  labels = new Labels(store, () => 1000);
  // Faces 1 to 3 are group 50, faces 4 and 5 group 51, face 6 is alone.
  const group = (faceId: number) => ({
    faceId,
    clusterId: faceId <= 3 ? 50 : faceId <= 5 ? 51 : 52,
    unclear: false,
  });
  store.groups.move([1, 2, 3, 4, 5, 6].map(group), []);
});
afterEach(() => store.close());

const apply = (action: unknown) => labels.apply(LabelAction.parse(action));
const states = () =>
  store.faces
    .records(0, 100)
    .map((face) => face.personName ?? (face.state === 'unassigned' ? '-' : face.state));

describe('Labels', () => {
  it('refuses what is not there', () => {
    expect(() => apply({ type: 'name', clusterId: 99, name: 'Anna' })).toThrow(
      /not there any more/u,
    );
    expect(() => apply({ type: 'name', faceIds: [99], name: 'Anna' })).toThrow(/no face 99/u);
    expect(() => apply({ type: 'confirm', faceIds: [1], personId: 9 })).toThrow(
      /not there any more/u,
    );
    expect(() => apply({ type: 'name', name: 'Anna' })).toThrow(/exactly one/u);
    expect(() => apply({ type: 'name', clusterId: 50, name: ' \n ' })).toThrow(
      /at least one letter/u,
    );
    expect(store.labels.events()).toEqual([]);
  });

  it('names a group, joins another of the same name, and undoes both', () => {
    expect(apply({ type: 'name', clusterId: 50, name: '  Anna  Maria ' }).description).toBe(
      'Named 3 faces Anna Maria',
    );
    expect(store.groups.list(1, 10, 0).rows.map((row) => row.clusterId)).toEqual([51, 52]);
    apply({ type: 'name', clusterId: 51, name: 'Anna Maria' });
    expect(store.labels.persons()).toMatchObject([
      { name: 'Anna Maria', confirmedCount: 5, coverFaceId: 5 },
    ]);
    apply({ type: 'undo' });
    expect(states()).toEqual(['Anna Maria', 'Anna Maria', 'Anna Maria', '-', '-', '-']);
    apply({ type: 'undo' });
    expect(states()).toEqual(['-', '-', '-', '-', '-', '-']);
    expect(apply({ type: 'undo' }).description).toBeNull();
    apply({ type: 'redo' });
    apply({ type: 'redo' });
    expect(states()).toEqual([...Array<string>(5).fill('Anna Maria'), '-']);
    expect(labels.next()).toEqual({ undo: 'Named 2 faces Anna Maria', redo: null });
  });

  it('shows the rest of a group as suggestions when some of it is named', () => {
    const { personId } = apply({ type: 'name', faceIds: [1], name: 'Anna' });
    expect(store.labels.person(personId!)).toMatchObject({ confirmedCount: 1, suggestedCount: 2 });
    apply({ type: 'reject', faceIds: [2], personId });
    expect(states()).toEqual(['Anna', '-', 'Anna', '-', '-', '-']);
    apply({ type: 'confirm', faceIds: [2], personId });
    expect(store.labels.person(personId!)).toMatchObject({ confirmedCount: 2, suggestedCount: 1 });
  });

  it('merges people, also by renaming one like the other, and takes it apart again', () => {
    const anna = apply({ type: 'name', clusterId: 50, name: 'Anna' }).personId!;
    const ann = apply({ type: 'name', clusterId: 51, name: 'Ann' }).personId!;
    apply({ type: 'name', personId: ann, name: 'Anna' });
    expect(
      store.labels.persons().map((person) => [person.personId, person.confirmedCount]),
    ).toEqual([[anna, 5]]);
    apply({ type: 'undo' });
    expect(store.labels.persons().map((person) => [person.name, person.confirmedCount])).toEqual([
      ['Ann', 2],
      ['Anna', 3],
    ]);
    expect(() => apply({ type: 'merge', personIds: [anna, anna] })).toThrow(/at least two/u);
  });

  it('sets faces aside and brings them back', () => {
    apply({ type: 'ignore', faceIds: [6] });
    apply({ type: 'not-a-face', faceIds: [5] });
    expect(states()).toEqual(['-', '-', '-', '-', 'not-a-face', 'ignored']);
    apply({ type: 'reset', faceIds: [5, 6] });
    expect(states()).toEqual(['-', '-', '-', '-', '-', '-']);
  });

  it('splits faces from a person for good', () => {
    const personId = apply({ type: 'name', clusterId: 50, name: 'Anna' }).personId!;
    apply({ type: 'split', faceIds: [3] });
    expect(states()).toEqual(['Anna', 'Anna', '-', '-', '-', '-']);
    expect(store.labels.target.rejectedPersons(3)).toEqual([personId]);
    const { sides } = store.labels.constraints();
    expect(sides.map(({ faceId, side }) => [faceId, side]).sort()).toEqual([
      [1, 1],
      [2, 1],
      [3, 0],
    ]);
  });

  it('gives the same people when everything that follows from the log is made anew', () => {
    apply({ type: 'name', clusterId: 50, name: 'Anna' });
    apply({ type: 'name', clusterId: 51, name: 'Ben' });
    apply({ type: 'reject', faceIds: [3], personId: 1 });
    apply({ type: 'undo' });
    apply({ type: 'merge', personIds: [2, 1] });
    const before = [states(), store.labels.persons()];
    store.labels.clearDerived();
    labels.replay();
    expect([states(), store.labels.persons()]).toEqual(before);
    expect(apply({ type: 'name', faceIds: [6], name: 'Carl' }).personId).toBe(3);
  });

  it('lets the latest word hold where two contradict each other, and says so', () => {
    apply({ type: 'name', faceIds: [1, 2], name: 'Anna' });
    const personId = store.labels.personByName('Anna')!;
    expect(apply({ type: 'reject', faceIds: [3], personId }).description).toBe(
      'Said that one face is not Anna',
    );
    expect(apply({ type: 'reject', faceIds: [2, 4], personId }).description).toBe(
      'Said that 2 faces are not Anna, though of one face you had said otherwise',
    );
    expect(apply({ type: 'confirm', faceIds: [2, 3, 5], personId }).description).toBe(
      'Confirmed 3 faces as Anna, though of 2 faces you had said otherwise',
    );
    expect(states().slice(0, 5)).toEqual(['Anna', 'Anna', 'Anna', '-', 'Anna']);
  });

  it('keeps every action for the history', () => {
    apply({ type: 'name', clusterId: 50, name: 'Anna' });
    apply({ type: 'name', personId: 1, name: 'Anne' });
    apply({ type: 'undo' });
    expect(labels.history(10, 0)).toEqual({
      total: 2,
      entries: [
        {
          eventId: 2,
          description: 'Renamed Anna to Anne',
          at: 1000,
          undone: true,
          faceIds: [3],
          faceCount: 0,
        },
        {
          eventId: 1,
          description: 'Named 3 faces Anna',
          at: 1000,
          undone: false,
          faceIds: [1, 2, 3],
          faceCount: 3,
        },
      ],
    });
  });

  it('takes one back out of order, and says what builds on it where something does', () => {
    const anna = apply({ type: 'name', clusterId: 50, name: 'Anna' });
    const ben = apply({ type: 'name', clusterId: 51, name: 'Ben' });
    const more = apply({ type: 'confirm', faceIds: [6], personId: anna.personId });
    expect(labels.dependents(anna.eventId!).map((entry) => entry.eventId)).toEqual([more.eventId]);
    expect(() => apply({ type: 'revert', eventId: anna.eventId })).toThrow(
      /“Confirmed one face as Anna” builds on this/u,
    );
    expect(() => apply({ type: 'revert', eventId: 99 })).toThrow(/no such action/u);
    apply({ type: 'revert', eventId: ben.eventId });
    expect(states()).toEqual(['Anna', 'Anna', 'Anna', '-', '-', 'Anna']);
    expect(() => apply({ type: 'revert', eventId: ben.eventId })).toThrow(/already/u);
    expect(labels.next()).toEqual({
      undo: 'Confirmed one face as Anna',
      redo: 'Named 2 faces Ben',
    });
    apply({ type: 'redo' });
    expect(states()).toEqual(['Anna', 'Anna', 'Anna', 'Ben', 'Ben', 'Anna']);
  });

  it('does several things as one action', () => {
    const anna = apply({ type: 'name', clusterId: 50, name: 'Anna' }).personId!;
    const { description } = apply({
      type: 'several',
      actions: [
        { type: 'name', faceIds: [4], name: 'Zoe' },
        { type: 'name', faceIds: [5], name: 'Zoe' },
        { type: 'hide', personIds: [anna] },
      ],
    });
    expect(description).toBe('Named one face Zoe, and 2 more');
    expect(store.labels.persons()).toMatchObject([
      { name: 'Anna', hidden: 1 },
      { name: 'Zoe', confirmedCount: 2 },
    ]);
    apply({ type: 'undo' });
    expect(store.labels.persons()).toMatchObject([{ name: 'Anna', hidden: 0 }]);
    expect(states()).toEqual(['Anna', 'Anna', 'Anna', '-', '-', '-']);
    expect(() =>
      apply({ type: 'several', actions: [{ type: 'show', personIds: [anna, 77] }] }),
    ).toThrow(/not there any more/u);
  });

  it('names some of a group and splits off the rest, as one action', () => {
    apply({
      type: 'several',
      actions: [
        { type: 'name', faceIds: [1, 2], name: 'Zoe' },
        { type: 'split', faceIds: [3] },
      ],
    });
    const { sides } = store.labels.constraints();
    expect(sides.map(({ faceId, side }) => [faceId, side]).sort()).toEqual([
      [1, 1],
      [2, 1],
      [3, 0],
    ]);
    // A split of its own keeps apart from that one.
    apply({ type: 'split', faceIds: [1] });
    expect(new Set(store.labels.constraints().sides.map(({ eventId }) => eventId)).size).toBe(2);
    apply({ type: 'undo' });
    apply({ type: 'undo' });
    expect(store.labels.constraints().sides).toEqual([]);
    expect(states()).toEqual(['-', '-', '-', '-', '-', '-']);
  });

  it('merges people and groups at once', () => {
    const anna = apply({ type: 'name', faceIds: [1], name: 'Anna' }).personId!;
    const ben = apply({ type: 'name', faceIds: [6], name: 'Ben' }).personId!;
    expect(apply({ type: 'merge', personIds: [anna, ben], clusterIds: [51] }).description).toBe(
      'Merged Ben, 2 faces into Anna',
    );
    expect(states()).toEqual(['Anna', 'Anna', 'Anna', 'Anna', 'Anna', 'Anna']);
    expect(store.labels.person(anna)).toMatchObject({ confirmedCount: 4, suggestedCount: 2 });
    apply({ type: 'undo' });
    expect(states()).toEqual(['Anna', 'Anna', 'Anna', '-', '-', 'Ben']);
    expect(() => apply({ type: 'merge', personIds: [anna] })).toThrow(/at least two/u);
  });

  it('keeps cover and birth date, deletes a name, and brings all of it back', () => {
    const anna = apply({ type: 'name', clusterId: 50, name: 'Anna' }).personId!;
    expect(store.labels.person(anna)).toMatchObject({ coverFaceId: 3, birthDate: null });
    apply({ type: 'cover', personId: anna, faceId: 1 });
    apply({ type: 'birth', personId: anna, birthDate: '2011-05-30' });
    expect(() => apply({ type: 'birth', personId: anna, birthDate: '30.5.2011' })).toThrow(
      /2011-05-30/u,
    );
    const known = { coverFaceId: 1, birthDate: '2011-05-30', confirmedCount: 3 };
    expect(store.labels.person(anna)).toMatchObject(known);
    apply({ type: 'reject', personId: anna, faceIds: [1] });
    expect(store.labels.person(anna)).toMatchObject({ coverFaceId: 3 });
    apply({ type: 'undo' });
    apply({ type: 'forget', personIds: [anna] });
    expect(store.labels.persons()).toEqual([]);
    expect(states()).toEqual(['-', '-', '-', '-', '-', '-']);
    apply({ type: 'undo' });
    expect(store.labels.person(anna)).toMatchObject(known);
  });

  it('comes to the same when it is opened again, and when a table of an older form is filled', () => {
    apply({ type: 'name', clusterId: 50, name: 'Anna' });
    apply({ type: 'name', clusterId: 51, name: 'Ben' });
    apply({ type: 'ignore', faceIds: [6] });
    apply({ type: 'revert', eventId: 2 });
    apply({ type: 'undo' });
    const before = [states(), labels.next(), labels.history(9, 0)];
    labels = new Labels(store, () => 1000);
    expect([states(), labels.next(), labels.history(9, 0)]).toEqual(before);
    store.labels.clearDerived();
    labels = new Labels(store, () => 1000);
    expect([states(), labels.next(), labels.history(9, 0)]).toEqual(before);
    apply({ type: 'redo' });
    apply({ type: 'redo' });
    expect(states()).toEqual(['Anna', 'Anna', 'Anna', 'Ben', 'Ben', 'ignored']);
  });
});

import { beforeEach, afterEach, describe, expect, it, vi } from 'vitest';
import { LabelAction } from '../../../electron/contract/labels.ts';
import type { FaceTable } from '../../../electron/engine/grouping/face-table.ts';
import { LibraryGrouping } from '../../../electron/engine/grouping/group-library.ts';
import type { Labels } from '../../../electron/engine/labels.ts';
import { reviewQueue } from '../../../electron/engine/review.ts';
import type { Store } from '../../../electron/store/store.ts';
import { createRandom } from '../../../electron/core/random.ts';
import { cosineSimilarity } from '../../../electron/core/vectors.ts';
import { peopleVectors, unit } from '../../core/clustering/vectors.ts';
import { VectorLibrary } from './vector-library.ts';

const dimensions = 32;
let library: VectorLibrary;
let store: Store;
let labels: Labels;
let table: FaceTable;
let people: readonly number[];
let grouping: LibraryGrouping;

beforeEach(makeLibrary);
afterEach(() => store.close());

function makeLibrary(): void {
  library = new VectorLibrary(dimensions);
  ({ store, labels, table, people } = library);
  open('head-0');
}

/**
 * As after a start.
 *
 * @param least cosine similarity from which faces are neighbours.
 */
function open(headVersion: string, least = -1): void {
  const lookUpOthers = (faceIds: Iterable<number>) => {
    for (const faceId of faceIds) {
      const likeness = (other: number) =>
        cosineSimilarity(table.embedding(other), table.embedding(faceId));
      const others = [...table.faceIds()]
        .filter((other) => other !== faceId && likeness(other) >= least)
        .sort((a, b) => likeness(b) - likeness(a));
      table.setNeighbours(faceId, others);
    }
    return Promise.resolve();
  };
  grouping = new LibraryGrouping(store, table, lookUpOthers, headVersion);
}

const add = (...faces: Parameters<VectorLibrary['add']>) => library.add(...faces);
const addPhoto = (...faces: Parameters<VectorLibrary['addPhoto']>) => library.addPhoto(...faces);

/** @param wholeFaces 0 lets only what was touched be grouped anew, once there are groups. */
async function group(wholeFaces = 0): Promise<void> {
  const last = (store.settings.get('lastClusterId') as number | undefined) ?? 0;
  const outcome = await grouping.group(last, 0.5, wholeFaces);
  store.groups.move(outcome.changed, outcome.removed);
  store.groups.describe(outcome);
  store.settings.set('grouped', outcome.state);
  store.settings.set('lastClusterId', outcome.lastClusterId);
}

const clusters = () => new Map(store.groups.current().map((row) => [row.faceId, row.clusterId]));
const apply = (action: unknown) => labels.apply(LabelAction.parse(action));
/** Whether each face is with those of its person, and no others. */
function expectGroupsOfPeople(): void {
  const clusterOf = clusters();
  for (const [a, personA] of people.entries()) {
    for (const [b, personB] of people.entries()) {
      expect(clusterOf.get(a + 1) === clusterOf.get(b + 1), `${a + 1} ${b + 1}`).toBe(
        personA === personB,
      );
    }
  }
}

const album = peopleVectors([5, 4, 3, 6, 2, 1, 1, 7], dimensions, 0.6, 7);
const part = (rows: readonly number[]) =>
  [rows.map((row) => album.vectors[row]!), rows.map((row) => album.people[row]!)] as const;
const rows = [...album.vectors.keys()];

describe('LibraryGrouping', () => {
  it('comes to the same groups in parts and at once', async () => {
    add(...part(rows.filter((row) => row % 3 !== 0)));
    await group();
    add(...part(rows.filter((row) => row % 3 === 0 && row % 2 === 0)));
    await group();
    add(...part(rows.filter((row) => row % 6 === 3)));
    await group();
    expectGroupsOfPeople();
    const inParts = clusters();
    await group(1000);
    expect(clusters()).toEqual(inParts);
  });

  it('heeds who faces were seen with, though those take no part', async () => {
    const vector = (...values: readonly (readonly [number, number])[]) =>
      unit(Array.from({ length: dimensions }, (_, at) => new Map(values).get(at) ?? 0));
    const companion = vector([0, 1]);
    open('head-0', 0.3);
    const strangers = [...Array(20).keys()].map((at) => at + 10);
    add(
      strangers.map((at) => vector([at, 1])),
      strangers,
    );
    // Too unlike to be joined for that alone, as the second one at first is not.
    const [one, other] = [vector([1, 1]), vector([1, 0.49], [2, 0.87])];
    addPhoto([companion, one], [0, 1]);
    add([other], [1]);
    await group();
    const [first, alone] = [people.length - 1, people.length];
    expect(clusters().get(alone)).not.toBe(clusters().get(first));
    addPhoto([companion, other], [0, 1]);
    await group();
    expect(clusters().get(people.length)).toBe(clusters().get(first));
    expect(store.groups.companions(clusters().get(first - 1)!)).toBe(1);
    // Somebody who resembles both a little has them looked at again, but not the companion.
    add([vector([1, 0.35], [2, 0.2], [31, 0.92])], [2]);
    await group();
    expect(clusters().get(people.length - 1)).toBe(clusters().get(first));
  });

  it('still asks what it asked of a group that only grew', async () => {
    add(...part(rows.slice(1)));
    await group();
    const asked = clusters().get(1)!;
    store.groups.describe({
      scope: 'all',
      suggestions: [],
      splits: [{ clusterId: asked, faceIds: [1, 2], probability: 0.5 }],
      pairs: [],
    });
    // As after a start: groups around a new face are not taken apart.
    table.forgetNeighbours();
    add(...part(rows.slice(0, 1)));
    await group();
    expect(clusters().get(people.length)).toBe(asked);
    expect(store.review.split(10)).toMatchObject([{ clusterId: asked }]);
    // What the user says of it is another matter.
    apply({ type: 'name', faceIds: [1], name: 'Anna' });
    await group();
    expect(store.review.split(10)).toEqual([]);
  });

  it('knows after a restart what the library is like', async () => {
    add(...part(rows.slice(0, 20)));
    await group();
    open('head-0');
    add(...part(rows.slice(20)));
    await group();
    expectGroupsOfPeople();
  });

  it('obeys each word of the user, and its being taken back', async () => {
    add(...part(rows));
    await group();
    const before = clusters();
    apply({ type: 'name', faceIds: [1, 2, 3], name: 'Anna' });
    await group();
    expect(clusters().get(4)).toBe(clusters().get(1));
    const personId = store.labels.personByName('Anna')!;
    apply({ type: 'reject', faceIds: [4], personId });
    await group();
    expect(clusters().get(4)).not.toBe(clusters().get(1));
    apply({ type: 'undo' });
    await group();
    expect(clusters().get(4)).toBe(clusters().get(1));
    apply({ type: 'undo' });
    await group();
    expect(clusters()).toEqual(before);
  });

  it('comes to the same by what it kept of large groups as by reading them anew', async () => {
    const large = peopleVectors([60, 45, 5, 4], dimensions, 0.6, 5);
    const random = createRandom(2);
    const order = [...large.vectors.keys()].sort(() => random() - 0.5);
    const ofFirst = order.flatMap((row, at) => (large.people[row] === 0 ? at + 1 : []));
    const addUpTo = (count: number) => () => {
      const next = order.slice(people.length, count);
      add(
        next.map((row) => large.vectors[row]!),
        next.map((row) => large.people[row]!),
      );
    };
    const steps = [
      addUpTo(95),
      addUpTo(100),
      addUpTo(104),
      () => apply({ type: 'name', faceIds: ofFirst.slice(0, 3), name: 'Anna' }),
      addUpTo(108),
      () => apply({ type: 'not-a-face', faceIds: ofFirst.slice(4, 5) }),
      addUpTo(111),
      () => apply({ type: 'undo' }),
      addUpTo(order.length),
    ];
    const groupsAfter = async (before: () => void) => {
      makeLibrary();
      const read = vi.spyOn(store.faces, 'groupableIn');
      for (const step of steps) {
        step();
        before();
        await group();
      }
      const isLarge = (clusterId: number) => store.groups.members(clusterId).length > 32;
      return [clusters(), read.mock.calls.filter(([ids]) => ids.some(isLarge)).length] as const;
    };
    const [kept, reads] = await groupsAfter(() => undefined);
    expectGroupsOfPeople();
    const [anew, readsAnew] = await groupsAfter(() => open('head-0'));
    expect(kept).toEqual(anew);
    // What the user said of a large group, or took back, has it read again.
    expect(reads).toBeLessThan(readsAnew / 2);
  });

  it('reads a large group anew once one of its photos has gone away', async () => {
    const large = peopleVectors([60], dimensions, 0.6, 5);
    const addNext = (count: number) =>
      add(
        large.vectors.slice(people.length, people.length + count),
        large.vectors.map(() => 0),
      );
    addNext(50);
    await group();
    const read = vi.spyOn(store.faces, 'groupableIn');
    addNext(1);
    await group();
    expect(read.mock.calls.flat(2)).toEqual([]);
    // Its only file holds another photo now.
    const { folderId } = store.folders.add('/photos');
    const stamp = { folderId, path: '/photos/a.jpg', byteSize: 1, modifiedAt: 1 };
    const photoOf = (faceId: number) => store.faces.groupableOf([faceId])[0]!.photoId;
    store.files.setPhoto(stamp, photoOf(1));
    store.files.setPhoto(stamp, photoOf(2));
    addNext(1);
    await group();
    expect(clusters().has(1)).toBe(false);
    expect(read.mock.calls.flat(2)).toEqual([clusters().get(2)]);
    read.mockClear();
    addNext(1);
    await group();
    expect(read.mock.calls.flat(2)).toEqual([]);
  });

  it('keeps the ids of groups that stay', async () => {
    add(...part(rows.slice(0, 12)));
    await group();
    const before = clusters();
    add(...part(rows.slice(12)));
    await group(1000);
    for (const [faceId, clusterId] of before) expect(clusters().get(faceId)).toBe(clusterId);
  });

  it('groups all anew with another head, and faces with other features', async () => {
    add(...part(rows));
    await group();
    // As if face 1 had been told from the others before, and looked like them now.
    const alone = [{ faceId: 1, clusterId: 999, unclear: false }];
    store.groups.move(alone, []);
    await group();
    expect(clusters().get(1)).toBe(999);
    grouping.renew(1);
    await group();
    expect(clusters().get(1)).toBe(clusters().get(2));
    store.groups.move(alone, []);
    open('head-1');
    await group();
    expectGroupsOfPeople();
  });

  it('lets go of faces that are none', async () => {
    add(...part(rows));
    await group();
    apply({ type: 'not-a-face', faceIds: [1] });
    await group();
    expect(clusters().has(1)).toBe(false);
    apply({ type: 'undo' });
    await group();
    expect(clusters().get(1)).toBe(clusters().get(2));
  });

  it('has a place for faces too poor to tell, until the user speaks of them', async () => {
    add(...part(rows.slice(0, 5)));
    const [far] = peopleVectors([1], dimensions, 0, 99).vectors;
    add([far!], [9], 12);
    await group();
    const unclear = () => store.faces.aside('unclear', 10, 0).rows.map(({ faceId }) => faceId);
    expect(unclear()).toEqual([6]);
    expect(store.groups.list(1, 10, 0).rows.map(({ faceCount }) => faceCount)).toEqual([5]);
    apply({ type: 'ignore', faceIds: [6] });
    expect(unclear()).toEqual([]);
  });

  it('groups all anew when it is to be surer', async () => {
    add(...part(rows));
    await group();
    const { groups } = await grouping.preview(0.5);
    expect(groups).toBe(6);
    expect((await grouping.preview(0.9)).groups).toBeGreaterThanOrEqual(groups);
    expect(clusters().size).toBe(rows.length);
  });
});

describe('reviewQueue', () => {
  const questions = () => reviewQueue(store, 20).questions;

  it('asks for the largest group first, and what an answer settles is not asked again', async () => {
    expect(questions()).toEqual([]);
    add(...part(rows));
    await group();
    expect(questions().map(({ kind, faceCount }) => [kind, faceCount])).toEqual([
      ['who', 7],
      ['who', 6],
      ['who', 5],
      ['who', 4],
      ['who', 3],
      ['who', 2],
    ]);
    const [first] = questions();
    if (first?.kind !== 'who') throw new Error('expected a question who');
    apply({ type: 'name', clusterId: first.clusterId, name: 'Anna' });
    expect(questions()[0]!.faceCount).toBe(6);
    expect(reviewQueue(store, 20).namedShare).toBeCloseTo(7 / 27);
  });

  it('asks whether a group is a person, until the user says no', () => {
    const { vectors } = peopleVectors([8, 3], dimensions, 1.1, 2);
    add(
      vectors,
      vectors.map(() => 0),
    );
    store.groups.move(
      vectors.map((_, at) => ({ faceId: at + 1, clusterId: at < 4 ? 1 : 2, unclear: false })),
      [],
    );
    apply({ type: 'name', clusterId: 1, name: 'Anna' });
    const personId = store.labels.personByName('Anna')!;
    const suggestions = [{ clusterId: 2, personId, probability: 0.4 }];
    store.groups.describe({ scope: 'all', suggestions, splits: [], pairs: [] });
    expect(questions()).toMatchObject([
      { kind: 'is-person', clusterId: 2, faceCount: 7, person: { name: 'Anna' }, probability: 0.4 },
    ]);
    store.review.putOff(questions()[0]!.key);
    expect(questions()).toMatchObject([{ kind: 'who', clusterId: 2 }]);
    store.review.takeUp(`is-person 2 ${personId}`);
    apply({ type: 'reject', faceIds: [5, 6], personId });
    expect(questions()).toMatchObject([{ kind: 'who', clusterId: 2, suggestedPersonId: null }]);
  });

  it('asks who a group is, and offers the person it is unlikely to be', () => {
    const { vectors } = peopleVectors([7, 1], dimensions, 1.1, 2);
    add(
      vectors,
      vectors.map(() => 0),
    );
    store.groups.move(
      [1, 1, 1, 1, 2, 2, 2, 3].map((clusterId, at) => {
        return { faceId: at + 1, clusterId, unclear: false };
      }),
      [],
    );
    apply({ type: 'name', clusterId: 1, name: 'Anna' });
    const personId = store.labels.personByName('Anna')!;
    const suggestions = [2, 3].map((clusterId) => ({ clusterId, personId, probability: 0.1 }));
    store.groups.describe({ scope: 'all', suggestions, splits: [], pairs: [] });
    // Nobody is asked who a single face is, so that it is asked about whatever it may be.
    expect(questions()).toMatchObject([
      { kind: 'who', clusterId: 2, suggestedPersonId: personId },
      { kind: 'is-person', clusterId: 3, person: { personId } },
    ]);
  });

  it('asks whether a group is two people before it asks who they are', async () => {
    const { vectors, people: persons } = peopleVectors([4, 3, 3], dimensions, 0.5, 2);
    add(vectors, persons);
    // As linkage left two people in one group.
    const together = vectors.map((_, at) => {
      return { faceId: at + 1, clusterId: at < 7 ? 1 : 2, unclear: false };
    });
    const splits = [{ clusterId: 1, faceIds: [5, 6, 7], probability: 0.6 }];
    const describe = () =>
      store.groups.describe({ scope: 'all', suggestions: [], splits, pairs: [] });
    store.groups.move(together, []);
    describe();
    const [asked] = questions();
    expect(asked).toMatchObject({ kind: 'split', clusterId: 1, faceCount: 7 });
    expect(asked).toMatchObject({ faceIds: [5, 6, 7], otherFaceIds: [1, 2, 3, 4] });
    expect(questions()).toHaveLength(2);

    // No: it is asked who they are, and never again whether they are two, whatever its number.
    store.review.putOff(asked!.key);
    describe();
    expect(questions()[0]).toMatchObject({ kind: 'who', clusterId: 1 });
    store.groups.move(
      together.map((row) => ({ ...row, clusterId: row.clusterId + 10 })),
      [],
    );
    store.groups.describe({
      scope: 'all',
      suggestions: [],
      splits: [{ ...splits[0]!, clusterId: 11 }],
      pairs: [],
    });
    expect(questions()[0]).toMatchObject({ kind: 'who', clusterId: 11 });
    store.review.takeUp(asked!.key);

    // Yes: they are two from now on, until that is taken back.
    expect(questions()[0]).toMatchObject({ kind: 'split' });
    apply({ type: 'split', faceIds: [5, 6, 7] });
    await group();
    expectGroupsOfPeople();
    expect(questions().map(({ kind }) => kind)).toEqual(['who', 'who', 'who']);
    apply({ type: 'undo' });
    expect(store.labels.constraints().sides).toEqual([]);
  });

  it('asks to confirm what grouping put with a person, and whether two persons are one', async () => {
    add(...part(rows));
    await group();
    apply({ type: 'name', faceIds: [1, 2], name: 'Anna' });
    apply({ type: 'name', faceIds: [6, 7, 8], name: 'Ben' });
    const clusterOf = clusters();
    const [clusterA, clusterB] = [clusterOf.get(1)!, clusterOf.get(6)!].sort((a, b) => a - b);
    store.groups.describe({
      scope: 'all',
      suggestions: [],
      splits: [],
      pairs: [{ clusterA: clusterA!, clusterB: clusterB!, probability: 0.2 }],
    });
    const asked = questions();
    expect(asked.filter(({ kind }) => kind === 'confirm')).toMatchObject([
      { faceCount: 3, person: { name: 'Anna' } },
      { faceCount: 1, person: { name: 'Ben' } },
    ]);
    expect(asked.filter(({ kind }) => kind === 'same')).toMatchObject([
      { faceCount: 2, persons: [{ name: 'Anna' }, { name: 'Ben' }], probability: 0.2 },
    ]);
  });

  it('does not take two persons for one because of a single face of each', () => {
    const { vectors, people: persons } = peopleVectors([4, 4], dimensions, 0.5, 2);
    add(vectors, persons);
    // Each has three faces in a group, and one that was left apart.
    store.groups.move(
      [1, 1, 1, 2, 3, 3, 3, 4].map((clusterId, at) => {
        return { faceId: at + 1, clusterId, unclear: false };
      }),
      [],
    );
    apply({ type: 'name', faceIds: [1, 2, 3, 4], name: 'Anna' });
    apply({ type: 'name', faceIds: [5, 6, 7, 8], name: 'Ben' });
    const alike = (clusterA: number, clusterB: number) => {
      const pairs = [{ clusterA, clusterB, probability: 0.9 }];
      store.groups.describe({ scope: 'all', suggestions: [], splits: [], pairs });
      return questions().filter(({ kind }) => kind === 'same');
    };
    expect(alike(2, 4)).toEqual([]);
    expect(alike(1, 4)).toEqual([]);
    expect(alike(1, 3)).toMatchObject([{ faceCount: 4, probability: 0.9 }]);
  });
});

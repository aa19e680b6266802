import { beforeEach, afterEach, describe, expect, it, vi } from 'vitest';
import type { FaceTable } from '../../../electron/engine/grouping/face-table.ts';
import type { Store } from '../../../electron/store/store.ts';
import { createRandom } from '../../../electron/core/random.ts';
import { peopleVectors, unit } from '../../core/clustering/vectors.ts';
import { VectorLibrary } from './vector-library.ts';

const dimensions = 32;
let library: VectorLibrary;
let store: Store;
let table: FaceTable;
let people: readonly number[];

beforeEach(makeLibrary);
afterEach(() => store.close());

function makeLibrary(): void {
  library = new VectorLibrary(dimensions);
  ({ store, table, people } = library);
}

const open = (headVersion: string, least?: number) => void library.open(headVersion, least);
const add = (...faces: Parameters<VectorLibrary['add']>) => library.add(...faces);
const addPhoto = (...faces: Parameters<VectorLibrary['addPhoto']>) => library.addPhoto(...faces);
const group = (wholeFaces?: number) => library.group(wholeFaces);
const clusters = () => library.clusters();
const apply = (action: unknown) => library.apply(action);
const expectGroupsOfPeople = () => library.expectGroupsOfPeople();

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
    library.grouping.renew(1);
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
    const { groups } = await library.grouping.preview(0.5);
    expect(groups).toBe(6);
    expect((await library.grouping.preview(0.9)).groups).toBeGreaterThanOrEqual(groups);
    expect(clusters().size).toBe(rows.length);
  });
});

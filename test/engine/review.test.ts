import { beforeEach, afterEach, describe, expect, it } from 'vitest';
import { reviewQueue } from '../../electron/engine/review.ts';
import type { Store } from '../../electron/store/store.ts';
import { peopleVectors } from '../core/clustering/vectors.ts';
import { VectorLibrary } from './grouping/vector-library.ts';

const dimensions = 32;
let library: VectorLibrary;
let store: Store;

beforeEach(() => {
  library = new VectorLibrary(dimensions);
  ({ store } = library);
});
afterEach(() => store.close());

const album = peopleVectors([5, 4, 3, 6, 2, 1, 1, 7], dimensions, 0.6, 7);

describe('reviewQueue', () => {
  const questions = () => reviewQueue(store, 20).questions;

  it('asks for the largest group first, and what an answer settles is not asked again', async () => {
    expect(questions()).toEqual([]);
    library.add(album.vectors, album.people);
    await library.group();
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
    library.apply({ type: 'name', clusterId: first.clusterId, name: 'Anna' });
    expect(questions()[0]!.faceCount).toBe(6);
    expect(reviewQueue(store, 20).namedShare).toBeCloseTo(7 / 27);
  });

  it('asks whether a group is a person, until the user says no', () => {
    const { vectors } = peopleVectors([8, 3], dimensions, 1.1, 2);
    library.add(
      vectors,
      vectors.map(() => 0),
    );
    store.groups.move(
      vectors.map((_, at) => ({ faceId: at + 1, clusterId: at < 4 ? 1 : 2, unclear: false })),
      [],
    );
    library.apply({ type: 'name', clusterId: 1, name: 'Anna' });
    const personId = store.labels.personByName('Anna')!;
    const suggestions = [{ clusterId: 2, personId, probability: 0.4 }];
    store.groups.describe({ scope: 'all', suggestions, splits: [], pairs: [] });
    expect(questions()).toMatchObject([
      { kind: 'is-person', clusterId: 2, faceCount: 7, person: { name: 'Anna' }, probability: 0.4 },
    ]);
    store.review.putOff(questions()[0]!.key);
    expect(questions()).toMatchObject([{ kind: 'who', clusterId: 2 }]);
    store.review.takeUp(`is-person 2 ${personId}`);
    library.apply({ type: 'reject', faceIds: [5, 6], personId });
    expect(questions()).toMatchObject([{ kind: 'who', clusterId: 2, suggestedPersonId: null }]);
  });

  it('asks who a group is, and offers the person it is unlikely to be', () => {
    const { vectors } = peopleVectors([7, 1], dimensions, 1.1, 2);
    library.add(
      vectors,
      vectors.map(() => 0),
    );
    store.groups.move(
      [1, 1, 1, 1, 2, 2, 2, 3].map((clusterId, at) => {
        return { faceId: at + 1, clusterId, unclear: false };
      }),
      [],
    );
    library.apply({ type: 'name', clusterId: 1, name: 'Anna' });
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
    library.add(vectors, persons);
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
    library.apply({ type: 'split', faceIds: [5, 6, 7] });
    await library.group();
    library.expectGroupsOfPeople();
    expect(questions().map(({ kind }) => kind)).toEqual(['who', 'who', 'who']);
    library.apply({ type: 'undo' });
    expect(store.labels.constraints().sides).toEqual([]);
  });

  it('asks to confirm what grouping put with a person, and whether two persons are one', async () => {
    library.add(album.vectors, album.people);
    await library.group();
    library.apply({ type: 'name', faceIds: [1, 2], name: 'Anna' });
    library.apply({ type: 'name', faceIds: [6, 7, 8], name: 'Ben' });
    const clusterOf = library.clusters();
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
    library.add(vectors, persons);
    // Each has three faces in a group, and one that was left apart.
    store.groups.move(
      [1, 1, 1, 2, 3, 3, 3, 4].map((clusterId, at) => {
        return { faceId: at + 1, clusterId, unclear: false };
      }),
      [],
    );
    library.apply({ type: 'name', faceIds: [1, 2, 3, 4], name: 'Anna' });
    library.apply({ type: 'name', faceIds: [5, 6, 7, 8], name: 'Ben' });
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

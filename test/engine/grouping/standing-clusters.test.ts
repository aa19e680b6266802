import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { marksOfFaces } from '../../../electron/core/clustering/constraints.ts';
import { LabelAction } from '../../../electron/contract/labels.ts';
import {
  StandingClusters,
  type StandingCluster,
} from '../../../electron/engine/grouping/standing-clusters.ts';
import { randomVectors } from '../../core/clustering/vectors.ts';
import { VectorLibrary } from './vector-library.ts';

const dimensions = 3;
/** Large enough to be kept. */
const large = 40;

function clustersOf(library: VectorLibrary) {
  const clusters = new StandingClusters(library.store, library.table);
  const { groups, faces, labels } = library.store;
  const move = (faceIds: Iterable<number>, clusterId: number) =>
    groups.move(
      Array.from(faceIds, (faceId) => ({ faceId, clusterId, unclear: false })),
      [],
    );
  return {
    clusters,
    move,
    read: (clusterId: number) => clusters.stand(clusters.membersOf([clusterId])),
    /** As a grouping that puts single faces and what stands in one cluster. */
    join(faceIds: readonly number[], standing: readonly StandingCluster[], clusterId: number) {
      const single = faces.groupableOf(faceIds);
      const rows = new Array<number>(single.length + standing.length).fill(clusterId);
      clusters.keep(single, standing, rows, marksOfFaces(labels.constraintsOf(faceIds)));
      move([...faceIds, ...standing.flatMap((cluster) => [...cluster.faceIds])], clusterId);
    },
    kept: (clusterId: number) => clusters.stand(clusters.kept([clusterId])),
  };
}

function comparable({ groups }: ReturnType<StandingClusters['stand']>) {
  return groups.map(({ sum, faceIds, photoIds, profileShare, ...rest }) => ({
    ...rest,
    sum: [...sum],
    faceIds: [...faceIds].sort((a, b) => a - b),
    photoIds: [...photoIds],
    profileShare: Math.round(profileShare * 1e6),
  }));
}

describe('StandingClusters', () => {
  it('keeps large clusters as reading their faces tells them, however they grow', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(3), fc.nat(1), fc.boolean(), fc.nat(2 * large - 1)), {
          minLength: 1,
          maxLength: 6,
        }),
        (steps) => {
          const library = new VectorLibrary(dimensions);
          // Of which sums are exact.
          const vectors = randomVectors(2 * large + 20, dimensions, 4).map((vector) =>
            vector.map((value) => Math.round(value * 256) / 256),
          );
          const add = (count: number) => {
            const from = library.people.length;
            const some = vectors.slice(from, from + count);
            if (count > 0)
              library.addPhoto(
                some,
                some.map(() => 0),
              );
            return some.map((_, at) => from + at + 1);
          };
          const { clusters, join, kept, read } = clustersOf(library);
          join(add(large), [], 1);
          join(add(large), [], 2);
          for (const [count, at, merge, named] of steps) {
            const taken = clusters.kept(merge ? [1, 2] : [1 + at]);
            const { groups: standing } = clusters.stand(taken);
            if (standing.length > 0) join(add(count), standing, standing.at(-1)!.clusterId);
            const action = { type: 'name', faceIds: [named + 1], name: `Person ${named % 2}` };
            library.labels.apply(LabelAction.parse(action));
            const spoken = library.store.groups.clustersOf([named + 1]);
            clusters.forget(spoken);
            for (const clusterId of spoken) join([], read(clusterId).groups, clusterId);
            for (const clusterId of [1, 2]) {
              const anew = read(clusterId);
              const [group] = anew.groups;
              // What the user's words keep apart cannot be kept together.
              const keeps = group !== undefined && anew.drivenOut.length === 0;
              expect(clusters.kept([clusterId]).has(clusterId)).toBe(keeps);
              if (keeps) expect(comparable(kept(clusterId))).toEqual(comparable(anew));
            }
          }
          library.store.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('does not trust what it kept once the cluster has other faces, or was forgotten', () => {
    const library = new VectorLibrary(dimensions);
    library.add(randomVectors(2 * large, dimensions, 1), []);
    const faceIds = [...Array(2 * large).keys()].map((at) => at + 1);
    const { clusters, join, move } = clustersOf(library);
    join(faceIds.slice(0, large), [], 1);
    move(faceIds.slice(large), 2);
    expect([...clusters.kept([1, 2]).keys()]).toEqual([1]);
    // As many, but others.
    move([1], 2);
    move([large + 1], 1);
    expect([...clusters.kept([1]).keys()]).toEqual([]);
    move([1], 1);
    move([large + 1], 2);
    expect([...clusters.kept([1]).keys()]).toEqual([1]);
    clusters.forget([1]);
    expect([...clusters.kept([1]).keys()]).toEqual([]);
    library.store.close();
  });

  it('does not keep small clusters', () => {
    const library = new VectorLibrary(dimensions);
    library.add(randomVectors(5, dimensions, 1), []);
    const { clusters, join } = clustersOf(library);
    join([1, 2, 3, 4, 5], [], 1);
    expect(clusters.kept([1]).size).toBe(0);
    library.store.close();
  });
});

import type { FaceConstraints } from '../../core/clustering/constraints.ts';
import type { Grouping } from '../../core/clustering/group-faces.ts';
import { findMixedGroups } from '../../core/clustering/mixed-groups.ts';
import { keepGroupIds } from '../../core/clustering/stable-ids.ts';
import { suggest } from '../../core/clustering/suggest.ts';
import type { GroupableRow } from '../../store/faces.ts';
import type { GroupingOutcome } from './protocol.ts';
import type { StandingCluster } from './standing-clusters.ts';

/** The rows of a grouping: faces, and clusters that stay together. */
export interface GroupedRows {
  readonly faces: readonly GroupableRow[];
  readonly standing?: readonly StandingCluster[];
}

/** How things were before a grouping. */
export interface Before {
  /** Cluster of each face that takes part by itself. */
  readonly before: ReadonlyMap<number, number>;
  /** Faces that are in no group any more. */
  readonly removed: readonly number[];
  readonly confirmed: FaceConstraints['confirmed'];
  readonly lastClusterId: number;
  /** Clusters that the user said something of; missing where the whole library is grouped. */
  readonly spokenClusters?: ReadonlySet<number>;
}

/**
 * A grouping as the difference to how things were, and the cluster of each row.
 *
 * @param embedding unit vector of a face.
 */
export function describeGrouping(
  { faces, standing = [] }: GroupedRows,
  grouping: Grouping,
  { before, removed, lastClusterId, spokenClusters, confirmed }: Before,
  embedding: (faceId: number) => Float32Array,
): Omit<GroupingOutcome, 'state'> & { readonly clusterOfRow: readonly number[] } {
  const groupOfStanding = (at: number) => grouping.groupOfRow[faces.length + at]!;
  const groupOfFace = new Map(faces.map(({ faceId }, row) => [faceId, grouping.groupOfRow[row]!]));
  const { idOfGroup, lastId } = keepGroupIds(
    [
      ...faces.map(({ faceId }) => {
        return { group: groupOfFace.get(faceId)!, oldId: before.get(faceId), faces: 1 };
      }),
      ...standing.map(({ clusterId, count }, at) => {
        return { group: groupOfStanding(at), oldId: clusterId, faces: count };
      }),
    ],
    lastClusterId,
  );
  const clusterOf = (group: number) => idOfGroup.get(group)!;
  const personOf = new Int32Array(grouping.size).fill(-1);
  const standingIn = new Uint32Array(grouping.size);
  const asked = new Set<number>();
  for (const [at, { clusterId, personId }] of standing.entries()) {
    const group = groupOfStanding(at);
    if (personId >= 0) personOf[group] = personId;
    if (clusterOf(group) === clusterId && !spokenClusters?.has(clusterId)) asked.add(group);
    standingIn[group]!++;
  }
  for (const { faceId, personId } of confirmed) {
    const group = groupOfFace.get(faceId);
    if (group !== undefined) personOf[group] = personId;
  }
  // What was asked of a group that only grew still is: of its faces not all were looked at now.
  const grown = [...asked].filter((group) => standingIn[group] === 1);
  const keeps = new Set(grown);
  const changesOf = (faceIds: ArrayLike<number>, group: number) =>
    Array.from(faceIds, (faceId) => ({
      faceId,
      clusterId: clusterOf(group),
      unclear: grouping.unclear.has(group),
    }));
  const { persons, pairs } = suggest(grouping, personOf);
  const ofLibrary = spokenClusters === undefined;
  const replaced = new Set([...before.values(), ...standing.map(({ clusterId }) => clusterId)]);
  for (const [group, clusterId] of idOfGroup) {
    if (keeps.has(group)) replaced.delete(clusterId);
    else replaced.add(clusterId);
  }
  return {
    scope: ofLibrary ? 'all' : [...replaced],
    grown: grown.map(clusterOf),
    changed: [
      ...faces.flatMap(({ faceId }) => {
        const group = groupOfFace.get(faceId)!;
        const same = !ofLibrary && before.get(faceId) === clusterOf(group);
        return same ? [] : changesOf([faceId], group);
      }),
      ...standing.flatMap(({ clusterId, faceIds }, at) => {
        const group = groupOfStanding(at);
        return clusterOf(group) === clusterId ? [] : changesOf(faceIds, group);
      }),
    ],
    removed,
    suggestions: persons.map(({ group, personId, probability }) => ({
      clusterId: clusterOf(group),
      personId,
      probability,
    })),
    splits: findMixedGroups(
      (row) => embedding(faces[row]!.faceId),
      grouping,
      (group) => personOf[group]! < 0 && standingIn[group] === 0 && !grouping.unclear.has(group),
    ).map(({ group, rows, probability }) => ({
      clusterId: clusterOf(group),
      faceIds: rows.map((row) => faces[row]!.faceId),
      probability,
    })),
    pairs: pairs.map(({ groupA, groupB, probability }) => ({
      clusterA: Math.min(clusterOf(groupA), clusterOf(groupB)),
      clusterB: Math.max(clusterOf(groupA), clusterOf(groupB)),
      probability,
    })),
    lastClusterId: lastId,
    clusterOfRow: Array.from(grouping.groupOfRow, clusterOf),
  };
}

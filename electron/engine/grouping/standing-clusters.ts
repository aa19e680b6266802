import {
  isMixed,
  marksOfFaces,
  noMarks,
  personOfMarks,
  type Marks,
} from '../../core/clustering/constraints.ts';
import {
  standTogether,
  uniteStanding,
  type StandingGroup,
} from '../../core/clustering/standing-group.ts';
import { clusteringTuning } from '../../core/tuning.ts';
import type { GroupableRow } from '../../store/faces.ts';
import type { Store } from '../../store/store.ts';
import type { FaceTable } from './face-table.ts';

/** A cluster whose faces stay together. */
export interface StandingCluster extends StandingGroup {
  readonly clusterId: number;
  readonly faceIds: Int32Array;
  /** −1 where it has no name. */
  readonly personId: number;
}

/** Faces summed up. */
export type Summary = StandingGroup & Pick<StandingCluster, 'faceIds'>;

/**
 * Sums clusters up that stay together. Large ones are kept, and grow as faces join them: to read and
 * sum up all their faces whenever a new one comes near takes longer than to group it.
 */
export class StandingClusters {
  readonly #store: Pick<Store, 'faces' | 'groups' | 'labels'>;
  readonly #table: FaceTable;
  /** By their clusters. */
  readonly #kept = new Map<number, Summary>();

  constructor(store: Pick<Store, 'faces' | 'groups' | 'labels'>, table: FaceTable) {
    this.#store = store;
    this.#table = table;
  }

  /** Faces of each of the clusters that can be grouped. */
  membersOf(clusterIds: readonly number[]): Map<number, GroupableRow[]> {
    return Map.groupBy(
      this.#store.faces.groupableIn(clusterIds).filter(({ faceId }) => this.#table.has(faceId)),
      ({ clusterId }) => clusterId,
    );
  }

  /** What was kept of clusters is no longer true. */
  forget(clusterIds: Iterable<number>): void {
    for (const clusterId of clusterIds) this.#kept.delete(clusterId);
  }

  forgetAll(): void {
    this.#kept.clear();
  }

  /** Those of the clusters that are kept and still have the same faces. */
  kept(clusterIds: readonly number[]): ReadonlyMap<number, Summary> {
    const known = clusterIds.filter((clusterId) => this.#kept.has(clusterId));
    const same = new Map<number, Summary>();
    for (const { clusterId, faces, faceIdSum } of this.#store.groups.digestsOf(known)) {
      const summary = this.#kept.get(clusterId)!;
      if (summary.count !== faces || sumOf(summary.faceIds) !== faceIdSum) continue;
      same.set(clusterId, summary);
    }
    return same;
  }

  /**
   * @param clusters by their faces, or as they were kept.
   * @returns also the faces that the user's words have driven out of them.
   */
  stand(clusters: ReadonlyMap<number, readonly GroupableRow[] | Summary>): {
    readonly groups: StandingCluster[];
    readonly drivenOut: readonly number[];
  } {
    const anew = [...clusters.values()].flatMap((cluster) => ('faceIds' in cluster ? [] : cluster));
    const marks = marksOfFaces(this.#store.labels.constraintsOf(anew.map(({ faceId }) => faceId)));
    const drivenOut: number[] = [];
    const groups: StandingCluster[] = [];
    for (const [clusterId, cluster] of clusters) {
      let summary: Summary;
      if ('faceIds' in cluster) summary = cluster;
      else {
        const stood = this.#sumUp(cluster, marks);
        drivenOut.push(...stood.drivenOut);
        ({ summary } = stood);
      }
      if (summary.count === 0) continue;
      groups.push({ ...summary, clusterId, personId: personOfMarks(summary.marks) });
    }
    return { groups, drivenOut };
  }

  /**
   * Keeps the large ones of what a grouping made.
   *
   * @param clusterOfRow of the faces, and then of what stood together.
   * @param marks of the faces.
   */
  keep(
    faces: readonly GroupableRow[],
    standing: readonly StandingCluster[],
    clusterOfRow: readonly number[],
    marks: ReadonlyMap<number, Marks>,
  ): void {
    this.forget([...standing.map(({ clusterId }) => clusterId), ...clusterOfRow]);
    const rowsOf = Map.groupBy(clusterOfRow.keys(), (row) => clusterOfRow[row]!);
    for (const [clusterId, rows] of rowsOf) {
      const single = rows.filter((row) => row < faces.length).map((row) => faces[row]!);
      const parts: Summary[] = rows
        .filter((row) => row >= faces.length)
        .map((row) => standing[row - faces.length]!);
      const count = parts.reduce((sum, part) => sum + part.count, single.length);
      if (count <= clusteringTuning.facesLoosened) continue;
      const stood = this.#sumUp(single, marks);
      if (single.length > 0) parts.push(stood.summary);
      const whole = parts.length === 1 ? parts[0]! : together(parts);
      // What the user's words keep apart is read anew, and driven out.
      if (stood.drivenOut.length === 0 && !isMixed(whole.marks)) this.#kept.set(clusterId, whole);
    }
  }

  #sumUp(faces: readonly GroupableRow[], marks: ReadonlyMap<number, Marks>) {
    const stood = standTogether(
      faces,
      ({ faceId }) => marks.get(faceId) ?? noMarks,
      (index) => this.#table.embedding(faces[index]!.faceId),
      this.#table.dimensions,
    );
    const drivenOut = stood.drivenOut.map((index) => faces[index]!.faceId);
    const out = new Set(drivenOut);
    const faceIds = Int32Array.from(
      faces.filter(({ faceId }) => !out.has(faceId)),
      ({ faceId }) => faceId,
    );
    return { summary: { ...stood.group, faceIds }, drivenOut };
  }
}

function together(summaries: readonly Summary[]): Summary {
  const faceIds = new Int32Array(summaries.reduce((size, { count }) => size + count, 0));
  let at = 0;
  for (const summary of summaries) {
    faceIds.set(summary.faceIds, at);
    at += summary.count;
  }
  return { ...uniteStanding(summaries), faceIds };
}

function sumOf(values: Int32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

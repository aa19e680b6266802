import type { GroupsChange } from '../../contract/learning.ts';
import { marksOfFaces, type FaceConstraints } from '../../core/clustering/constraints.ts';
import {
  cohortOf,
  groupFaces,
  type Grouping,
  type Knowledge,
} from '../../core/clustering/group-faces.ts';
import type { Cohort } from '../../core/clustering/impostors.ts';
import { joinedGroups, type JoinedGroups } from '../../core/clustering/joined-groups.ts';
import type { Bystanders } from '../../core/clustering/photo-mates.ts';
import { chooseSome, createRandom } from '../../core/random.ts';
import { clusteringTuning, learningTuning } from '../../core/tuning.ts';
import type { GroupableRow } from '../../store/faces.ts';
import type { Store } from '../../store/store.ts';
import type { FaceTable } from './face-table.ts';
import { describeGrouping, type Before, type GroupedRows } from './outcome.ts';
import type { GroupingOutcome } from './protocol.ts';
import { StandingClusters, type StandingCluster, type Summary } from './standing-clusters.ts';
import { touchedFaces } from './touched-faces.ts';

/** Sees to it that the table knows the neighbours of some faces. */
type LookUpNeighbours = (faceIds: Iterable<number>) => Promise<void>;

/**
 * Groups the library's faces: all of them while it is small or has grown much, or else what new
 * faces and the user's words touch. Groups around a touched one take part as a whole: they may grow
 * and join, but are not taken apart.
 */
export class LibraryGrouping {
  readonly #store: Store;
  readonly #table: FaceTable;
  readonly #lookUp: LookUpNeighbours;
  readonly #standing: StandingClusters;
  readonly #headVersion: string;
  readonly #thresholdShift: number;
  /** Faces that got other features since the last grouping. */
  readonly #renewed = new Set<number>();
  #knowledge: Knowledge | undefined;

  /** @param thresholdShift how much more alike the head makes strangers, cosine similarity. */
  constructor(
    store: Store,
    table: FaceTable,
    lookUp: LookUpNeighbours,
    headVersion: string,
    thresholdShift = 0,
  ) {
    this.#thresholdShift = thresholdShift;
    this.#headVersion = headVersion;
    this.#store = store;
    this.#table = table;
    this.#lookUp = lookUp;
    this.#standing = new StandingClusters(store, table);
  }

  /**
   * @param wholeFaces up to so many faces all is grouped anew each time.
   * @param wholeGrowth and when there are so many times as many as when it last was.
   */
  async group(
    lastClusterId: number,
    sureness: number,
    wholeFaces: number,
    wholeGrowth: number = clusteringTuning.wholeGrowth,
  ): Promise<GroupingOutcome> {
    const { groups, labels, settings } = this.#store;
    const eventId = labels.lastEventId();
    const state = settings.get('grouped') as GroupedState | undefined;
    const newcomers = groups.newcomers();
    const leavers = groups.leavers();
    const faces = groups.size() + newcomers.length - leavers.length;
    const whole =
      state === undefined ||
      state.unfinished ||
      state.sureness !== sureness ||
      state.headVersion !== this.#headVersion ||
      state.people === undefined ||
      newcomers.length === faces ||
      faces <= wholeFaces ||
      faces >= state.faces * wholeGrowth;
    const outcome = whole
      ? await this.#groupWhole(lastClusterId, sureness, state?.headVersion)
      : await this.#groupTouched({ newcomers, leavers }, lastClusterId, sureness, {
          ...state,
          // As the library grew since they were counted.
          people: (state.people * faces) / state.faces,
        });
    this.#renewed.clear();
    const { people, ...changes } = outcome;
    return {
      ...changes,
      state: whole
        ? { faces, people, eventId, sureness, headVersion: this.#headVersion, unfinished: false }
        : { ...state, eventId },
    };
  }

  /** The face looks otherwise than when it was last grouped. */
  renew(faceId: number): void {
    this.#renewed.add(faceId);
  }

  /** How many groups of two faces and more there would be. */
  async preview(sureness: number): Promise<{ readonly groups: number; readonly faces: number }> {
    const faces = await this.#allFaces();
    const grouping = this.#groupRows(
      { faces, constraints: this.#store.labels.constraints() },
      sureness,
    );
    let groups = 0;
    let together = 0;
    for (const count of grouping.nodes.counts) {
      if (count < 2) continue;
      groups++;
      together += count;
    }
    return { groups, faces: together };
  }

  /** All faces that can be grouped, their neighbours looked up. */
  async #allFaces(): Promise<GroupableRow[]> {
    const faces = this.#store.faces.groupable().filter(({ faceId }) => this.#table.has(faceId));
    await this.#lookUp(faces.map(({ faceId }) => faceId));
    return faces;
  }

  #headChange(
    from: string,
    before: ReadonlyMap<number, number>,
    groups: GroupingOutcome['changed'],
  ): GroupsChange {
    const after = new Map(groups.map(({ faceId, clusterId }) => [faceId, clusterId]));
    const { shownGroups } = learningTuning;
    const copied = ({ count, examples }: JoinedGroups) => ({
      count,
      examples: examples.map((parts) => parts.map((part) => [...part])),
    });
    return {
      from,
      to: this.#headVersion,
      merged: copied(joinedGroups(before, after, shownGroups)),
      split: copied(joinedGroups(after, before, shownGroups)),
    };
  }

  /** @param headBefore that all was last grouped with. */
  async #groupWhole(lastClusterId: number, sureness: number, headBefore?: string) {
    this.#knowledge = undefined;
    this.#standing.forgetAll();
    const faces = await this.#allFaces();
    const share: Share = { faces, constraints: this.#store.labels.constraints() };
    const grouping = this.#groupRows(share, sureness);
    this.#knowledge = grouping.knowledge;
    const before = new Map(this.#store.groups.current().map((row) => [row.faceId, row.clusterId]));
    const known = new Set(faces.map(({ faceId }) => faceId));
    const removed = [...before.keys()].filter((faceId) => !known.has(faceId));
    const outcome = this.#describe(share, grouping, { before, removed, lastClusterId });
    return {
      ...outcome,
      people: grouping.knowledge.people,
      ...(headBefore !== undefined &&
        headBefore !== this.#headVersion && {
          headChange: this.#headChange(headBefore, before, outcome.changed),
        }),
    };
  }

  async #groupTouched(
    { newcomers, leavers }: { newcomers: readonly number[]; leavers: readonly number[] },
    lastClusterId: number,
    sureness: number,
    state: Required<GroupedState>,
  ) {
    const { faces, groups, labels } = this.#store;
    const loose = new Set<number>(newcomers.filter((faceId) => this.#table.has(faceId)));
    const spoken = touchedFaces(labels.eventsAfter(state.eventId), labels);
    for (const faceId of this.#renewed) spoken.add(faceId);
    this.#standing.forget(groups.clustersOf(leavers));
    const standing = new Map<number, readonly GroupableRow[] | Summary>();
    // Of what the user spoke, and of what looks otherwise now, the groups are taken apart, unless
    // they are too large for that.
    const spokenClusters = new Set(groups.clustersOf([...spoken]));
    for (const [clusterId, members] of this.#standing.membersOf([...spokenClusters])) {
      if (members.length > clusteringTuning.facesTakenApart) standing.set(clusterId, members);
      else for (const { faceId } of members) loose.add(faceId);
    }
    await this.#lookUp(loose);
    const around = new Set<number>();
    for (const faceId of loose) {
      for (const other of this.#table.neighbours(faceId)) if (!loose.has(other)) around.add(other);
    }
    // Small groups around are taken apart as well, and may come together otherwise. After a start
    // that would cost a look at the index for each of their faces.
    const nearby = groups.clustersOf([...around]).filter((clusterId) => !standing.has(clusterId));
    const kept = this.#standing.kept(nearby);
    for (const [clusterId, cluster] of kept) standing.set(clusterId, cluster);
    const others = nearby.filter((clusterId) => !kept.has(clusterId));
    for (const [clusterId, members] of this.#standing.membersOf(others)) {
      const small = members.length <= clusteringTuning.facesLoosened;
      if (!small || members.some(({ faceId }) => this.#table.lacksNeighbours(faceId))) {
        standing.set(clusterId, members);
      } else for (const { faceId } of members) loose.add(faceId);
    }
    const { groups: standingGroups, drivenOut } = this.#standing.stand(standing);
    const subset = faces.groupableOf([...loose, ...drivenOut]);
    const { people } = state;
    this.#knowledge = { people, cohort: this.#knowledge?.cohort ?? this.#cohortOfStore() };
    const subsetIds = subset.map(({ faceId }) => faceId);
    const before = groups.clusterOfFaces(subsetIds);
    const own = new Set([...before.values(), ...standing.keys()]);
    const share: Share = {
      faces: subset,
      standing: standingGroups,
      constraints: labels.constraintsOf(subsetIds),
      hasEdges: (faceId) => loose.has(faceId),
      bystanders: bystandersOf(subset, own, groups),
    };
    return {
      ...this.#describe(share, this.#groupRows(share, sureness), {
        before,
        removed: leavers,
        lastClusterId,
        spokenClusters,
      }),
      people,
    };
  }

  #groupRows(
    { faces, standing = [], constraints, hasEdges = () => true, bystanders }: Share,
    sureness: number,
  ): Grouping {
    const table = this.#table;
    const rowOf = numbersOf(faces, standing);
    return groupFaces({
      faces,
      standing,
      embedding: (row) => table.embedding(faces[row]!.faceId),
      dimensions: table.dimensions,
      neighbours(row) {
        const found: number[] = [];
        const face = faces[row];
        if (!face || !hasEdges(face.faceId)) return found;
        for (const neighbour of table.neighbours(face.faceId)) {
          const other = rowOf[neighbour] ?? -1;
          if (other >= 0) found.push(other);
        }
        return found;
      },
      constraints,
      sureness,
      thresholdShift: this.#thresholdShift,
      seed: clusteringTuning.seed,
      ...(bystanders && { bystanders }),
      ...(this.#knowledge && { knowledge: this.#knowledge }),
    });
  }

  #describe(share: Share, grouping: Grouping, before: Omit<Before, 'confirmed'>) {
    const { faces, standing = [], constraints } = share;
    const { clusterOfRow, ...outcome } = describeGrouping(
      share,
      grouping,
      { ...before, confirmed: constraints.confirmed },
      (faceId) => this.#table.embedding(faceId),
    );
    this.#standing.keep(faces, standing, clusterOfRow, marksOfFaces(constraints));
    return outcome;
  }

  /** After a start: some of the groups as they stand tell what other people look like. */
  #cohortOfStore(): Cohort {
    const { seed, cohortSize } = clusteringTuning;
    const clusterIds = this.#store.groups.clusterIds();
    const shuffled = chooseSome(clusterIds, clusterIds.length, createRandom(seed));
    const clear: StandingCluster[] = [];
    for (let at = 0; at < shuffled.length && clear.length < cohortSize; at += cohortSize) {
      const members = this.#standing.membersOf(shuffled.slice(at, at + cohortSize));
      const { groups } = this.#standing.stand(members);
      clear.push(...groups.filter((group) => group.isClear || group.marks.size > 0));
    }
    return cohortOf(clear, this.#table.dimensions, seed);
  }
}

/** What of the library takes part in a grouping. */
interface Share extends GroupedRows {
  /** What the user said of the faces. */
  readonly constraints: FaceConstraints;
  /** Whether a face may join others. */
  readonly hasEdges?: (faceId: number) => boolean;
  readonly bystanders?: Bystanders;
}

/** The groups beside some faces in their photos, less those that the faces are in. */
function bystandersOf(
  faces: readonly GroupableRow[],
  own: ReadonlySet<number>,
  groups: Pick<Store['groups'], 'inPhotos' | 'companions'>,
): Bystanders {
  const photoIds = [...new Set(faces.map(({ photoId }) => photoId))];
  const inPhotos = new Map<number, number[]>();
  for (const { photoId, clusterId } of groups.inPhotos(photoIds)) {
    if (own.has(clusterId)) continue;
    const others = inPhotos.get(photoId);
    if (others) others.push(clusterId);
    else inPhotos.set(photoId, [clusterId]);
  }
  const counts = new Map<number, number>();
  return {
    inPhotos,
    companions(clusterId) {
      const count = counts.get(clusterId) ?? groups.companions(clusterId);
      counts.set(clusterId, count);
      return count;
    },
  };
}

/** What the store remembers of the last grouping. */
export interface GroupedState {
  /** Faces when all was last grouped anew. */
  readonly faces: number;
  /** People that were counted then, roughly; missing where an older version grouped. */
  readonly people?: number;
  /** The last label event that was heeded. */
  readonly eventId: number;
  readonly sureness: number;
  readonly headVersion: string;
  /** While its outcome is being written. */
  readonly unfinished: boolean;
}

/** Row of each face that takes part, by its id; −1 for others. Few ids are missing in a library. */
function numbersOf(
  faces: readonly GroupableRow[],
  standing: readonly StandingCluster[],
): Int32Array {
  let most = -1;
  for (const { faceId } of faces) most = Math.max(most, faceId);
  for (const { faceIds } of standing) {
    for (const faceId of faceIds) most = Math.max(most, faceId);
  }
  const rowOf = new Int32Array(most + 1).fill(-1);
  for (const [row, { faceId }] of faces.entries()) rowOf[faceId] = row;
  for (const [at, { faceIds }] of standing.entries()) {
    for (const faceId of faceIds) rowOf[faceId] = faces.length + at;
  }
  return rowOf;
}

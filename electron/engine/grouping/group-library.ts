import { groupFaces, type Grouping, type Knowledge } from '../../core/clustering/group-faces.ts';
import { findMixedGroups } from '../../core/clustering/mixed-groups.ts';
import { keepGroupIds } from '../../core/clustering/stable-ids.ts';
import { suggest } from '../../core/clustering/suggest.ts';
import { clusteringTuning } from '../../core/tuning.ts';
import type { GroupableRow } from '../../store/faces.ts';
import type { Store } from '../../store/store.ts';
import type { FaceTable } from './face-table.ts';
import type { GroupingOutcome } from './protocol.ts';
import { touchedFaces } from './touched-faces.ts';

/** Face to likely faces of the same person. */
type FindNeighbours = (faceId: number) => Int32Array;

/**
 * Groups the library's faces: all of them while it is small or has grown much, or else what new
 * faces and the user's words touch. Groups around a touched one take part as a whole: they may grow
 * and join, but are not taken apart.
 */
export class LibraryGrouping {
  readonly #store: Store;
  readonly #table: FaceTable;
  readonly #neighbours: FindNeighbours;
  readonly #headVersion: string;
  /** Faces that got other features since the last grouping. */
  readonly #renewed = new Set<number>();
  #knowledge: Knowledge | undefined;

  constructor(store: Store, table: FaceTable, neighbours: FindNeighbours, headVersion: string) {
    this.#headVersion = headVersion;
    this.#store = store;
    this.#table = table;
    this.#neighbours = neighbours;
  }

  /** @param wholeFaces up to so many faces all is grouped anew each time. */
  group(lastClusterId: number, sureness: number, wholeFaces: number): GroupingOutcome {
    const { groups, labels, settings } = this.#store;
    const lastEventId = labels.lastEventId();
    const total = groups.size();
    const state = settings.get('grouped') as GroupedState | undefined;
    const faces = this.#store.faces.groupable().filter(({ faceId }) => this.#table.has(faceId));
    const whole =
      state === undefined ||
      state.unfinished ||
      state.sureness !== sureness ||
      state.headVersion !== this.#headVersion ||
      total === 0 ||
      faces.length <= wholeFaces ||
      faces.length >= state.faces * clusteringTuning.wholeGrowth;
    if (whole) {
      const outcome = this.#groupWhole(faces, lastClusterId, sureness);
      this.#renewed.clear();
      return {
        ...outcome,
        state: {
          faces: faces.length,
          eventId: lastEventId,
          sureness,
          headVersion: this.#headVersion,
          unfinished: false,
        },
      };
    }
    const outcome = this.#groupTouched(faces, lastClusterId, sureness, state.eventId);
    this.#renewed.clear();
    return { ...outcome, state: { ...state, eventId: lastEventId } };
  }

  /** The face looks otherwise than when it was last grouped. */
  renew(faceId: number): void {
    this.#renewed.add(faceId);
  }

  /** How many groups of two faces and more there would be. */
  preview(sureness: number): { readonly groups: number; readonly faces: number } {
    const faces = this.#store.faces.groupable().filter(({ faceId }) => this.#table.has(faceId));
    const { grouping } = this.#groupRows(faces, sureness, undefined, this.#neighbours);
    let groups = 0;
    let together = 0;
    for (const count of grouping.nodes.counts) {
      if (count < 2) continue;
      groups++;
      together += count;
    }
    return { groups, faces: together };
  }

  #groupWhole(faces: readonly GroupableRow[], lastClusterId: number, sureness: number) {
    this.#knowledge = undefined;
    const grouped = this.#groupRows(faces, sureness, undefined, this.#neighbours);
    this.#knowledge = grouped.grouping.knowledge;
    const before = new Map(this.#store.groups.current().map((row) => [row.faceId, row.clusterId]));
    const known = new Set(faces.map(({ faceId }) => faceId));
    const removed = [...before.keys()].filter((faceId) => !known.has(faceId));
    return this.#outcome(faces, grouped, before, removed, lastClusterId, 'all');
  }

  #groupTouched(
    faces: readonly GroupableRow[],
    lastClusterId: number,
    sureness: number,
    sinceEventId: number,
  ) {
    const { groups, labels } = this.#store;
    const factsOf = new Map(faces.map((face) => [face.faceId, face]));
    const removed = groups.leavers();
    const touched = new Set<number>(groups.newcomers().filter((faceId) => factsOf.has(faceId)));
    const spoken = touchedFaces(labels.eventsAfter(sinceEventId), labels);
    for (const faceId of this.#renewed) spoken.add(faceId);
    // Of what the user spoke, and of what looks otherwise now, the groups are taken apart, unless they are too large for that.
    const atoms = new Map<number, number>();
    const takeWhole = (clusterId: number) => {
      for (const faceId of groups.members(clusterId)) {
        if (factsOf.has(faceId) && !touched.has(faceId)) atoms.set(faceId, clusterId);
      }
    };
    for (const clusterId of groups.clustersOf([...spoken])) {
      const members = groups.members(clusterId);
      if (members.length > clusteringTuning.facesTakenApart) takeWhole(clusterId);
      else for (const faceId of members) if (factsOf.has(faceId)) touched.add(faceId);
    }
    for (const faceId of spoken) if (factsOf.has(faceId) && !atoms.has(faceId)) touched.add(faceId);
    const around = new Set<number>();
    for (const faceId of touched) {
      for (const other of this.#neighbours(faceId)) if (!touched.has(other)) around.add(other);
    }
    for (const clusterId of groups.clustersOf([...around])) takeWhole(clusterId);

    const subset = faces.filter(({ faceId }) => touched.has(faceId) || atoms.has(faceId));
    this.#knowledge ??= this.#knowledgeOfStore(faces);
    const grouped = this.#groupRows(subset, sureness, atoms, (faceId) =>
      touched.has(faceId) ? this.#neighbours(faceId) : none,
    );
    const before = groups.clusterOfFaces(subset.map(({ faceId }) => faceId));
    return this.#outcome(subset, grouped, before, removed, lastClusterId, 'touched');
  }

  #groupRows(
    faces: readonly GroupableRow[],
    sureness: number,
    atoms: ReadonlyMap<number, number> | undefined,
    neighbours: FindNeighbours,
  ): { readonly grouping: Grouping; readonly embeddings: Float32Array } {
    const { dimensions } = this.#table;
    const rowOf = new Map(faces.map(({ faceId }, row) => [faceId, row]));
    const embeddings = new Float32Array(faces.length * dimensions);
    for (const [row, { faceId }] of faces.entries()) {
      embeddings.set(this.#table.embedding(faceId), row * dimensions);
    }
    const grouping = groupFaces({
      faces,
      embeddings,
      dimensions,
      *neighbours(row) {
        for (const faceId of neighbours(faces[row]!.faceId)) {
          const other = rowOf.get(faceId);
          if (other !== undefined) yield other;
        }
      },
      constraints: this.#store.labels.constraints(),
      sureness,
      seed: clusteringTuning.seed,
      ...(atoms && { atoms: faces.map(({ faceId }) => atoms.get(faceId) ?? -1) }),
      ...(this.#knowledge && { knowledge: this.#knowledge }),
    });
    return { grouping, embeddings };
  }

  /** After a start: the groups as they stand tell what the library is like. */
  #knowledgeOfStore(faces: readonly GroupableRow[]): Knowledge {
    const clusterOf = new Map(
      this.#store.groups.current().map((row) => [row.faceId, row.clusterId]),
    );
    const grouped = faces.filter(({ faceId }) => clusterOf.has(faceId));
    return this.#groupRows(grouped, 1 - Number.EPSILON, clusterOf, () => none).grouping.knowledge;
  }

  #outcome(
    faces: readonly GroupableRow[],
    { grouping, embeddings }: { grouping: Grouping; embeddings: Float32Array },
    before: ReadonlyMap<number, number>,
    removed: readonly number[],
    lastClusterId: number,
    scope: 'all' | 'touched',
  ): Omit<GroupingOutcome, 'state'> {
    const groupOfFace = new Map(
      faces.map(({ faceId }, row) => [faceId, grouping.groupOfRow[row]!]),
    );
    const { ids, lastId } = keepGroupIds(groupOfFace, before, lastClusterId);
    const clusterOf = new Float64Array(grouping.size);
    const personOf = new Int32Array(grouping.size).fill(-1);
    for (const [row, { faceId }] of faces.entries()) {
      clusterOf[grouping.groupOfRow[row]!] = ids.get(faceId)!;
    }
    for (const { faceId, personId } of this.#store.labels.constraints().confirmed) {
      const group = groupOfFace.get(faceId);
      if (group !== undefined) personOf[group] = personId;
    }
    const { persons, pairs } = suggest(grouping, personOf);
    return {
      scope: scope === 'all' ? 'all' : [...new Set(ids.values())],
      changed: faces
        .map(({ faceId }, row) => ({
          faceId,
          clusterId: ids.get(faceId)!,
          unclear: grouping.unclear.has(grouping.groupOfRow[row]!),
        }))
        .filter(({ faceId, clusterId }) => scope === 'all' || before.get(faceId) !== clusterId),
      removed,
      suggestions: persons.map(({ group, personId, probability }) => ({
        clusterId: clusterOf[group]!,
        personId,
        probability,
      })),
      splits: findMixedGroups(
        embeddings,
        grouping,
        (group) => personOf[group]! < 0 && !grouping.unclear.has(group),
      ).map(({ group, rows, probability }) => ({
        clusterId: clusterOf[group]!,
        faceIds: rows.map((row) => faces[row]!.faceId),
        probability,
      })),
      pairs: pairs.map(({ groupA, groupB, probability }) => ({
        clusterA: Math.min(clusterOf[groupA]!, clusterOf[groupB]!),
        clusterB: Math.max(clusterOf[groupA]!, clusterOf[groupB]!),
        probability,
      })),
      lastClusterId: lastId,
    };
  }
}

const none = new Int32Array(0);

/** What the store remembers of the last grouping. */
export interface GroupedState {
  /** Faces when all was last grouped anew. */
  readonly faces: number;
  /** The last label event that was heeded. */
  readonly eventId: number;
  readonly sureness: number;
  readonly headVersion: string;
  /** While its outcome is being written. */
  readonly unfinished: boolean;
}

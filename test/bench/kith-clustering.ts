/**
 * The one place where measurements touch Kith's grouping: from embeddings to groups at default
 * settings, by the same objects as in the engine, in steps that are timed apart.
 */
import type { FaceConstraints } from '../../electron/core/clustering/constraints.ts';
import type { GroupingFace } from '../../electron/core/clustering/standing-group.ts';
import { clusteringTuning } from '../../electron/core/tuning.ts';
import { DividedIndex } from '../../electron/engine/grouping/divided-index.ts';
import { FaceTable } from '../../electron/engine/grouping/face-table.ts';
import {
  LibraryGrouping,
  type GroupedState,
} from '../../electron/engine/grouping/group-library.ts';
import { lookUpNeighbours } from '../../electron/engine/grouping/neighbours.ts';
import type { GroupingOutcome } from '../../electron/engine/grouping/protocol.ts';
import type { Store } from '../../electron/store/store.ts';

export type FaceToGroup = GroupingFace;

export interface KithGroups {
  /** A number for each face's group. */
  readonly groupOfRow: Float64Array;
  readonly seconds: {
    readonly index: number;
    readonly neighbours: number;
    readonly grouping: number;
  };
}

/** Groups faces as the engine does, one step after the other. */
export class KithClustering {
  readonly index: DividedIndex;
  readonly #table: FaceTable;
  readonly #memory = new GroupsInMemory();
  readonly #grouping: LibraryGrouping;

  private constructor(index: DividedIndex) {
    this.index = index;
    this.#table = new FaceTable(index.dimensions, clusteringTuning.neighbours);
    this.#grouping = new LibraryGrouping(
      // It reads no more of a store than this.
      this.#memory.store as unknown as Store,
      this.#table,
      (faceIds) => lookUpNeighbours(this.#table, this.index, faceIds),
      'bench',
    );
  }

  static async create(dimensions: number): Promise<KithClustering> {
    const { index } = await DividedIndex.open('', 'bench', dimensions);
    return new KithClustering(index);
  }

  async add(face: FaceToGroup, embedding: Float32Array): Promise<void> {
    this.#memory.add(face);
    this.#table.set(face.faceId, embedding);
    await this.index.add(face.faceId, embedding);
  }

  /** Waits until all faces are in the index. */
  async added(): Promise<void> {
    await this.index.search(new Float32Array(this.index.dimensions), 1);
  }

  /** Looks for the neighbours of all faces that came since the last time. */
  async findNeighbours(): Promise<void> {
    await lookUpNeighbours(this.#table, this.index, this.#table.faceIds());
  }

  /** Groups all faces, or what new ones touch: where there are many, or as told. */
  async group(scope: 'as usual' | 'touched' = 'as usual'): Promise<void> {
    const { sureness } = clusteringTuning;
    const { lastClusterId } = this.#memory;
    const outcome =
      scope === 'touched'
        ? this.#grouping.group(lastClusterId, sureness, 0, Infinity)
        : this.#grouping.group(lastClusterId, sureness, clusteringTuning.wholeFaces);
    this.#memory.take(await outcome);
  }

  /** A number for the group of each face, in the order in which they were added. */
  groupOfRow(): Float64Array {
    return Float64Array.from(this.#memory.faces, ({ faceId }) =>
      this.#memory.clusterOf.get(faceId)!,
    );
  }

  close(): Promise<void> {
    return this.index.close();
  }
}

const nothingSaid: FaceConstraints = { confirmed: [], rejected: [], sides: [] };

/** What grouping reads of a library in which nobody said anything yet, and writes back. */
class GroupsInMemory {
  readonly faces: FaceToGroup[] = [];
  readonly clusterOf = new Map<number, number>();
  lastClusterId = 0;
  #grouped = 0;
  #state: GroupedState | undefined;
  readonly #members = new Map<number, Set<number>>();
  readonly #rowOf = new Map<number, number>();
  readonly #facesIn = new Map<number, FaceToGroup[]>();

  add(face: FaceToGroup): void {
    this.faces.push(face);
    this.#rowOf.set(face.faceId, this.faces.length - 1);
    const beside = this.#facesIn.get(face.photoId);
    if (beside) beside.push(face);
    else this.#facesIn.set(face.photoId, [face]);
  }

  #face(faceId: number): FaceToGroup {
    return this.faces[this.#rowOf.get(faceId)!]!;
  }

  #groupsIn(photoId: number): number[] {
    return this.#facesIn.get(photoId)!.flatMap(({ faceId }) => this.clusterOf.get(faceId) ?? []);
  }

  readonly store = {
    faces: {
      groupable: () => this.faces,
      groupableOf: (faceIds: readonly number[]) =>
        faceIds
          .map((faceId) => this.#rowOf.get(faceId)!)
          .sort((a, b) => a - b)
          .map((row) => this.faces[row]!),
      groupableIn: (clusterIds: readonly number[]) =>
        clusterIds.flatMap((clusterId) =>
          Array.from(this.#members.get(clusterId) ?? [], (faceId) => {
            return { ...this.#face(faceId), clusterId };
          }),
        ),
    },
    groups: {
      size: () => this.clusterOf.size,
      digestsOf: (clusterIds: readonly number[]) =>
        clusterIds.flatMap((clusterId) => {
          const members = this.#members.get(clusterId);
          if (!members || members.size === 0) return [];
          let faceIdSum = 0;
          for (const faceId of members) faceIdSum += faceId;
          return { clusterId, faces: members.size, faceIdSum };
        }),
      clusterIds: () =>
        [...this.#members.keys()].filter((clusterId) => this.#members.get(clusterId)!.size > 0),
      current: () => [...this.clusterOf].map(([faceId, clusterId]) => ({ faceId, clusterId })),
      newcomers: () => this.faces.slice(this.#grouped).map(({ faceId }) => faceId),
      leavers: () => [],
      clustersOf: (faceIds: readonly number[]) => [
        ...new Set(faceIds.flatMap((faceId) => this.clusterOf.get(faceId) ?? [])),
      ],
      clusterOfFaces: (faceIds: readonly number[]) =>
        new Map(
          faceIds
            .filter((faceId) => this.clusterOf.has(faceId))
            .map((faceId) => [faceId, this.clusterOf.get(faceId)!]),
        ),
      inPhotos: (photoIds: readonly number[]) =>
        photoIds.flatMap((photoId) =>
          [...new Set(this.#groupsIn(photoId))].map((clusterId) => ({ photoId, clusterId })),
        ),
      companions: (wanted: number) => {
        const members = [...(this.#members.get(wanted) ?? [])];
        const photoIds = members.map((faceId) => this.#face(faceId).photoId);
        const met = new Set(photoIds.flatMap((photoId) => this.#groupsIn(photoId)));
        met.delete(wanted);
        return met.size;
      },
    },
    labels: {
      lastEventId: () => 0,
      eventsAfter: () => [],
      constraints: () => nothingSaid,
      constraintsOf: () => nothingSaid,
    },
    settings: { get: (key: string) => (key === 'grouped' ? this.#state : undefined) },
  };

  take({ changed, lastClusterId, state }: GroupingOutcome): void {
    for (const { faceId, clusterId } of changed) {
      this.#members.get(this.clusterOf.get(faceId) ?? 0)?.delete(faceId);
      this.clusterOf.set(faceId, clusterId);
      const members = this.#members.get(clusterId);
      if (members) members.add(faceId);
      else this.#members.set(clusterId, new Set([faceId]));
    }
    this.lastClusterId = lastClusterId;
    this.#grouped = this.faces.length;
    this.#state = state;
  }
}

/** @param embeddings unit vectors, one row a face. */
export async function groupWithKith(
  faces: readonly FaceToGroup[],
  embeddings: Float32Array,
  dimensions: number,
): Promise<KithGroups> {
  const clustering = await KithClustering.create(dimensions);
  const [, index] = await timed(async () => {
    for (const [row, face] of faces.entries()) {
      await clustering.add(face, embeddings.subarray(row * dimensions, (row + 1) * dimensions));
    }
    await clustering.added();
  });
  const [, neighbours] = await timed(() => clustering.findNeighbours());
  const [, grouping] = await timed(() => clustering.group());
  await clustering.close();
  return { groupOfRow: clustering.groupOfRow(), seconds: { index, neighbours, grouping } };
}

/**
 * Groups as many faces at once as may be before all is grouped anew for growth, and the others in
 * parts, each time only what is touched.
 *
 * @returns a number for each face's group.
 */
export async function groupInParts(
  faces: readonly FaceToGroup[],
  embeddings: Float32Array,
  dimensions: number,
  parts: number,
): Promise<Float64Array> {
  const clustering = await KithClustering.create(dimensions);
  const first = faces.length / clusteringTuning.wholeGrowth;
  let row = 0;
  for (let part = 0; part <= parts; part++) {
    for (; row < first + ((faces.length - first) * part) / parts; row++) {
      const embedding = embeddings.subarray(row * dimensions, (row + 1) * dimensions);
      await clustering.add(faces[row]!, embedding);
    }
    await clustering.group('touched');
  }
  await clustering.close();
  return clustering.groupOfRow();
}

/** What the work gives, and the seconds it took. */
export async function timed<T>(work: () => T | Promise<T>): Promise<[T, number]> {
  const started = performance.now();
  const result = await work();
  return [result, (performance.now() - started) / 1000];
}

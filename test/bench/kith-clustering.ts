/**
 * The one place where measurements touch Kith's grouping: from embeddings to groups at default
 * settings, by the same objects as in the engine, in steps that are timed apart.
 */
import type { GroupingFace } from '../../electron/core/clustering/group-faces.ts';
import { clusteringTuning } from '../../electron/core/tuning.ts';
import { FaceIndex } from '../../electron/engine/grouping/face-index.ts';
import { FaceTable } from '../../electron/engine/grouping/face-table.ts';
import {
  LibraryGrouping,
  type GroupedState,
} from '../../electron/engine/grouping/group-library.ts';
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
  readonly index: FaceIndex;
  readonly #table: FaceTable;
  readonly #memory = new GroupsInMemory();
  readonly #grouping: LibraryGrouping;
  #searched = 0;

  constructor(dimensions: number) {
    this.index = FaceIndex.create('bench', dimensions);
    this.#table = new FaceTable(dimensions, clusteringTuning.neighbours);
    this.#grouping = new LibraryGrouping(
      // It reads no more of a store than this.
      this.#memory.store as unknown as Store,
      this.#table,
      (faceId) => this.#neighboursOf(faceId),
      'bench',
    );
  }

  add(face: FaceToGroup, embedding: Float32Array): void {
    this.#memory.faces.push(face);
    this.#table.set(face.faceId, embedding);
    this.index.add(face.faceId, embedding);
  }

  /** Looks for the neighbours of all faces that came since the last time. */
  findNeighbours(): void {
    const { faces } = this.#memory;
    for (; this.#searched < faces.length; this.#searched++) {
      this.#neighboursOf(faces[this.#searched]!.faceId);
    }
  }

  /**
   * Groups all faces, or what new ones touch where there are many.
   *
   * @returns a number for the group of each face, in the order in which they were added.
   */
  group(): Float64Array {
    const { sureness, wholeFaces } = clusteringTuning;
    const { lastClusterId } = this.#memory;
    this.#memory.take(this.#grouping.group(lastClusterId, sureness, wholeFaces));
    return Float64Array.from(this.#memory.faces, ({ faceId }) =>
      this.#memory.clusterOf.get(faceId)!,
    );
  }

  #neighboursOf(faceId: number): Int32Array {
    return this.#table.neighbours(faceId, () => {
      const found = this.index.search(
        this.#table.embedding(faceId),
        clusteringTuning.neighbours + 1,
      );
      return found.faceIds.filter(
        (other, rank) =>
          other !== faceId && found.similarities[rank]! >= clusteringTuning.edgeSimilarity,
      );
    });
  }
}

/** What grouping reads of a library in which nobody said anything yet, and writes back. */
class GroupsInMemory {
  readonly faces: FaceToGroup[] = [];
  readonly clusterOf = new Map<number, number>();
  lastClusterId = 0;
  #state: GroupedState | undefined;
  readonly #members = new Map<number, Set<number>>();

  readonly store = {
    faces: { groupable: () => this.faces },
    groups: {
      size: () => this.clusterOf.size,
      current: () => [...this.clusterOf].map(([faceId, clusterId]) => ({ faceId, clusterId })),
      newcomers: () =>
        this.faces.map(({ faceId }) => faceId).filter((faceId) => !this.clusterOf.has(faceId)),
      leavers: () => [],
      members: (clusterId: number) => [...(this.#members.get(clusterId) ?? [])],
      clustersOf: (faceIds: readonly number[]) => [
        ...new Set(faceIds.flatMap((faceId) => this.clusterOf.get(faceId) ?? [])),
      ],
      clusterOfFaces: (faceIds: readonly number[]) =>
        new Map(
          faceIds
            .filter((faceId) => this.clusterOf.has(faceId))
            .map((faceId) => [faceId, this.clusterOf.get(faceId)!]),
        ),
    },
    labels: {
      lastEventId: () => 0,
      eventsAfter: () => [],
      constraints: () => ({ confirmed: [], rejected: [], sides: [] }),
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
    this.#state = state;
  }
}

/** @param embeddings unit vectors, one row a face. */
export function groupWithKith(
  faces: readonly FaceToGroup[],
  embeddings: Float32Array,
  dimensions: number,
): KithGroups {
  const clustering = new KithClustering(dimensions);
  const [, index] = timed(() => {
    for (const [row, face] of faces.entries()) {
      clustering.add(face, embeddings.subarray(row * dimensions, (row + 1) * dimensions));
    }
  });
  const [, neighbours] = timed(() => clustering.findNeighbours());
  const [groupOfRow, grouping] = timed(() => clustering.group());
  return { groupOfRow, seconds: { index, neighbours, grouping } };
}

/** What the work gives, and the seconds it took. */
export function timed<T>(work: () => T): [T, number] {
  const started = performance.now();
  const result = work();
  return [result, (performance.now() - started) / 1000];
}

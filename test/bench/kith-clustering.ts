/**
 * The one place where measurements touch Kith's grouping: from embeddings to groups at default
 * settings, in the steps that are timed apart.
 */
import {
  groupFaces,
  sizedThreshold,
  type GroupingFace,
} from '../../electron/core/clustering/group-faces.ts';
import { clusteringTuning } from '../../electron/core/tuning.ts';
import { FaceIndex } from '../../electron/engine/grouping/face-index.ts';

export interface FaceToGroup extends GroupingFace {
  /** 0 to 1. */
  readonly quality: number;
}

export interface KithGroups {
  /** A number for each face's group. */
  readonly groupOfRow: Uint32Array;
  readonly seconds: {
    readonly index: number;
    readonly neighbours: number;
    readonly grouping: number;
  };
}

/** Groups faces as the engine does, one step after the other. */
export class KithClustering {
  readonly index: FaceIndex;
  readonly #dimensions: number;
  readonly #faces: FaceToGroup[] = [];
  readonly #embeddings: Float32Array[] = [];
  readonly #neighbours: Int32Array[] = [];
  readonly #rowOfFace = new Map<number, number>();

  constructor(dimensions: number) {
    this.#dimensions = dimensions;
    this.index = FaceIndex.create('bench', dimensions);
  }

  add(face: FaceToGroup, embedding: Float32Array): void {
    this.#rowOfFace.set(face.faceId, this.#faces.length);
    this.#faces.push(face);
    this.#embeddings.push(embedding);
    this.index.add(face.faceId, embedding);
  }

  /** Looks for the neighbours of all faces that came since the last time. */
  findNeighbours(): void {
    for (let row = this.#neighbours.length; row < this.#faces.length; row++) {
      const { faceId } = this.#faces[row]!;
      const found = this.index.search(this.#embeddings[row]!, clusteringTuning.neighbours + 1);
      this.#neighbours.push(
        Int32Array.from(
          found.faceIds.filter(
            (other, rank) =>
              other !== faceId && found.similarities[rank]! >= clusteringTuning.edgeSimilarity,
          ),
        ),
      );
    }
  }

  /** @returns a number for the group of each face, in the order in which they were added. */
  group(): Uint32Array {
    const matrix = new Float32Array(this.#faces.length * this.#dimensions);
    for (const [row, embedding] of this.#embeddings.entries()) {
      matrix.set(embedding, row * this.#dimensions);
    }
    const { groupOfFace } = groupFaces({
      faces: this.#faces,
      embeddings: matrix,
      dimensions: this.#dimensions,
      neighbours: (faceId) => this.#neighbours[this.#rowOfFace.get(faceId)!]!,
      constraints: { confirmed: [], rejected: [], sides: [] },
      joinThreshold: sizedThreshold(
        clusteringTuning.joinSimilarity,
        clusteringTuning.joinSimilarityOfMany,
      ),
      suggestThreshold: clusteringTuning.suggestSimilarity,
    });
    return Uint32Array.from(this.#faces, ({ faceId }) => groupOfFace.get(faceId)!);
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

import { groupFaces } from '../../electron/core/clustering/group-faces.ts';
import { compactHead } from '../../electron/core/compact.ts';
import { embedFeatures, type Head } from '../../electron/core/head.ts';
import { forEachPair } from '../../electron/core/training/pairs.ts';
import { clusteringTuning } from '../../electron/core/tuning.ts';
import { clusterMeasures } from './cluster-measures.ts';
import { numbered, type Album } from './learn-album.ts';

/** Shifts of the threshold that a re-calibration chooses from, cosine similarity. */
const shifts = [-0.1, -0.075, -0.05, -0.025, 0.025, 0.05, 0.075, 0.1];

/** Faces with their true neighbours, to be grouped as the product does, under some names. */
export class NamedGrouping {
  readonly #album: Album;
  readonly #embeddings: Float32Array;
  readonly #dimensions: number;
  readonly #neighbours: readonly (readonly number[])[];
  readonly #persons: Int32Array;
  readonly #photos: Int32Array;

  constructor(album: Album, head: Head) {
    const small = compactHead(head);
    this.#album = album;
    this.#dimensions = small.bias.length;
    this.#embeddings = embedFeatures(small, album.features);
    this.#neighbours = nearest(this.#embeddings, this.#dimensions);
    this.#persons = numbered(album.identities);
    this.#photos = numbered(album.photos);
  }

  /**
   * @param named rows whose names are known.
   * @param counted rows that are measured.
   * @param shift of the threshold, cosine similarity.
   * @returns BCubed F of the counted rows.
   */
  measure(named: ReadonlySet<number>, counted: readonly number[], shift = 0): number {
    const { groupOfRow } = groupFaces({
      faces: this.#album.identities.map((_, row) => ({
        faceId: row + 1,
        photoId: this.#photos[row]! + 1,
        // Clear and frontal: nothing else is known.
        ...{ size: 112, sharpness: 1, yaw: 0 },
      })),
      embedding: (row) =>
        this.#embeddings.subarray(row * this.#dimensions, (row + 1) * this.#dimensions),
      dimensions: this.#dimensions,
      neighbours: (row) => this.#neighbours[row]!,
      constraints: {
        confirmed: [...named].map((row) => ({
          faceId: row + 1,
          personId: this.#persons[row]! + 1,
        })),
        rejected: [],
        sides: [],
      },
      sureness: clusteringTuning.sureness,
      thresholdShift: shift,
      seed: clusteringTuning.seed,
    });
    // Groups with faces of one person are shown as that person.
    const personOf = new Map([...named].map((row) => [groupOfRow[row]!, this.#persons[row]!]));
    return clusterMeasures(
      counted.map((row) => {
        const person = personOf.get(groupOfRow[row]!);
        return person === undefined ? String(groupOfRow[row]) : `person ${person}`;
      }),
      counted.map((row) => this.#album.identities[row]!),
    ).bcubed.f;
  }

  /**
   * Re-calibration: the shift at which named faces group best while every other name is hidden.
   */
  fitShift(named: readonly number[]): number {
    const hidden = named.filter((_, place) => place % 2 === 0);
    const known = new Set(named.filter((_, place) => place % 2 === 1));
    let best = { shift: 0, f: this.measure(known, hidden) };
    for (const shift of shifts) {
      const f = this.measure(known, hidden, shift);
      if (f > best.f) best = { shift, f };
    }
    return best.shift;
  }
}

function nearest(embeddings: Float32Array, dimensions: number): number[][] {
  const count = embeddings.length / dimensions;
  const found = Array.from({ length: count }, (): { row: number; similarity: number }[] => []);
  forEachPair(embeddings, dimensions, (first, second, similarity) => {
    if (similarity < clusteringTuning.edgeSimilarity) return;
    found[first]!.push({ row: second, similarity });
    found[second]!.push({ row: first, similarity });
  });
  return found.map((list) =>
    list
      .sort((a, b) => b.similarity - a.similarity)
      .slice(0, clusteringTuning.neighbours)
      .map(({ row }) => row),
  );
}

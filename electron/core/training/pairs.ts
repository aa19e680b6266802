import { timesTransposed } from '../matrices.ts';
import { logistic, type WeightedPairs } from './losses.ts';
import type { Random } from '../random.ts';

/** Rows taken together while all pairs are looked through: their vectors stay in the cache. */
const blockRows = 128;

/**
 * Cosine similarity of every two different rows, each pair once with `first` < `second`.
 *
 * @param embeddings unit vectors, count × dimensions.
 */
export function forEachPair(
  embeddings: Float32Array,
  dimensions: number,
  visit: (first: number, second: number, similarity: number) => void,
): void {
  const count = embeddings.length / dimensions;
  const block = new Float32Array(blockRows * blockRows);
  for (let blockA = 0; blockA < count; blockA += blockRows) {
    const endA = Math.min(count, blockA + blockRows);
    const rowsA = embeddings.subarray(blockA * dimensions, endA * dimensions);
    for (let blockB = blockA; blockB < count; blockB += blockRows) {
      const endB = Math.min(count, blockB + blockRows);
      const columns = endB - blockB;
      timesTransposed(
        rowsA,
        embeddings.subarray(blockB * dimensions, endB * dimensions),
        dimensions,
        block,
      );
      for (let first = blockA; first < endA; first++) {
        const at = (first - blockA) * columns - blockB;
        for (let second = Math.max(blockB, first + 1); second < endB; second++) {
          visit(first, second, block[at + second]!);
        }
      }
    }
  }
}

/**
 * Pairs of two people matter the more the more alike they are. Softer than the likelihood's own slope,
 * since they become more or less alike while they are in use.
 */
const chanceSteepness = 15;
const chanceMiddle = 0.35;

/** Gathers weighted pairs and scales each kind's weights to a sum. */
export class PairList {
  #first = new Uint32Array(1024);
  #second = new Uint32Array(1024);
  #weights = new Float32Array(1024);
  /** Similarity of two people; 2 for pairs of one person. */
  #similarities = new Float32Array(1024);
  #size = 0;
  #sameCount = 0;
  #left = 0;
  #sumOfSame = 0;
  #sumOfDifferent = 0;

  get size(): number {
    return this.#size;
  }

  add(first: number, second: number, same: boolean, weight: number, similarity: number): void {
    if (!(weight > 0)) return;
    if (this.#size === this.#first.length) this.#grow();
    const at = this.#size++;
    this.#first[at] = first;
    this.#second[at] = second;
    this.#weights[at] = weight;
    this.#similarities[at] = same ? 2 : similarity;
    if (same) {
      this.#sameCount++;
      this.#sumOfSame += weight;
    } else this.#sumOfDifferent += weight;
  }

  /** A pair of two people that is too far apart to matter, yet counts in their mean. */
  leaveOut(weight: number): void {
    this.#left += weight;
  }

  /**
   * Weights of pairs of one person sum to 1, those of two people to `differentShare`. Above
   * `maxPairs` some are left out by chance, those of two people who are little alike first, and what
   * is kept weighs as much more as it was unlikely to be.
   */
  finish(differentShare: number, maxPairs: number, random: Random): WeightedPairs {
    const chanceOf = this.#chances(maxPairs);
    const kept: number[] = [];
    const weights: number[] = [];
    const ofSame = 1 / (this.#sumOfSame || 1);
    const ofDifferent = differentShare / (this.#sumOfDifferent + this.#left || 1);
    for (let at = 0; at < this.#size; at++) {
      const similarity = this.#similarities[at]!;
      const chance = chanceOf(similarity);
      if (chance < 1 && random() >= chance) continue;
      kept.push(at);
      weights.push((this.#weights[at]! * (similarity === 2 ? ofSame : ofDifferent)) / chance);
    }
    return {
      first: Uint32Array.from(kept, (at) => this.#first[at]!),
      second: Uint32Array.from(kept, (at) => this.#second[at]!),
      weights: Float32Array.from(weights),
      same: Uint8Array.from(kept, (at) => (this.#similarities[at] === 2 ? 1 : 0)),
    };
  }

  /** How likely a pair is kept: half of the room is for pairs of one person, if they need it. */
  #chances(maxPairs: number): (similarity: number) => number {
    if (this.#size <= maxPairs) return () => 1;
    const differentCount = this.#size - this.#sameCount;
    const roomOfSame = Math.max(maxPairs / 2, maxPairs - differentCount);
    const same = Math.min(1, roomOfSame / this.#sameCount);
    const room = maxPairs - same * this.#sameCount;
    const matters = (similarity: number) => logistic(chanceSteepness * (similarity - chanceMiddle));
    // Counted by hundredths, since only the sum of chances matters here.
    const counts = new Uint32Array(201);
    for (let at = 0; at < this.#size; at++) {
      const similarity = this.#similarities[at]!;
      if (similarity !== 2) counts[Math.round(100 * similarity) + 100]!++;
    }
    let factor = room / differentCount;
    for (let round = 0; round < 8; round++) {
      let expected = 0;
      for (const [at, count] of counts.entries()) {
        expected += count * Math.min(1, factor * matters(at / 100 - 1));
      }
      factor *= room / expected;
    }
    return (similarity) => (similarity === 2 ? same : Math.min(1, factor * matters(similarity)));
  }

  #grow(): void {
    const length = this.#first.length * 2;
    const longer = <T extends Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>>(
      from: T,
      to: T,
    ) => {
      to.set(from);
      return to;
    };
    this.#first = longer(this.#first, new Uint32Array(length));
    this.#second = longer(this.#second, new Uint32Array(length));
    this.#weights = longer(this.#weights, new Float32Array(length));
    this.#similarities = longer(this.#similarities, new Float32Array(length));
  }
}

import type { WeightedPairs } from './losses.ts';
import type { Random } from './random.ts';

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
  const sums = new Float32Array(4);
  for (let blockA = 0; blockA < count; blockA += blockRows) {
    const endA = Math.min(count, blockA + blockRows);
    for (let blockB = blockA; blockB < count; blockB += blockRows) {
      const endB = Math.min(count, blockB + blockRows);
      for (let first = blockA; first < endA; first++) {
        let second = Math.max(blockB, first + 1);
        for (; second + 4 <= endB; second += 4) {
          fourProducts(embeddings, dimensions, first, second, sums);
          for (let i = 0; i < 4; i++) visit(first, second + i, sums[i]!);
        }
        for (; second < endB; second++) {
          visit(first, second, product(embeddings, dimensions, first, second));
        }
      }
    }
  }
}

/** Dot product of two rows. */
export function product(
  embeddings: Float32Array,
  dimensions: number,
  first: number,
  second: number,
): number {
  const a = first * dimensions;
  const b = second * dimensions;
  let sum = 0;
  for (let i = 0; i < dimensions; i++) sum += embeddings[a + i]! * embeddings[b + i]!;
  return sum;
}

function fourProducts(
  embeddings: Float32Array,
  dimensions: number,
  first: number,
  second: number,
  sums: Float32Array,
): void {
  const a = first * dimensions;
  const b0 = second * dimensions;
  const b1 = b0 + dimensions;
  const b2 = b1 + dimensions;
  const b3 = b2 + dimensions;
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  for (let i = 0; i < dimensions; i++) {
    const value = embeddings[a + i]!;
    sum0 += value * embeddings[b0 + i]!;
    sum1 += value * embeddings[b1 + i]!;
    sum2 += value * embeddings[b2 + i]!;
    sum3 += value * embeddings[b3 + i]!;
  }
  sums[0] = sum0;
  sums[1] = sum1;
  sums[2] = sum2;
  sums[3] = sum3;
}

/** Gathers weighted pairs and scales each kind's weights to a sum. */
export class PairList {
  readonly #first: number[] = [];
  readonly #second: number[] = [];
  readonly #weights: number[] = [];
  readonly #same: number[] = [];
  #left = 0;
  #sumOfSame = 0;
  #sumOfDifferent = 0;

  get size(): number {
    return this.#first.length;
  }

  add(first: number, second: number, same: boolean, weight: number): void {
    if (!(weight > 0)) return;
    this.#first.push(first);
    this.#second.push(second);
    this.#same.push(same ? 1 : 0);
    this.#weights.push(weight);
    if (same) this.#sumOfSame += weight;
    else this.#sumOfDifferent += weight;
  }

  /** A pair of two people that is too far apart to matter, yet counts in their mean. */
  leaveOut(weight: number): void {
    this.#left += weight;
  }

  /**
   * Weights of pairs of one person sum to 1, those of two people to `differentShare`. Above
   * `maxPairs` some are left out by chance, and the others of their kind weigh more instead.
   */
  finish(differentShare: number, maxPairs: number, random: Random): WeightedPairs {
    const keep = Math.min(1, maxPairs / (this.size || 1));
    const chosen = this.#first.keys().filter(() => keep === 1 || random() < keep);
    const kept = Uint32Array.from(chosen);
    const same = Uint8Array.from(kept, (at) => this.#same[at]!);
    const ofSame = 1 / (this.#sumOfSame || 1) / keep;
    const ofDifferent = differentShare / (this.#sumOfDifferent + this.#left || 1) / keep;
    return {
      first: Uint32Array.from(kept, (at) => this.#first[at]!),
      second: Uint32Array.from(kept, (at) => this.#second[at]!),
      weights: Float32Array.from(
        kept,
        (at) => this.#weights[at]! * (this.#same[at] === 1 ? ofSame : ofDifferent),
      ),
      same,
    };
  }
}

import { logistic, type WeightedPairs } from './losses.ts';
import type { Memberships } from './memberships.ts';
import { forEachPair, PairList } from './pairs.ts';
import type { Random } from '../random.ts';
import type { PairRecipe } from './recipe.ts';
import { pairKey } from './training-faces.ts';

export interface MiningLimits {
  readonly dimensions: number;
  readonly leastSimilarity: number;
  readonly maxPairs: number;
  /** Weight of all pairs of two people together; those of one person weigh 1. */
  readonly differentShare: number;
  readonly random: Random;
}

/**
 * Pairs of named faces: all of one person, and those of two people that are like enough to matter.
 *
 * @param trust weight of each row, 0 to 1.
 * @param apart pairs known to be two people, see `knownApart`, as keys of these rows.
 */
export function mineNamedPairs(
  embeddings: Float32Array,
  persons: ArrayLike<number>,
  trust: ArrayLike<number>,
  apart: ReadonlySet<number>,
  limits: MiningLimits,
): WeightedPairs {
  const list = new PairList();
  forEachPair(embeddings, limits.dimensions, (first, second, similarity) => {
    const known = apart.has(pairKey(first, second, persons.length));
    const named = persons[first]! >= 0 && persons[second]! >= 0;
    if (!known && !named) return;
    const weight = trust[first]! * trust[second]!;
    if (!known && persons[first] === persons[second])
      list.add(first, second, true, weight, similarity);
    else if (similarity > limits.leastSimilarity)
      list.add(first, second, false, weight, similarity);
    else list.leaveOut(weight);
  });
  return list.finish(limits.differentShare, limits.maxPairs, limits.random);
}

/** Pairs of all faces, each by the probability that it is of one person and of two. */
export function mineSoftPairs(
  embeddings: Float32Array,
  { ofRow, similarity, classCount, personCount }: Memberships,
  trust: ArrayLike<number>,
  apart: ReadonlySet<number>,
  { apartSimilarity, apartTemperature }: NonNullable<PairRecipe['all']>,
  limits: MiningLimits,
): WeightedPairs {
  const different = similarity.map((value, at) => {
    const twoPersons = Math.max(at % classCount, Math.floor(at / classCount)) < personCount;
    return twoPersons ? 1 : logistic((apartSimilarity - value) / apartTemperature);
  });
  const list = new PairList();
  forEachPair(embeddings, limits.dimensions, (first, second, likeness) => {
    const weight = trust[first]! * trust[second]!;
    let together = 0;
    let separate = 0;
    if (apart.has(pairKey(first, second, ofRow.length))) {
      separate = 1;
    } else {
      for (const one of ofRow[first]!) {
        for (const other of ofRow[second]!) {
          const mass = one.mass * other.mass;
          if (one.class === other.class) together += mass;
          else separate += mass * different[one.class * classCount + other.class]!;
        }
      }
    }
    if (together > 0.01) list.add(first, second, true, weight * together, likeness);
    if (likeness > limits.leastSimilarity)
      list.add(first, second, false, weight * separate, likeness);
    else list.leaveOut(weight * separate);
  });
  return list.finish(limits.differentShare, limits.maxPairs, limits.random);
}

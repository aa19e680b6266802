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

/**
 * Pairs of all faces, as labels and grouping tell who they are. Two groups that are alike may be one
 * person: their pairs count by the probability that they are two.
 */
export function mineAllPairs(
  embeddings: Float32Array,
  { classOf, similarity, classCount, personCount }: Memberships,
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
    const [one, other] = [classOf[first]!, classOf[second]!];
    const known = apart.has(pairKey(first, second, classOf.length));
    if (!known && (one < 0 || other < 0)) return;
    if (!known && one === other) {
      list.add(first, second, true, weight, likeness);
      return;
    }
    const separate = known ? 1 : different[one * classCount + other]!;
    if (likeness > limits.leastSimilarity) {
      list.add(first, second, false, weight * separate, likeness);
    } else list.leaveOut(weight * separate);
  });
  return list.finish(limits.differentShare, limits.maxPairs, limits.random);
}

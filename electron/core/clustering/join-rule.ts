import { clusteringTuning } from '../tuning.ts';
import { conflict, isNamed, isRejected, unite, type Marks } from './constraints.ts';
import type { Companions } from './companions.ts';
import type { JoinRule } from './linkage.ts';
import type { PhotoSets } from './photo-sets.ts';

/** What the rule knows of each node, beside its vector. */
export interface NodeFacts {
  readonly counts: Uint32Array;
  /** Squared length of the sum of each node's unit vectors. */
  readonly squares: Float32Array;
  /** Share of faces seen from the side, 0 to 1. */
  readonly profileShares: Float32Array;
  /** How alike each node is to other people, above the library's mean; cosine similarity. */
  readonly impostorLevels: Float32Array;
  readonly marks: readonly Marks[];
  readonly photos: Pick<PhotoSets, 'sharedShare' | 'join'>;
  /** Missing while it is not known who is who. */
  readonly companions?: Companions;
}

/** Cosine similarity above the threshold to the probability that two groups are one person. */
export function probabilityOfMargin(margin: number): number {
  return 1 / (1 + Math.exp(-clusteringTuning.slope * margin));
}

/** The inverse of {@link probabilityOfMargin}. */
export function marginOfProbability(probability: number): number {
  return Math.log(probability / (1 - probability)) / clusteringTuning.slope;
}

/**
 * When two groups are one person: their mean similarity, corrected for what is known of both,
 * against a threshold that falls as they grow, since many pairs say more than one, and rises with
 * the number of people, since among more people more look alike.
 *
 * The corrections: a group of faces seen from the side is less like one of frontal faces (cross-pose
 * pairs); a group that is like many strangers has to be more alike (adaptive score normalisation,
 * Matějka et al., Interspeech 2017); so does one whose own faces are very alike, while who varies much
 * is met halfway (as in scoring by a two-covariance model: Brümmer and de Villiers, "The speaker
 * partitioning problem", Odyssey 2010); two groups that were seen with the same people need less; two
 * faces of one photo are seldom one person, but a mirror or a collage must not split one (a penalty by
 * the share of photos that both groups have).
 *
 * What the user said is not somebody is put with somebody else only where that is surer: it came to
 * the wrong person once, and must not go from one to the next.
 *
 * @param people how many people the library has, roughly.
 * @param sureness probability from which groups are joined, 0 to 1.
 * @param thresholdShift how much more alike the head makes strangers than the one that the thresholds
 *   were found with, cosine similarity.
 */
export function createJoinRule(
  facts: NodeFacts,
  people: number,
  sureness: number,
  thresholdShift: number,
): PersonRule {
  const counts = Uint32Array.from(facts.counts);
  const profiles = Float32Array.from(facts.profileShares);
  const levels = Float32Array.from(facts.impostorLevels);
  const marks = [...facts.marks];
  const squares = Float32Array.from(facts.squares);
  const { photos, companions } = facts;
  const base = baseThreshold(people) + thresholdShift;
  const least = marginOfProbability(sureness);
  const { loneRise, profileLeniency, impostorWeight, samePhotoPenalty } = clusteringTuning;
  const cohesions = Float32Array.from(counts, (count, node) => cohesion(count, squares[node]!));
  const { slope, companionLimit } = clusteringTuning;
  const mostCompany = companions === undefined ? 0 : companionLimit;
  const toNamed = marginOfProbability(Math.max(sureness, clusteringTuning.surenessOfRejected));

  const byLikeness = (a: number, b: number, similarity: number): number => {
    const threshold = base + loneRise / Math.sqrt(counts[a]! * counts[b]!);
    return (
      similarity -
      threshold -
      (cohesions[a]! + cohesions[b]!) +
      profileLeniency * Math.abs(profiles[a]! - profiles[b]!) -
      (impostorWeight * (levels[a]! + levels[b]!)) / 2
    );
  };
  /** What company counts for: more for fewer faces, as what their likeness says is less sure. */
  const companyWeight = (a: number, b: number): number =>
    1 / (slope * Math.sqrt(Math.min(counts[a]!, counts[b]!)));
  const company = (a: number, b: number): number =>
    companions === undefined ? 0 : companyWeight(a, b) * companions.evidence(a, b);
  const photosShared = (a: number, b: number): number =>
    samePhotoPenalty * Math.sqrt(photos.sharedShare(a, b));
  const evidence: PersonRule['evidence'] = (a, b, similarity, exactFrom) => {
    const alone = byLikeness(a, b, similarity);
    // What follows is ever costlier, and asked only where it can make a difference.
    const most = alone + mostCompany * companyWeight(a, b);
    if (most < exactFrom) return most;
    const inCompany = alone + company(a, b);
    return inCompany < exactFrom ? inCompany : inCompany - photosShared(a, b);
  };
  return {
    evidence,
    forbids: (a, b) => conflict(marks[a]!, marks[b]!),
    margin(a, b, similarity, exactFrom) {
      const wary =
        (isNamed(marks[a]!) && isRejected(marks[b]!)) ||
        (isNamed(marks[b]!) && isRejected(marks[a]!));
      const needed = wary ? toNamed : least;
      const matters = needed + Math.max(0, exactFrom);
      const found = evidence(a, b, similarity, matters);
      return found >= matters && conflict(marks[a]!, marks[b]!) ? -Infinity : found - needed;
    },
    joined(a, b, similarity) {
      squares[a]! += squares[b]! + 2 * similarity * counts[a]! * counts[b]!;
      const all = counts[a]! + counts[b]!;
      const share = counts[b]! / all;
      profiles[a]! += share * (profiles[b]! - profiles[a]!);
      levels[a]! += share * (levels[b]! - levels[a]!);
      counts[a] = all;
      cohesions[a] = cohesion(all, squares[a]!);
      marks[a] = unite(marks[a]!, marks[b]!);
      companions?.join(a, b);
      photos.join(a, b);
    },
    facts: () => ({ counts, squares, profileShares: profiles, impostorLevels: levels, marks }),
  };
}

export interface PersonRule extends JoinRule {
  /** What is known of the groups by now; of one that became part of another nothing. */
  facts(): Omit<NodeFacts, 'photos' | 'companions'>;
  /**
   * Cosine similarity above the threshold at even odds, without regard to constraints.
   *
   * @param exactFrom evidence that is less may be told as too much, but for less than this.
   */
  evidence(a: number, b: number, similarity: number, exactFrom: number): number;
  forbids(a: number, b: number): boolean;
}

function baseThreshold(people: number): number {
  const { manyThreshold, risePerTenfoldPeople, usualPeople, leastPeople } = clusteringTuning;
  const share = Math.max(people, leastPeople) / usualPeople;
  return manyThreshold + risePerTenfoldPeople * Math.log10(share);
}

/**
 * What a group's own likeness adds to its threshold: its faces' mean similarity against the usual
 * one, as far as its pairs tell, and less for large groups, of which many pairs tell anyway.
 */
function cohesion(count: number, square: number): number {
  const { cohesionWeight, usualCohesion, cohesionPairs, cohesionFaces } = clusteringTuning;
  const pairs = (count * (count - 1)) / 2;
  const within = (square - count) / 2;
  const above = (within - usualCohesion * pairs) / (pairs + cohesionPairs);
  return (cohesionWeight * above) / (1 + count / cohesionFaces);
}

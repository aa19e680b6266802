import { probabilityOf, type Odds } from '../verification.ts';
import { logistic } from './losses.ts';
import { forEachPair } from './pairs.ts';

/** How many pairs of each kind are how alike, by ranges of similarity as wide as each other. */
export interface PairCounts {
  /** Of one person, and of two; weights ≥ 0. */
  readonly same: Float64Array;
  readonly different: Float64Array;
}

/** Ranges from −1 to 1. */
const ranges = 400;
const middleOf = (range: number) => (2 * (range + 0.5)) / ranges - 1;

/**
 * @param embeddings unit vectors, count × dimensions.
 * @param weigh weight of a pair, by its rows; all alike without it.
 */
export function countPairs(
  embeddings: Float32Array,
  dimensions: number,
  identities: ArrayLike<number>,
  weigh: (first: number, second: number) => number = () => 1,
): PairCounts {
  const counts = { same: new Float64Array(ranges), different: new Float64Array(ranges) };
  forEachPair(embeddings, dimensions, (first, second, similarity) => {
    const kind = identities[first] === identities[second] ? counts.same : counts.different;
    const range = Math.floor(((similarity + 1) / 2) * ranges);
    kind[Math.min(ranges - 1, Math.max(0, range))]! += weigh(first, second);
  });
  return counts;
}

/** Counts of pairs of several heads or faces as one. */
export function addCounts(several: readonly PairCounts[]): PairCounts {
  const add = (kind: keyof PairCounts) =>
    Float64Array.from({ length: ranges }, (_, range) =>
      several.reduce((total, counts) => total + counts[kind][range]!, 0),
    );
  return { same: add('same'), different: add('different') };
}

/** The same, in which the pairs of each kind of each weigh the same. */
export function mixCounts(several: readonly PairCounts[]): PairCounts {
  const mix = (kind: keyof PairCounts) => {
    const mixed = new Float64Array(ranges);
    for (const counts of several) {
      const total = sum(counts[kind]);
      for (let range = 0; range < ranges; range++) mixed[range]! += counts[kind][range]! / total;
    }
    return mixed;
  };
  return { same: mix('same'), different: mix('different') };
}

/**
 * The probability of one person by similarity under which these pairs are likeliest, if as many pairs
 * of one person as of two were shown: logistic regression, by Newton's method.
 *
 * @param prior what is known from before, as good as `priorPairs` pairs of one person, and as many of
 *   two, whose similarities lie around it.
 */
export function fitCalibration(
  { same, different }: PairCounts,
  prior: Odds,
  priorPairs: number,
): Odds {
  const pairs = sum(same);
  const scale = pairs / (sum(different) || 1);
  const points = [...priorPoints(prior, priorPairs)];
  for (let range = 0; range < ranges; range++) {
    const ofTwo = different[range]! * scale;
    if (same[range]! + ofTwo === 0) continue;
    points.push({ similarity: middleOf(range), same: same[range]!, different: ofTwo });
  }
  // From no slope at all: from the prior's, Newton's steps may lead away.
  let [slope, offset] = [0, 0];
  for (let round = 0; round < 50; round++) {
    let [g0, g1, h00, h01, h11] = [0, 0, 0, 0, 0];
    for (const { similarity, same: ofOne, different: ofTwo } of points) {
      const probability = logistic(offset + slope * similarity);
      const error = (ofOne + ofTwo) * probability - ofOne;
      const curvature = (ofOne + ofTwo) * probability * (1 - probability);
      g0 += error;
      g1 += error * similarity;
      h00 += curvature;
      h01 += curvature * similarity;
      h11 += curvature * similarity * similarity;
    }
    const determinant = h00 * h11 - h01 * h01;
    if (!(determinant > 0)) return prior;
    offset -= (h11 * g0 - h01 * g1) / determinant;
    slope -= (h00 * g1 - h01 * g0) / determinant;
  }
  // Labels under which likeness says nothing, or all, teach nothing.
  return slope > 0 && Number.isFinite(slope) && Number.isFinite(offset)
    ? { evenSimilarity: -offset / slope, slope }
    : prior;
}

/**
 * Share of pairs that are told right at the similarity at which most are, if as many pairs of one
 * person as of two were shown, 0 to 1: the accuracy of LFW's protocol (Huang et al. 2007), but pairs
 * near the threshold count for a part on either side of it, or a few of them would decide.
 *
 * @param blur similarity from the threshold at which a pair counts as told right by 0.73.
 */
export function bestAccuracy({ same, different }: PairCounts, blur: number): number {
  const [ofOne, ofTwo] = [sum(same), sum(different)];
  // By how many ranges a pair lies above the threshold.
  const above = Float64Array.from({ length: 2 * ranges - 1 }, (_, at) =>
    logistic((2 * (at - ranges + 1)) / ranges / blur),
  );
  let best = 0;
  for (let threshold = 0; threshold < ranges; threshold++) {
    let right = 0;
    for (let range = 0; range < ranges; range++) {
      const accepted = above[range - threshold + ranges - 1]!;
      right += (same[range]! / ofOne) * accepted + (different[range]! / ofTwo) * (1 - accepted);
    }
    best = Math.max(best, right / 2);
  }
  return best;
}

/** How far probabilities are from the truth on average, 0 to 1, with as many pairs of each kind. */
export function calibrationError({ same, different }: PairCounts, odds: Odds): number {
  const [ofOne, ofTwo] = [sum(same), sum(different)];
  const bins = Array.from({ length: 20 }, () => ({ told: 0, real: 0 }));
  for (let range = 0; range < ranges; range++) {
    const [one, two] = [same[range]! / ofOne, different[range]! / ofTwo];
    const probability = probabilityOf(middleOf(range), odds);
    const bin = bins[Math.min(bins.length - 1, Math.floor(probability * bins.length))]!;
    bin.told += probability * (one + two);
    bin.real += one;
  }
  return bins.reduce((total, { told, real }) => total + Math.abs(told - real), 0) / 2;
}

function* priorPoints({ evenSimilarity, slope }: Odds, priorPairs: number) {
  const steps = 21;
  for (let step = 0; step < steps; step++) {
    const odds = 8 * (step / (steps - 1) - 0.5);
    const weight = (2 * priorPairs) / steps;
    const probability = logistic(odds);
    yield {
      similarity: evenSimilarity + odds / slope,
      same: weight * probability,
      different: weight * (1 - probability),
    };
  }
}

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);

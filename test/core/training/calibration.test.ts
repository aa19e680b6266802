import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../electron/core/random.ts';
import {
  addCounts,
  bestAccuracy,
  calibrationError,
  countPairs,
  fitCalibration,
  mixCounts,
  type PairCounts,
} from '../../../electron/core/training/calibration.ts';
import { probabilityOf, similarityOf } from '../../../electron/core/verification.ts';

const prior = { evenSimilarity: 0.35, slope: 14 };
const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);

/** Pairs whose similarities are spread evenly and that are of one person as `odds` say. */
function drawPairs(odds: typeof prior, count: number, seed: number): PairCounts {
  const random = createRandom(seed);
  const counts = { same: new Float64Array(400), different: new Float64Array(400) };
  for (let pair = 0; pair < count; pair++) {
    // Around the middle alike, so that there are as many of each kind.
    const similarity = odds.evenSimilarity + (random() - 0.5) * 0.8;
    const kind = random() < probabilityOf(similarity, odds) ? counts.same : counts.different;
    kind[Math.floor(((similarity + 1) / 2) * 400)]!++;
  }
  return counts;
}

describe('probabilities of similarities', () => {
  it('rise with likeness, from hardly any to nearly all, and back', () => {
    const values = Array.from({ length: 21 }, (_, at) => probabilityOf(at / 10 - 1, prior));
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    expect(probabilityOf(0, prior)).toBeLessThan(0.01);
    expect(probabilityOf(0.8, prior)).toBeGreaterThan(0.99);
    expect(probabilityOf(similarityOf(0.73, prior), prior)).toBeCloseTo(0.73, 10);
  });
});

describe('countPairs', () => {
  it('counts each pair once by its kind, weight and similarity', () => {
    // Angles of 0, 60 and 90 degrees.
    const embeddings = Float32Array.from([1, 0, 0.5, Math.sqrt(0.75), 0, 1]);
    const counts = countPairs(embeddings, 2, [7, 7, 8], (first) => (first === 0 ? 2 : 1));
    expect(sum(counts.same)).toBe(2);
    expect(counts.same[Math.floor(0.75 * 400 - 1e-3)]! + counts.same[300]!).toBe(2);
    expect(sum(counts.different)).toBe(3);
    expect(sum(addCounts([counts, counts]).different)).toBe(6);
    const mixed = mixCounts([counts, addCounts([counts, counts])]);
    expect(sum(mixed.same)).toBeCloseTo(2, 10);
    expect(sum(mixed.different)).toBeCloseTo(2, 10);
  });
});

describe('bestAccuracy', () => {
  const kinds = fc.array(fc.nat(20), { minLength: 400, maxLength: 400 });
  const countsOf = ([same, different]: readonly number[][]): PairCounts => ({
    same: Float64Array.from([...same!.slice(0, 399), 1]),
    different: Float64Array.from([1, ...different!.slice(1)]),
  });

  it('is that of the threshold at which most are told right, by brute force', () => {
    fc.assert(
      fc.property(fc.tuple(kinds, kinds), (drawn) => {
        const { same, different } = countsOf(drawn);
        let best = 0;
        for (let threshold = 0; threshold < 400; threshold++) {
          // The range of the threshold itself counts half on either side.
          const accepted = sum(same.slice(threshold + 1)) + same[threshold]! / 2;
          const refused = sum(different.slice(0, threshold)) + different[threshold]! / 2;
          best = Math.max(best, accepted / sum(same) / 2 + refused / sum(different) / 2);
        }
        expect(bestAccuracy({ same, different }, 1e-5)).toBeCloseTo(best, 9);
      }),
      { numRuns: 50 },
    );
  });

  it('counts pairs near the threshold for a part', () => {
    const counts = { same: new Float64Array(400), different: new Float64Array(400) };
    counts.same[220] = 7;
    counts.different[180] = 3000;
    // 0.1 on either side of the threshold.
    expect(bestAccuracy(counts, 0.1)).toBeCloseTo(1 / (1 + Math.exp(-1)), 6);
    expect(bestAccuracy({ same: counts.different, different: counts.same }, 0.01)).toBeLessThan(
      0.51,
    );
  });
});

describe('fitCalibration', () => {
  it('finds the odds that pairs were drawn by', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 0.6, noNaN: true }),
        fc.double({ min: 6, max: 25, noNaN: true }),
        fc.integer({ min: 1, max: 1e6 }),
        (evenSimilarity, slope, seed) => {
          const odds = { evenSimilarity, slope };
          const pairs = drawPairs(odds, 40_000, seed);
          const found = fitCalibration(pairs, prior, 0.01);
          expect(Math.abs(found.evenSimilarity - evenSimilarity)).toBeLessThan(0.02);
          expect(Math.abs(found.slope / slope - 1)).toBeLessThan(0.08);
          expect(calibrationError(pairs, found)).toBeLessThan(0.02);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('stays with what was known where pairs are few or say nothing', () => {
    const few = drawPairs({ evenSimilarity: 0.5, slope: 8 }, 10, 1);
    const found = fitCalibration(few, prior, 1000);
    expect(found.evenSimilarity).toBeCloseTo(prior.evenSimilarity, 2);
    expect(found.slope).toBeCloseTo(prior.slope, 0);
    const none = { same: new Float64Array(400), different: new Float64Array(400) };
    const still = fitCalibration(none, prior, 100);
    expect(still.evenSimilarity).toBeCloseTo(prior.evenSimilarity, 6);
    expect(still.slope).toBeCloseTo(prior.slope, 4);
    // The less alike, the more likely one person: likeness cannot be read from these.
    const { same, different } = drawPairs(prior, 5000, 2);
    expect(fitCalibration({ same: different, different: same }, prior, 1)).toEqual(prior);
  });

  it('tells how far probabilities are from the truth', () => {
    const pairs = drawPairs(prior, 40_000, 3);
    expect(calibrationError(pairs, prior)).toBeLessThan(0.02);
    expect(calibrationError(pairs, { ...prior, evenSimilarity: 0.6 })).toBeGreaterThan(0.2);
  });
});

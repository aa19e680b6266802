import { createRandom } from '../../../electron/core/random.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  contrastiveLoss,
  pairLogisticLoss,
  softMarginTripletLoss,
  tripletLoss,
  type WeightedPairs,
} from '../../../electron/core/training/losses.ts';
import { mineBatchAll, type Triplets } from '../../../electron/core/training/miners.ts';
import { slopeAt, unitVectors } from './numbers.ts';

const dimensions = 6;
const seeds = fc.integer({ min: 1, max: 1e6 });
const row = (embeddings: Float32Array, at: number) => [
  ...embeddings.subarray(at * dimensions, (at + 1) * dimensions),
];
const square = (a: number[], b: number[]) =>
  a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0);

function allTriplets(seed: number): { embeddings: Float32Array; triplets: Triplets } {
  const embeddings = unitVectors(8, dimensions, seed);
  const identities = [0, 0, 0, 1, 1, 2, 2, 2];
  const batch = { embeddings, dimensions, identities };
  return { embeddings, triplets: mineBatchAll(batch, 4, createRandom(seed)) };
}

function somePairs(seed: number): { embeddings: Float32Array; pairs: WeightedPairs } {
  const random = createRandom(seed);
  const length = 12;
  return {
    embeddings: unitVectors(8, dimensions, seed),
    pairs: {
      first: Uint32Array.from({ length }, (_, i) => i % 4),
      second: Uint32Array.from({ length }, (_, i) => 4 + Math.floor(i / 3)),
      weights: Float32Array.from({ length }, () => random()),
      same: Uint8Array.from({ length }, () => (random() < 0.5 ? 1 : 0)),
    },
  };
}

describe('losses equal nested loops', () => {
  it('triplets with a margin and without', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { embeddings, triplets } = allTriplets(seed);
        let margin = 0;
        let soft = 0;
        let active = 0;
        for (const [at, anchor] of triplets.anchors.entries()) {
          const a = row(embeddings, anchor);
          const violation =
            square(a, row(embeddings, triplets.positives[at]!)) -
            square(a, row(embeddings, triplets.negatives[at]!));
          margin += Math.max(0, violation + 0.2);
          if (violation + 0.2 > 0) active++;
          soft += Math.log(1 + Math.exp(violation));
        }
        const count = triplets.anchors.length;
        const found = tripletLoss(embeddings, dimensions, triplets, 0.2);
        expect(found.loss).toBeCloseTo(margin / count, 5);
        expect(found.active).toBeCloseTo(active / count, 9);
        expect(softMarginTripletLoss(embeddings, dimensions, triplets).loss).toBeCloseTo(
          soft / count,
          5,
        );
      }),
      { numRuns: 20 },
    );
  });

  it('pairs: contrastive and logistic', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { embeddings, pairs } = somePairs(seed);
        let contrastive = 0;
        let logistic = 0;
        for (const [at, first] of pairs.first.entries()) {
          const a = row(embeddings, first);
          const b = row(embeddings, pairs.second[at]!);
          const distance = Math.sqrt(square(a, b));
          const probability =
            1 / (1 + Math.exp(-20 * (a.reduce((sum, value, i) => sum + value * b[i]!, 0) - 0.5)));
          const same = pairs.same[at] === 1;
          contrastive +=
            pairs.weights[at]! * (same ? distance ** 2 : Math.max(0, 1 - distance) ** 2);
          logistic -= pairs.weights[at]! * Math.log(same ? probability : 1 - probability);
        }
        expect(contrastiveLoss(embeddings, dimensions, pairs, 1).loss).toBeCloseTo(contrastive, 4);
        expect(
          pairLogisticLoss(embeddings, dimensions, pairs, { scale: 20, threshold: 0.5 }).loss,
        ).toBeCloseTo(logistic, 3);
      }),
      { numRuns: 20 },
    );
  });
});

describe('gradients equal finite differences', () => {
  const { embeddings, triplets } = allTriplets(3);
  const { pairs } = somePairs(3);
  // Similarities instead of distances: the losses see unit vectors, where both say the same.
  const cases = {
    triplet: (e: Float32Array) => tripletLoss(e, dimensions, triplets, 0.2),
    'soft margin': (e: Float32Array) => softMarginTripletLoss(e, dimensions, triplets),
    contrastive: (e: Float32Array) => contrastiveLoss(e, dimensions, pairs, 1.5),
    'pair logistic': (e: Float32Array) =>
      pairLogisticLoss(e, dimensions, pairs, { scale: 5, threshold: 0.3 }),
  };
  it.each(Object.entries(cases))('%s', (_name, outcome) => {
    const { gradient } = outcome(embeddings);
    for (let index = 0; index < embeddings.length; index++) {
      const expected = slopeAt((values) => outcome(values).loss, embeddings, index);
      expect(Math.abs(gradient[index]! - expected)).toBeLessThan(2e-3);
    }
  });
});

it('losses of nothing are nothing', () => {
  const none = new Uint32Array(0);
  const embeddings = unitVectors(2, dimensions, 1);
  const triplets = { anchors: none, positives: none, negatives: none };
  const pairs = {
    first: none,
    second: none,
    weights: new Float32Array(0),
    same: new Uint8Array(0),
  };
  for (const outcome of [
    tripletLoss(embeddings, dimensions, triplets, 0.2),
    softMarginTripletLoss(embeddings, dimensions, triplets),
    contrastiveLoss(embeddings, dimensions, pairs, 1),
    pairLogisticLoss(embeddings, dimensions, pairs, { scale: 20, threshold: 0.5 }),
  ]) {
    expect(outcome.loss).toBe(0);
    expect(outcome.active).toBe(0);
    expect(outcome.gradient.every((value) => value === 0)).toBe(true);
  }
});

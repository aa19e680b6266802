import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../electron/core/random.ts';
import { forEachPair, PairList } from '../../../electron/core/training/pairs.ts';
import { rowProduct } from '../../../electron/core/vectors.ts';
import { unitVectors } from './numbers.ts';

describe('forEachPair', () => {
  it.each([0, 1, 2, 5, 129, 301])('names each pair of %i rows once, with its product', (count) => {
    const embeddings = unitVectors(count, 7, 1);
    const seen = new Set<string>();
    forEachPair(embeddings, 7, (first, second, similarity) => {
      expect(first).toBeLessThan(second);
      seen.add(`${first} ${second}`);
      if (first % 40 === 0) {
        expect(similarity).toBeCloseTo(rowProduct(embeddings, 7, first, second), 5);
      }
    });
    expect(seen.size).toBe(Math.max(0, count * (count - 1)) / 2);
  });
});

describe('PairList', () => {
  const similarities = Array.from(
    { length: 4000 },
    (_, at) => 0.15 + (((at * 37) % 1000) / 1000) * 0.7,
  );
  const fill = (samePairs: number) => {
    const list = new PairList();
    for (let at = 0; at < samePairs; at++) list.add(at, at + 1, true, 1 + (at % 3), 0.5);
    for (const [at, similarity] of similarities.entries()) {
      list.add(at, at + 2, false, 1 + (at % 2), similarity);
    }
    list.leaveOut(2000);
    return list;
  };

  it('keeps all pairs where there is room, with weights that sum to the shares', () => {
    const { first, second, weights, same } = fill(30).finish(100, 5000, createRandom(1));
    expect(first.length).toBe(4030);
    expect([first[31], second[31], same[31]]).toEqual([1, 3, 0]);
    const sum = (wanted: number) =>
      weights.reduce((total, weight, at) => total + (same[at] === wanted ? weight : 0), 0);
    expect(sum(1)).toBeCloseTo(1, 4);
    // Those that were left out hold 2,000 of 8,000.
    expect(sum(0)).toBeCloseTo(75, 2);
  });

  it('leaves out unlike people first, and stays true in the mean', () => {
    const estimate = (pairs: ReturnType<PairList['finish']>, wanted: number) =>
      pairs.weights.reduce(
        (total, weight, at) =>
          total + (pairs.same[at] === wanted ? weight * (1 + (pairs.first[at]! % 5)) : 0),
        0,
      );
    const whole = fill(900).finish(100, 10_000, createRandom(1));
    const estimates = [0, 0];
    const runs = 60;
    for (let seed = 1; seed <= runs; seed++) {
      const some = fill(900).finish(100, 1000, createRandom(seed));
      expect(some.first.length).toBeGreaterThan(850);
      expect(some.first.length).toBeLessThan(1150);
      for (const wanted of [0, 1]) estimates[wanted]! += estimate(some, wanted) / runs;
    }
    for (const wanted of [0, 1]) {
      expect(estimates[wanted]! / estimate(whole, wanted)).toBeCloseTo(1, 1);
    }
    const some = fill(900).finish(100, 1000, createRandom(3));
    const alike = [...some.first].filter(
      (row, at) => some.same[at] === 0 && similarities[row]! > 0.75,
    );
    const unlike = [...some.first].filter(
      (row, at) => some.same[at] === 0 && similarities[row]! < 0.25,
    );
    expect(alike.length).toBeGreaterThan(4 * unlike.length);
  });

  it('gives pairs of one person all the room when there are no others', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), (count) => {
        const list = new PairList();
        for (let at = 0; at < count; at++) list.add(at, at + 1, true, 1, 0.5);
        const { weights } = list.finish(100, 50, createRandom(count));
        if (count <= 50) expect(weights.length).toBe(count);
        expect(weights.every((weight) => Number.isFinite(weight) && weight > 0)).toBe(true);
      }),
    );
  });
});

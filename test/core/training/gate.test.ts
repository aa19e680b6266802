import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { embedFeatures } from '../../../electron/core/head.ts';
import {
  chooseHeldOut,
  Gate,
  drawGeneric,
  judge,
  meanFigures,
  strangersShift,
  type HeadFigures,
  withoutLabels,
} from '../../../electron/core/training/gate.ts';
import {
  drawFaces,
  fitGenericFaces,
  packGenericFaces,
  unpackGenericFaces,
} from '../../../electron/core/training/generic-faces.ts';
import { mixHeads } from '../../../electron/core/training/head-layer.ts';
import { measureSeparation } from '../../../electron/core/training/separation.ts';
import { trainingTuning } from '../../../electron/core/tuning.ts';
import { clusterMeasures } from '../../bench/cluster-measures.ts';
import { randomHead, separablePeople, unitVectors } from './numbers.ts';

const options = {
  ...trainingTuning.gate,
  ...{ genericCrowds: 2, genericPeople: 20, genericFacesEach: 3 },
};
const people = { ...separablePeople(10, 6, 0.7, 2), rejections: [], apart: [] };
const fitted = fitGenericFaces(people.features, [...people.persons].map(String), 8, 1);

describe('measureSeparation', () => {
  const cases = fc.tuple(
    fc.integer({ min: 1, max: 1e6 }),
    fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 9 }),
  );

  it('finds the best BCubed F of average linkage by brute force', () => {
    fc.assert(
      fc.property(cases, ([seed, identities]) => {
        const embeddings = unitVectors(identities.length, 4, seed);
        const found = measureSeparation(embeddings, 4, identities);
        expect(found.grouped).toBeCloseTo(bestByBruteForce(embeddings, 4, identities), 6);
      }),
      { numRuns: 60 },
    );
  });

  it('accepts what lies above all but a thousandth of the other pairs, counted rows only', () => {
    fc.assert(
      fc.property(cases, ([seed, identities]) => {
        const embeddings = unitVectors(identities.length, 4, seed);
        const counted = (row: number) => row % 2 === 0;
        const pairs = everyPair(embeddings, 4, identities).filter(
          ({ a, b }) => counted(a) || counted(b),
        );
        const limit = Math.max(-1, ...pairs.filter((p) => !p.same).map((p) => p.similarity));
        const same = pairs.filter((pair) => pair.same);
        const found = measureSeparation(embeddings, 4, identities, counted);
        expect(found.samePairs).toBe(same.length);
        const above = same.filter(({ similarity }) => similarity > limit).length;
        expect(found.accepted).toBeCloseTo(above / (same.length || 1), 6);
      }),
    );
  });
});

describe('the gate', () => {
  it('holds out whole persons and whole events, and forgets what was said of them', () => {
    const events = people.persons.map((_, row) => row % 9);
    const held = chooseHeldOut(people, events, options, 3);
    const persons = [...Map.groupBy(people.persons.keys(), (row) => people.persons[row]!).values()];
    const days = [...Map.groupBy(events.keys(), (row) => events[row]!).values()];
    const whole = [...persons, ...days].filter((rows) => rows.every((row) => held.has(row)));
    expect(new Set(whole.flat())).toEqual(held);
    expect(persons.some((rows) => rows.every((row) => held.has(row)))).toBe(true);
    expect(held.size).toBeGreaterThan(0.15 * 60);
    expect(held.size).toBeLessThan(0.45 * 60);
    const [one] = held;
    const told = { ...people, rejections: [{ row: one!, person: 1 }], apart: [[one!, 2]] as const };
    const fewer = withoutLabels(told, held);
    expect(fewer.rejections).toEqual([]);
    expect(fewer.apart).toEqual([]);
    for (const row of people.persons.keys()) {
      expect(fewer.persons[row]).toBe(held.has(row) ? -1 : people.persons[row]);
    }
  });

  it('takes a better head, and neither the same nor a worse one', () => {
    const good = randomHead(1);
    const noise = randomHead(2);
    const bad = { ...good, weights: good.weights.map((value) => value * 0), bias: noise.bias };
    const held = chooseHeldOut(people, people.photos, options, 3);
    const generic = drawGeneric([fitted], options);
    const gate = new Gate(good, people, held, new Set(), options, generic, 1);
    const figuresOf = (head: typeof good): HeadFigures => ({
      ...gate.measure(head),
      generic: gate.measureGeneric(head),
    });
    const [better, worse] = [figuresOf(good), figuresOf(bad)];
    const { size } = gate;
    expect(size.pairs).toBeGreaterThan(20);
    expect(size.faces).toBe(held.size);
    expect(judge({ ...worse, generic: better.generic }, better, size, options)).toEqual({
      taken: true,
    });
    expect(judge(better, worse, size, options).taken).toBe(false);
    expect(judge(better, better, size, options).taken).toBe(false);
    const forgetful = { ...better, generic: [better.generic[0]! - 0.5] };
    expect(judge({ ...worse, generic: better.generic }, forgetful, size, options)).toEqual({
      taken: false,
      reason: 'generic',
    });
  });

  it('forgives the fall of one pair or face where the clearance rises', () => {
    const before = { accepted: 0.9, grouped: 0.95, clearance: 1, generic: [0.9] };
    const size = { pairs: 50, faces: 40 };
    const after = (more: Partial<HeadFigures>) =>
      judge(before, { ...before, ...more }, size, options);
    expect(after({ accepted: 0.92 })).toEqual({ taken: true });
    expect(after({ accepted: 0.88 })).toEqual({ taken: false, reason: 'verification' });
    expect(after({ accepted: 0.88, clearance: 1.2 })).toEqual({ taken: true });
    expect(after({ accepted: 0.92, grouped: 0.93 }).taken).toBe(false);
    expect(after({ accepted: 0.92, grouped: 0.93, clearance: 1.2 }).taken).toBe(true);
    expect(after({ clearance: 1.2 })).toEqual({ taken: true });
    expect(after({ accepted: 0.86, clearance: 1.2 })).toEqual({
      taken: false,
      reason: 'verification',
    });
    expect(after({ accepted: 0.94, grouped: 0.9 })).toEqual({ taken: false, reason: 'grouping' });
    const generic = (...figures: number[]) => after({ accepted: 0.94, generic: figures });
    const most = options.genericFall;
    expect(generic(0.9 - 0.9 * most)).toEqual({ taken: true });
    expect(generic(0.9 - 1.1 * most)).toEqual({ taken: false, reason: 'generic' });
    const perfect = { ...before, accepted: 1, grouped: 1 };
    expect(judge(perfect, { ...perfect, clearance: 2 }, size, options).taken).toBe(false);
  });

  it('puts the figures of trials together by what they rest on', () => {
    const figures = { accepted: 1, grouped: 0.5, clearance: 2 };
    const others = { accepted: 0.5, grouped: 1, clearance: 1 };
    expect(
      meanFigures([
        { pairs: 30, faces: 10, ...figures },
        { pairs: 10, faces: 10, ...others },
      ]),
    ).toEqual({ accepted: 0.875, grouped: 0.75, clearance: 1.75 });
  });

  it('tells how much more alike a head makes strangers', () => {
    const head = randomHead(1);
    // All faces are drawn towards one point.
    const closer = { ...head, bias: head.bias.map((value) => value + 20) };
    const drawn = [[drawFaces(fitted, 60, 2, 3)]];
    const limitOf = (of: typeof head) => {
      const { features, identities } = drawn[0]![0]!;
      const embeddings = embedFeatures(of, features);
      const found: number[] = [];
      for (let i = 0; i < identities.length; i++) {
        for (let j = 0; j < i; j++) {
          if (identities[i] === identities[j]) continue;
          let dot = 0;
          for (let k = 0; k < 192; k++) dot += embeddings[i * 192 + k]! * embeddings[j * 192 + k]!;
          found.push(dot);
        }
      }
      found.sort((a, b) => b - a);
      return found[Math.floor(found.length / 1000)]!;
    };
    const shift = strangersShift(head, closer, drawn);
    expect(shift).toBeGreaterThan(0.01);
    expect(shift).toBeCloseTo(limitOf(closer) - limitOf(head), 4);
    // Less alike is no reason to ask for less.
    expect(strangersShift(closer, head, drawn)).toBe(0);
    expect(strangersShift(head, head, [])).toBe(0);
  });

  it('mixes heads in proportion', () => {
    const [a, b] = [randomHead(1), randomHead(2)];
    expect(mixHeads(a, b, 0).weights).toEqual(a.weights);
    expect(mixHeads(a, b, 0.25).bias[7]).toBeCloseTo(0.75 * a.bias[7]! + 0.25 * b.bias[7]!, 6);
  });
});

describe('faces in general', () => {
  it('are drawn like those that the model was fitted to', () => {
    const drawn = drawFaces(fitted, 400, 4, 5);
    const again = fitGenericFaces(drawn.features, [...drawn.identities].map(String), 8, 1);
    const power = (rows: Float32Array) => rows.reduce((sum, value) => sum + value * value, 0);
    expect(power(again.between) / power(fitted.between)).toBeCloseTo(1, 0);
    expect(power(again.within) / power(fitted.within)).toBeCloseTo(1, 0);
  });

  it('are packed and unpacked', () => {
    const rows = unitVectors(64, 512, 3);
    const wide = { mean: fitted.mean, between: rows, within: rows.map((value) => 2 * value) };
    const unpacked = unpackGenericFaces(packGenericFaces([wide, wide]));
    expect(unpacked.length).toBe(2);
    rows.forEach((value, i) => {
      expect(unpacked[1]!.between[i]).toBeCloseTo(value, 3);
      expect(unpacked[1]!.within[i]).toBeCloseTo(2 * value, 3);
    });
    expect(() => packGenericFaces([fitted])).toThrow(RangeError);
    expect(() => unpackGenericFaces(new Uint8Array(1000))).toThrow(RangeError);
  });
});

function everyPair(embeddings: Float32Array, dimensions: number, identities: readonly number[]) {
  const pairs: { a: number; b: number; same: boolean; similarity: number }[] = [];
  for (let a = 0; a < identities.length; a++) {
    for (let b = 0; b < a; b++) {
      let similarity = 0;
      for (let i = 0; i < dimensions; i++) {
        similarity += embeddings[a * dimensions + i]! * embeddings[b * dimensions + i]!;
      }
      pairs.push({ a, b, same: identities[a] === identities[b], similarity });
    }
  }
  return pairs;
}

/** Joins the two likest groups again and again, each time from all pairs anew. */
function bestByBruteForce(
  embeddings: Float32Array,
  dimensions: number,
  identities: readonly number[],
): number {
  const pairs = everyPair(embeddings, dimensions, identities);
  const groups = identities.map((_, row) => row);
  const names = identities.map(String);
  let best = 0;
  for (;;) {
    best = Math.max(best, clusterMeasures(groups.map(String), names).bcubed.f);
    const means = new Map<string, { sum: number; count: number; groups: [number, number] }>();
    for (const { a, b, similarity } of pairs) {
      const [x, y] = [groups[a]!, groups[b]!].sort((m, n) => m - n) as [number, number];
      if (x === y) continue;
      const mean = means.get(`${x} ${y}`) ?? { sum: 0, count: 0, groups: [x, y] };
      mean.sum += similarity;
      mean.count++;
      means.set(`${x} ${y}`, mean);
    }
    const likest = [...means.values()].sort((m, n) => n.sum / n.count - m.sum / m.count)[0];
    if (!likest) return best;
    const [into, from] = likest.groups;
    groups.forEach((group, row) => {
      if (group === from) groups[row] = into;
    });
  }
}

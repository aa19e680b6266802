import { describe, expect, it } from 'vitest';
import { EMBEDDING_SIZE, embedFeatures } from '../../../electron/core/head.ts';
import { rowProduct } from '../../../electron/core/vectors.ts';
import type { HeadRecipe, TripletRecipe } from '../../../electron/core/training/recipe.ts';
import {
  trainHead,
  type TrainingCheckpoint,
  type TrainingStep,
} from '../../../electron/core/training/train-head.ts';
import {
  TrainingError,
  type TrainingFaces,
} from '../../../electron/core/training/training-faces.ts';
import { trainingTuning } from '../../../electron/core/tuning.ts';
import { randomHead, separablePeople } from './numbers.ts';

const base = randomHead(1);
const people = { ...separablePeople(8, 6, 0.5, 2), rejections: [], apart: [] };
const triplets: TripletRecipe = {
  kind: 'triplet',
  miner: 'batch-hard',
  margin: 0.2,
  identities: 8,
  faces: 4,
  steps: 30,
  learningRate: 3e-4,
  beta2: 0.999,
  pull: { weights: 1e-3, generic: 0 },
};
const { recipe: pairs, doubts } = trainingTuning;
const recipes: [string, HeadRecipe][] = [
  ['pairs', pairs],
  ['batch-hard triplets', triplets],
  ['semi-hard triplets', { ...triplets, miner: 'semi-hard', margin: 0.5 }],
  ['soft-margin triplets', { ...triplets, miner: 'batch-all', margin: null, steps: 15 }],
];

function run(faces: TrainingFaces, recipe: HeadRecipe, resume?: TrainingCheckpoint) {
  const steps: TrainingStep[] = [];
  const options = { recipe, doubts, generic: [], seed: 5, version: 'trained' };
  const training = trainHead(base, faces, options, resume);
  for (;;) {
    const next = training.next();
    if (next.done) return { ...next.value, steps };
    steps.push(next.value.checkpoint ? structuredClone(next.value) : next.value);
  }
}

describe('trainHead', () => {
  it.each(recipes)('lowers the loss of separable people: %s', (_name, recipe) => {
    const { steps } = run(people, recipe);
    const ofStage = steps.filter(({ stage }) => stage === 0);
    const mean = (list: TrainingStep[]) =>
      list.reduce((sum, { loss }) => sum + loss, 0) / list.length;
    expect(mean(ofStage.slice(-5))).toBeLessThan(mean(ofStage.slice(0, 5)));
  });

  it('leaves no two people within the margin of a face and its own', () => {
    const { head } = run(people, pairs);
    const embeddings = embedFeatures(head, people.features);
    const distance = (a: number, b: number) => 2 - 2 * rowProduct(embeddings, EMBEDDING_SIZE, a, b);
    const count = people.persons.length;
    for (let a = 0; a < count; a++) {
      let near = 0;
      let far = 4;
      for (let b = 0; b < count; b++) {
        if (people.persons[a] === people.persons[b]) near = Math.max(near, distance(a, b));
        else far = Math.min(far, distance(a, b));
      }
      expect(near + 0.2).toBeLessThan(far);
    }
  });

  it('pushes apart what was rejected, also a face without a name', () => {
    const persons = people.persons.map((person, row) => (row === 12 ? -1 : person));
    const rejections = [{ row: 12, person: 2 }];
    const plain = run({ ...people, persons }, pairs).head;
    const told = run({ ...people, persons, rejections }, pairs).head;
    const similarity = (head: typeof plain) =>
      rowProduct(embedFeatures(head, people.features), EMBEDDING_SIZE, 12, 13);
    expect(similarity(told)).toBeLessThan(similarity(plain) - 0.1);
  });

  it.each(recipes)(
    'gives the same head for the same seed, and after a resumption: %s',
    (_name, recipe) => {
      const whole = run(people, recipe);
      expect(run(people, recipe).head.weights).toEqual(whole.head.weights);
      const saved = whole.steps.filter(({ checkpoint }) => checkpoint);
      for (const { checkpoint } of [saved[0]!, saved.at(-1)!]) {
        const rest = run(people, recipe, checkpoint);
        expect(rest.steps.length).toBeLessThan(whole.steps.length);
        expect(rest.head.weights).toEqual(whole.head.weights);
      }
    },
  );

  it('doubts the wrong names first', () => {
    const clear = { ...separablePeople(8, 6, 1, 2), rejections: [], apart: [] };
    const persons = clear.persons.slice();
    for (const row of [3, 20, 41]) persons[row] = (persons[row]! + 3) % 8;
    const { doubts: found } = run({ ...clear, persons }, pairs);
    expect(
      found
        .slice(0, 3)
        .map(({ row }) => row)
        .sort((a, b) => a - b),
    ).toEqual([3, 20, 41]);
    expect(found.slice(0, 3).map(({ perhaps, row }) => perhaps === people.persons[row])).toEqual([
      true,
      true,
      true,
    ]);
    expect(found[3]!.doubt).toBeLessThan(0.5);
  });

  it('lives with contradictions and with faces that are all the same', () => {
    const first = people.features.subarray(0, 512);
    const same = Float32Array.from(people.features, (_, i) => first[i % 512]!);
    const contradictory = {
      ...people,
      rejections: [{ row: 0, person: 0 }],
      apart: [[1, 2]] as const,
    };
    for (const faces of [{ ...people, features: same }, contradictory]) {
      const { head } = run(faces, pairs);
      expect(head.weights.every(Number.isFinite)).toBe(true);
      expect(head.bias.every(Number.isFinite)).toBe(true);
    }
  });

  it('refuses what it cannot learn from', () => {
    const none = {
      features: new Float32Array(0),
      persons: new Int32Array(0),
      photos: new Int32Array(0),
      rejections: [],
      apart: [],
    };
    expect(() => run(none, pairs)).toThrow(TrainingError);
    const one = { ...people, persons: people.persons.map(() => 0) };
    expect(() => run(one, pairs)).toThrow('Name at least two people first.');
    const singles = { ...people, persons: people.persons.map((_, row) => row) };
    expect(() => run(singles, pairs)).toThrow('Name at least two faces of one person first.');
    const broken = { ...people, features: people.features.slice().fill(Number.NaN, 5, 6) };
    expect(() => run(broken, pairs)).toThrow(RangeError);
    expect(() => run({ ...people, photos: new Int32Array(3) }, pairs)).toThrow(RangeError);
    expect(() => run({ ...people, rejections: [{ row: 99, person: 0 }] }, pairs)).toThrow(
      RangeError,
    );
  });
});

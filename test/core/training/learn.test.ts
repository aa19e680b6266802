import { describe, expect, it } from 'vitest';
import {
  learn,
  type LearningOptions,
  type LearningOutcome,
  type LearningStep,
} from '../../../electron/core/training/learn.ts';
import { fitGenericFaces } from '../../../electron/core/training/generic-faces.ts';
import {
  TrainingError,
  type TrainingFaces,
} from '../../../electron/core/training/training-faces.ts';
import { calibrationTuning, trainingTuning } from '../../../electron/core/tuning.ts';
import { randomHead, separablePeople } from './numbers.ts';

const base = randomHead(1);
const people = { ...separablePeople(12, 6, 0.45, 2), rejections: [], apart: [] };
const options: LearningOptions = {
  ...trainingTuning,
  calibration: calibrationTuning.encoder,
  generic: [],
  seed: 5,
  version: 'learnt',
};

function run(
  faces: TrainingFaces,
  given: LearningOptions = options,
  resume?: LearningStep['checkpoint'],
) {
  const steps: LearningStep[] = [];
  const learning = learn(base, faces, faces.photos, given, resume);
  for (;;) {
    const next = learning.next();
    if (next.done) return { ...next.value, steps };
    steps.push(next.value.checkpoint ? structuredClone(next.value) : next.value);
  }
}

describe('learn', () => {
  it('takes a head that is better on held-out labels, the same one when resumed anywhere', () => {
    const whole = run(people);
    expect(whole.head?.version).toBe('learnt');
    expect(whole.after.accepted + whole.after.grouped).toBeGreaterThan(
      whole.before.accepted + whole.before.grouped,
    );
    expect(new Set(whole.steps.map(({ phase }) => phase))).toEqual(new Set(['trial', 'final']));
    for (const phase of ['trial', 'final'] as const) {
      const saved = whole.steps.find((step) => step.phase === phase && step.checkpoint)!;
      const rest = run(people, options, saved.checkpoint);
      expect(rest.head!.weights).toEqual(whole.head!.weights);
      expect(rest.steps.length).toBeLessThan(whole.steps.length);
    }
  });

  it('takes as much of the change as faces in general bear', () => {
    // What tells these people apart is what differs between two pictures of one of the others.
    const fitted = fitGenericFaces(people.features, [...people.persons].map(String), 64, 1);
    const generic = [{ ...fitted, between: fitted.within, within: fitted.between }];
    // Nothing but the gate holds it back.
    const { named, all } = trainingTuning.recipe;
    const recipe = {
      ...trainingTuning.recipe,
      named: { ...named, pull: { ...named.pull, generic: 0 } },
      all: { ...all, pull: { ...all.pull, generic: 0 } },
    };
    const gate = {
      ...options.gate,
      ...{ genericCrowds: 2, genericPeople: 20, genericFacesEach: 3 },
    };
    const fallOf = ({ before, after }: Pick<LearningOutcome, 'before' | 'after'>) =>
      before.generic[0]! - after.generic[0]!;
    const bearing = (genericFall: number) =>
      run(people, { ...options, recipe, generic, gate: { ...gate, genericFall } });
    const whole = bearing(1);
    expect(whole.share).toBe(1);
    const fall = fallOf(whole);
    expect(fall).toBeGreaterThan(0);
    const some = bearing(fall / 2);
    expect(some.head).not.toBeNull();
    expect(some.share).toBeLessThan(1);
    expect(some.share).toBeGreaterThan(0.1);
    expect(fallOf(some)).toBeLessThanOrEqual(fall / 2);
    const none = bearing(-1);
    expect([none.head, none.reason]).toEqual([null, 'generic']);
  });

  it('keeps the old head when the trial is no better', () => {
    // Nobody is confused before: nothing can get better.
    const clear = { ...people, ...separablePeople(12, 6, 3, 2) };
    const { head, reason, before, steps } = run(clear);
    expect(before.accepted).toBe(1);
    expect(head).toBeNull();
    expect(reason).toBe('verification');
    expect(steps.every(({ phase }) => phase === 'trial')).toBe(true);
  });

  it('refuses labels too few to be measured', () => {
    const few = people.persons.map((person, row) =>
      row < 4 ? Math.floor(row / 2) : -1 * person - 1,
    );
    const persons = few.map((person) => Math.max(-1, person));
    expect(() => run({ ...people, persons })).toThrow(TrainingError);
  });
});

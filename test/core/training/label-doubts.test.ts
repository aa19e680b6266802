import fc from 'fast-check';
import { expect, it } from 'vitest';
import { doubtLabels } from '../../../electron/core/training/label-doubts.ts';
import { logistic } from '../../../electron/core/training/losses.ts';
import { unitVectors } from './numbers.ts';

const dimensions = 4;
const options = { dimensions, likest: 3, expected: 0.2, temperature: 0.05 };

it('compares each named face with the likest of each person, as nested loops do', () => {
  const persons = fc.array(fc.integer({ min: -1, max: 4 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(persons, fc.nat(), (ofRow, seed) => {
      const embeddings = unitVectors(ofRow.length, dimensions, seed);
      const likeness = (a: number, b: number) => {
        let sum = 0;
        for (let i = 0; i < dimensions; i++) {
          sum += embeddings[a * dimensions + i]! * embeddings[b * dimensions + i]!;
        }
        return sum;
      };
      const likest = (row: number, person: number) => {
        const all = [...ofRow.keys()].filter((one) => one !== row && ofRow[one] === person);
        const three = all
          .map((one) => likeness(row, one))
          .sort((a, b) => b - a)
          .slice(0, 3);
        return three.length === 0 ? -1 : three.reduce((a, b) => a + b, 0) / three.length;
      };
      const doubts = doubtLabels(embeddings, ofRow, options);
      expect(doubts.map(({ row }) => row).sort((a, b) => a - b)).toEqual(
        [...ofRow.keys()].filter((row) => ofRow[row]! >= 0),
      );
      for (const { row, person, doubt, perhaps, similarity } of doubts) {
        expect(person).toBe(ofRow[row]);
        const alone = ofRow.filter((one) => one === person).length === 1;
        const own = likest(row, person);
        const others = [...new Set(ofRow)].filter((one) => one >= 0 && one !== person);
        const other = Math.max(-1, ...others.map((one) => likest(row, one)));
        expect(similarity).toBeCloseTo(alone ? 1 : own, 5);
        const expected = logistic((Math.max(other, 0.2) - own) / 0.05);
        expect(doubt).toBeCloseTo(alone ? 0 : expected, 3);
        const doubted = other > own + 1e-6 && other > 0.2 + 1e-6;
        if (doubted) expect(likest(row, perhaps!)).toBeCloseTo(other, 5);
        else if (other < own - 1e-6 || other < 0.2 - 1e-6) expect(perhaps).toBeNull();
      }
    }),
  );
});

it('has no doubts about nobody', () => {
  expect(doubtLabels(new Float32Array(0), [], options)).toEqual([]);
  expect(doubtLabels(unitVectors(2, dimensions, 1), [-1, -1], options)).toEqual([]);
});

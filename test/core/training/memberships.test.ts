import { describe, expect, it } from 'vitest';
import { findMemberships } from '../../../electron/core/training/memberships.ts';
import type { TrainingFaces } from '../../../electron/core/training/training-faces.ts';

/** Faces of a few people, so alike that each person is one group: people × 3, person by person. */
function faces(people: number, more: Partial<TrainingFaces> = {}) {
  const dimensions = people + 1;
  const count = 3 * people;
  const embeddings = new Float32Array(count * dimensions);
  for (let row = 0; row < count; row++) {
    embeddings[row * dimensions + Math.floor(row / 3)] = 0.95;
    embeddings[row * dimensions + people] = Math.sqrt(1 - 0.95 ** 2) * (row % 2 === 0 ? 1 : -1);
  }
  const given: TrainingFaces = {
    features: new Float32Array(count * 512),
    persons: new Int32Array(count).fill(-1),
    photos: Int32Array.from({ length: count }, (_, row) => row),
    rejections: [],
    apart: [],
    ...more,
  };
  return { embeddings, dimensions, given };
}

describe('findMemberships', () => {
  it('puts faces without a name with the person they resemble, others in groups', () => {
    const persons = Int32Array.from([7, -1, -1, -1, -1, -1, 4, -1, 4]);
    const { embeddings, dimensions, given } = faces(3, { persons });
    const found = findMemberships(embeddings, dimensions, given);
    expect([found.personCount, found.classCount]).toEqual([2, 3]);
    expect([...found.classOf]).toEqual([0, 0, 0, 2, 2, 2, 1, 1, 1]);
    for (let a = 0; a < 3; a++) {
      for (let b = 0; b < 3; b++) {
        let [sum, pairs] = [0, 0];
        for (const [row, one] of found.classOf.entries()) {
          for (const [column, other] of found.classOf.entries()) {
            if (one !== a || other !== b) continue;
            for (let i = 0; i < dimensions; i++) {
              sum += embeddings[row * dimensions + i]! * embeddings[column * dimensions + i]!;
            }
            pairs++;
          }
        }
        expect(found.similarity[a * 3 + b]).toBeCloseTo(sum / pairs, 5);
      }
    }
  });

  it('obeys what was said, whatever faces look like', () => {
    const persons = Int32Array.from([0, 1, -1, -1, -1, -1]);
    const { embeddings, dimensions, given } = faces(2, {
      persons,
      rejections: [
        { row: 2, person: 0 },
        { row: 2, person: 1 },
      ],
      apart: [
        [3, 4],
        [3, 5],
        [4, 5],
      ],
    });
    const { classOf } = findMemberships(embeddings, dimensions, given);
    expect([classOf[0], classOf[1]]).toEqual([0, 1]);
    expect([...classOf.subarray(2)]).toEqual([-1, -1, -1, -1]);
  });
});

import { describe, expect, it } from 'vitest';
import {
  conflict,
  marksOfFaces,
  unite,
  type Marks,
} from '../../../electron/core/clustering/constraints.ts';

const nothing = { confirmed: [], rejected: [], sides: [] };
const of = (marks: Map<number, Marks>, faceId: number): Marks => marks.get(faceId) ?? new Map();

describe('marks', () => {
  it('keep persons, and faces from persons they are not, apart', () => {
    const marks = marksOfFaces({
      confirmed: [
        { faceId: 1, personId: 10 },
        { faceId: 2, personId: 11 },
        { faceId: 3, personId: 10 },
      ],
      rejected: [{ faceId: 4, personId: 10 }],
      sides: [],
    });
    expect(conflict(of(marks, 1), of(marks, 2))).toBe(true);
    expect(conflict(of(marks, 1), of(marks, 3))).toBe(false);
    expect(conflict(of(marks, 4), of(marks, 1))).toBe(true);
    expect(conflict(of(marks, 4), of(marks, 2))).toBe(false);
  });

  it('keep the two sides of a split apart', () => {
    const marks = marksOfFaces({
      ...nothing,
      sides: [
        { faceId: 1, eventId: 5, side: 0 },
        { faceId: 2, eventId: 5, side: 1 },
        { faceId: 3, eventId: 5, side: 1 },
        { faceId: 4, eventId: 6, side: 0 },
      ],
    });
    expect(conflict(of(marks, 1), of(marks, 2))).toBe(true);
    expect(conflict(of(marks, 2), of(marks, 3))).toBe(false);
    expect(conflict(of(marks, 1), of(marks, 4))).toBe(false);
  });

  it('stay in force after groups with contradicting marks were united', () => {
    const united = unite(new Map([['photo 1', 1]]), new Map([['photo 1', 2]]));
    expect(conflict(united, new Map([['photo 1', 1]]))).toBe(true);
    expect(conflict(united, new Map([['photo 1', 3]]))).toBe(true);
    expect(conflict(united, new Map([['photo 2', 3]]))).toBe(false);
  });
});

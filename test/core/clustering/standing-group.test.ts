import { describe, expect, it } from 'vitest';
import { marksOfFaces, noMarks } from '../../../electron/core/clustering/constraints.ts';
import { standTogether } from '../../../electron/core/clustering/standing-group.ts';

const face = (faceId: number, photoId: number, yaw = 0, size = 100) => {
  return { faceId, photoId, size, sharpness: 1, yaw };
};

describe('standTogether', () => {
  it('sums faces up', () => {
    const faces = [face(1, 5), face(2, 6, 90), face(3, 5, 0, 5)];
    const { group, drivenOut } = standTogether(
      faces,
      () => noMarks,
      (index) => Float32Array.of(index, 1),
      2,
    );
    expect(drivenOut).toEqual([]);
    expect({ ...group, sum: [...group.sum] }).toEqual({
      count: 3,
      sum: [3, 3],
      profileShare: 1 / 3,
      isClear: true,
      marks: noMarks,
      photoIds: [5, 6],
    });
  });

  it('leaves out those whom the user says to be somebody else', () => {
    const marks = marksOfFaces({
      confirmed: [
        { faceId: 1, personId: 7 },
        { faceId: 3, personId: 8 },
      ],
      rejected: [{ faceId: 2, personId: 7 }],
      sides: [],
    });
    const { group, drivenOut } = standTogether(
      [face(1, 1), face(2, 2), face(3, 3), face(4, 4)],
      ({ faceId }) => marks.get(faceId) ?? noMarks,
      () => Float32Array.of(1),
      1,
    );
    expect(drivenOut).toEqual([1, 2]);
    expect(group).toMatchObject({ count: 2, photoIds: [1, 4] });
    expect(group.marks.get('named')).toBe(7);
  });
});

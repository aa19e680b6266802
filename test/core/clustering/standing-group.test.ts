import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { marksOfFaces, noMarks } from '../../../electron/core/clustering/constraints.ts';
import { standTogether, uniteStanding } from '../../../electron/core/clustering/standing-group.ts';

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
    expect({ ...group, sum: [...group.sum], photoIds: [...group.photoIds] }).toEqual({
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
    expect(group.count).toBe(2);
    expect([...group.photoIds]).toEqual([1, 4]);
    expect(group.marks.get('named')).toBe(7);
  });
});

describe('uniteStanding', () => {
  it('knows of groups together what summing their faces up tells', () => {
    const oneFace = fc.tuple(fc.nat(4), fc.nat(90), fc.constantFrom(5, 100), fc.nat(2), fc.nat(8));
    fc.assert(
      fc.property(fc.array(fc.array(oneFace, { minLength: 1 }), { minLength: 1 }), (groups) => {
        const stand = (faces: readonly (typeof groups)[number][number][]) =>
          standTogether(
            faces.map(([photoId, yaw, size], at) => face(at, photoId, yaw, size)),
            ({ faceId }) => new Map([[`person ${faces[faceId]![3]}`, 1]]),
            (index) => Float32Array.of(faces[index]![4], 1),
            2,
          ).group;
        const { profileShare, ...united } = uniteStanding(groups.map(stand));
        const { profileShare: expected, ...whole } = stand(groups.flat());
        expect(united).toEqual(whole);
        expect(profileShare).toBeCloseTo(expected);
      }),
    );
  });
});

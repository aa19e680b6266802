import { describe, expect, it } from 'vitest';
import { groupFaces } from '../../../electron/core/clustering/group-faces.ts';
import { findMixedGroups } from '../../../electron/core/clustering/mixed-groups.ts';
import { peopleVectors } from './vectors.ts';

const dimensions = 32;

/** Faces that were put in groups, whatever they look like. */
function mixed(
  vectors: readonly number[][],
  groups: readonly number[],
  isAsked: (group: number) => boolean = () => true,
) {
  const embedding = (row: number) => Float32Array.from(vectors[row]!);
  const grouping = groupFaces({
    faces: vectors.map((_, row) => {
      return { faceId: row, photoId: row, size: 100, sharpness: 0.8, yaw: 0 };
    }),
    embedding,
    dimensions,
    // Whoever can be joined is.
    neighbours: (row) => [...groups.keys()].filter((other) => groups[other] === groups[row]),
    constraints: { confirmed: [], rejected: [], sides: [] },
    sureness: 1e-12,
    seed: 1,
  });
  return findMixedGroups(embedding, grouping, isAsked);
}

describe('findMixedGroups', () => {
  it('finds groups of two people, and tells the smaller side', () => {
    const { vectors, people } = peopleVectors([3, 5, 4, 6], dimensions, 0.5, 5);
    const found = mixed(
      vectors,
      people.map((person) => (person < 2 ? 0 : person)),
    );
    expect(found).toMatchObject([{ group: 0, rows: [0, 1, 2] }]);
    expect(found[0]!.probability).toBeGreaterThan(0.9);
  });

  it('does not ask about groups that it is told to leave out, nor about single faces', () => {
    const { vectors, people } = peopleVectors([2, 4, 1, 6], dimensions, 0.5, 5);
    // The first two people are in one group, the others in another.
    const groups = people.map((person) => Number(person >= 2));
    expect(mixed(vectors, groups)).toMatchObject([{ group: 0, rows: [0, 1] }]);
    expect(mixed(vectors, groups, (group) => group !== 0)).toEqual([]);
    expect(mixed([], [])).toEqual([]);
  });

  it('does not doubt a group of one person', () => {
    const { vectors } = peopleVectors([12], dimensions, 0.8, 4);
    expect(
      mixed(
        vectors,
        vectors.map(() => 0),
      ),
    ).toEqual([]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { marksOfFaces, noMarks } from '../../../electron/core/clustering/constraints.ts';
import { groupFaces, type GroupingInput } from '../../../electron/core/clustering/group-faces.ts';
import {
  standTogether,
  type GroupingFace,
} from '../../../electron/core/clustering/standing-group.ts';
import { suggest } from '../../../electron/core/clustering/suggest.ts';
import { peopleVectors, unit } from './vectors.ts';

const dimensions = 32;
const nothing = { confirmed: [], rejected: [], sides: [] };

function face(faceId: number, changes: Partial<GroupingFace> = {}): GroupingFace {
  return { faceId, photoId: 1000 + faceId, size: 100, sharpness: 0.8, yaw: 0, ...changes };
}

function input(vectors: readonly number[][], changes: Partial<GroupingInput> = {}): GroupingInput {
  return {
    faces: vectors.map((_, row) => face(row)),
    embedding: (row: number) => Float32Array.from(vectors[row]!),
    dimensions,
    neighbours: () => vectors.keys(),
    constraints: nothing,
    sureness: 0.5,
    seed: 1,
    ...changes,
  };
}

/**
 * Groups some faces by themselves and others with the group that they are in already.
 *
 * @param standing number of each face's group, −1 for none.
 */
function groupStanding(
  vectors: readonly number[][],
  standing: readonly number[],
  changes: Partial<GroupingInput> = {},
) {
  const given = input(vectors, changes);
  const marks = marksOfFaces(given.constraints);
  const loose = [...standing.keys()].filter((row) => standing[row]! < 0);
  const groups = [...Map.groupBy(standing.keys(), (row) => standing[row]!)]
    .filter(([number]) => number >= 0)
    .map(([, rows]) => {
      const { group, drivenOut } = standTogether(
        rows.map((row) => given.faces[row]!),
        ({ faceId }) => marks.get(faceId) ?? noMarks,
        (index) => given.embedding(rows[index]!),
        dimensions,
      );
      loose.push(...drivenOut.map((index) => rows[index]!));
      return { group, rows: rows.filter((_, index) => !drivenOut.includes(index)) };
    });
  const grouping = groupFaces({
    ...given,
    faces: loose.map((row) => given.faces[row]!),
    standing: groups.map(({ group }) => group),
    embedding: (row) => given.embedding(loose[row]!),
    neighbours: () => Array(loose.length + groups.length).keys(),
  });
  const groupOfFace: number[] = [];
  for (const [row, face] of loose.entries()) groupOfFace[face] = grouping.groupOfRow[row]!;
  for (const [at, { rows }] of groups.entries()) {
    for (const row of rows) groupOfFace[row] = grouping.groupOfRow[loose.length + at]!;
  }
  return { grouping, groupOfFace };
}

/** The groups as sets of face numbers, in an order of their own. */
function groupsOf(given: GroupingInput): string[] {
  const { groupOfRow } = groupFaces(given);
  const groups = Map.groupBy(given.faces.keys(), (row) => groupOfRow[row]!);
  return [...groups.values()]
    .map((rows) =>
      rows
        .map((row) => given.faces[row]!.faceId)
        .sort((a, b) => a - b)
        .join(' '),
    )
    .sort();
}

const album = peopleVectors([6, 4, 3, 1, 1, 5], dimensions, 0.6, 7);

describe('groupFaces', () => {
  it('gives nothing for nothing', () => {
    expect(groupFaces(input([])).size).toBe(0);
  });

  it('puts the faces of each person together', () => {
    const { groupOfRow, size } = groupFaces(input(album.vectors));
    expect(size).toBe(6);
    for (const [a, personA] of album.people.entries()) {
      for (const [b, personB] of album.people.entries()) {
        expect(groupOfRow[a] === groupOfRow[b]).toBe(personA === personB);
      }
    }
  });

  it.each([1, 2, 5, 7])('parts a crowd in which nobody stands out (seed %i)', (seed) => {
    // All are on the same photos, those of a crowd as alike as the faces of one person beside it.
    const photos = 12;
    const { vectors, people } = peopleVectors([12 * photos, photos], dimensions, 0.75, seed);
    const faces = vectors.map((_, row) => face(row, { photoId: row % photos }));
    const sizesOf = (person: number, given: GroupingInput) => {
      const { groupOfRow } = groupFaces(given);
      const rows = [...given.faces.keys()].filter((row) => people[row] === person);
      return [...Map.groupBy(rows, (row) => groupOfRow[row]!).values()].map(({ length }) => length);
    };
    const given = input(vectors, { faces });
    expect(sizesOf(1, given)).toEqual([photos]);
    expect(Math.max(...sizesOf(0, given))).toBeLessThanOrEqual(photos);
    // Of the same crowd, some by themselves.
    const few = input(vectors.slice(0, photos), { faces: faces.slice(0, photos) });
    expect(sizesOf(0, few)).toEqual([photos]);
  });

  it('gives the same groups in any order of faces', () => {
    const expected = groupsOf(input(album.vectors));
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...album.vectors.keys()], { minLength: album.vectors.length }),
        (order) => {
          const given = input(
            order.map((row) => album.vectors[row]!),
            { faces: order.map((row) => face(row)) },
          );
          expect(groupsOf(given)).toEqual(expected);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('never puts together what the user keeps apart', () => {
    const row = fc.nat(album.vectors.length - 1);
    const label = fc.record({ faceId: row, personId: fc.integer({ min: 1, max: 3 }) });
    const side = fc.record({
      faceId: row,
      eventId: fc.integer({ min: 1, max: 2 }),
      side: fc.constantFrom(0 as const, 1 as const),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(label, { selector: ({ faceId }) => faceId, maxLength: 12 }),
        fc.uniqueArray(label, { selector: (one) => `${one.faceId} ${one.personId}`, maxLength: 8 }),
        fc.uniqueArray(side, { selector: (one) => `${one.faceId} ${one.eventId}`, maxLength: 10 }),
        fc.array(fc.integer({ min: -1, max: 3 }), {
          minLength: album.vectors.length,
          maxLength: album.vectors.length,
        }),
        // Everyone looks alike, so that nothing but the user's words keeps faces apart.
        fc.boolean(),
        (confirmed, rejections, sides, standing, alike) => {
          const personOf = new Map(confirmed.map((one) => [one.faceId, one.personId]));
          const rejected = rejections.filter((one) => personOf.get(one.faceId) !== one.personId);
          const vectors = alike ? album.vectors.map(() => album.vectors[0]!) : album.vectors;
          const { groupOfFace: groupOfRow } = groupStanding(vectors, standing, {
            constraints: { confirmed, rejected, sides },
          });
          for (const a of confirmed) {
            for (const b of confirmed) {
              if (a.personId !== b.personId) {
                expect(groupOfRow[a.faceId]).not.toBe(groupOfRow[b.faceId]);
              }
            }
            for (const b of rejected) {
              if (a.personId === b.personId) {
                expect(groupOfRow[a.faceId]).not.toBe(groupOfRow[b.faceId]);
              }
            }
          }
          for (const a of sides) {
            for (const b of sides) {
              if (a.eventId === b.eventId && a.side !== b.side && a.faceId !== b.faceId) {
                expect(groupOfRow[a.faceId]).not.toBe(groupOfRow[b.faceId]);
              }
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('keeps groups it starts from, and lets them grow', () => {
    const [first, , third] = album.vectors;
    const vectors = [first!, album.vectors[14]!, first!, third!];
    const { groupOfFace: groupOfRow } = groupStanding(vectors, [5, 5, -1, -1]);
    // Two faces that are not alike stay together because they were a group before.
    expect(groupOfRow[0]).toBe(groupOfRow[1]);
    expect(groupOfRow[2]).toBe(groupOfRow[3]);
  });

  it('keeps faces of one photo apart unless they are very alike', () => {
    const { vectors } = peopleVectors([2], dimensions, 0.8, 3);
    const together = input(vectors, { faces: [face(0, { photoId: 9 }), face(1, { photoId: 9 })] });
    expect(groupFaces(together).size).toBe(2);
    expect(groupFaces(input(vectors)).size).toBe(1);
    const mirror = input([vectors[0]!, vectors[0]!], { faces: together.faces });
    expect(groupFaces(mirror).size).toBe(1);
  });

  it('lets a rejected face not draw others out of the group of the person it is not', () => {
    // Face 3 is between the named ones and face 4, which it resembles most.
    const { vectors } = peopleVectors([5], dimensions, 0.5, 8);
    const blend = unit(vectors[3]!.map((value, i) => value + 0.3 * vectors[4]![i]!));
    const faces = [...vectors.slice(0, 4), blend];
    const constraints = {
      confirmed: [0, 1, 2].map((faceId) => ({ faceId, personId: 1 })),
      rejected: [{ faceId: 3, personId: 1 }],
      sides: [],
    };
    const { groupOfRow } = groupFaces(input(faces, { constraints }));
    expect(groupOfRow[4]).toBe(groupOfRow[0]);
    expect(groupOfRow[3]).not.toBe(groupOfRow[0]);
  });

  it('is warier of putting a face with somebody after it was said not to be somebody else', () => {
    const along = (cosine: number) => {
      const vector = new Array<number>(dimensions).fill(0);
      [vector[0], vector[1]] = [cosine, Math.sqrt(1 - cosine * cosine)];
      return vector;
    };
    const joins = (cosine: number, confirmed: boolean, rejected: boolean) => {
      const constraints = {
        ...nothing,
        confirmed: confirmed ? [{ faceId: 0, personId: 1 }] : [],
        rejected: rejected ? [{ faceId: 1, personId: 2 }] : [],
      };
      return groupFaces(input([along(1), along(cosine)], { constraints })).size === 1;
    };
    // Two lone faces are one person from 0.515 on; surely so from 0.6 on.
    expect(joins(0.53, true, false)).toBe(true);
    expect(joins(0.53, true, true)).toBe(false);
    expect(joins(0.53, false, true)).toBe(true);
    expect(joins(0.7, true, true)).toBe(true);
  });

  it('lets poor faces neither found nor bridge groups', () => {
    const { vectors } = peopleVectors([4], dimensions, 0.3, 5);
    const poor = { size: 12, sharpness: 0.05 };
    const lonely = groupFaces(input(vectors, { faces: vectors.map((_, row) => face(row, poor)) }));
    expect(lonely.size).toBe(4);
    expect(lonely.unclear.size).toBe(4);
    const joined = groupFaces(
      input(vectors, { faces: vectors.map((_, row) => face(row, row === 0 ? poor : {})) }),
    );
    expect(joined.size).toBe(1);
    expect(joined.unclear.size).toBe(0);
  });

  it('counts a poor face that the user named as clear', () => {
    const { vectors } = peopleVectors([2], dimensions, 0.3, 5);
    const faces = [face(0, { size: 12 }), face(1)];
    const constraints = { ...nothing, confirmed: [{ faceId: 0, personId: 1 }] };
    expect(groupFaces(input(vectors, { faces, constraints })).unclear.size).toBe(0);
  });

  it('joins less the surer it has to be', () => {
    const { vectors } = peopleVectors([5, 5, 5, 5], dimensions, 0.95, 11);
    const sizes = [0.1, 0.5, 0.9, 0.999].map(
      (sureness) => groupFaces(input(vectors, { sureness })).size,
    );
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    expect(sizes[0]).toBeLessThan(sizes[3]!);
  });

  it('joins less where a head makes strangers more alike', () => {
    const { vectors } = peopleVectors([5, 5, 5, 5], dimensions, 0.95, 11);
    const sizes = [0, 0.05, 0.2].map(
      (thresholdShift) => groupFaces(input(vectors, { thresholdShift })).size,
    );
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    expect(sizes[0]).toBeLessThan(sizes[2]!);
  });
});

describe('suggest', () => {
  // Two halves of one person, too far apart to be joined when one must be very sure.
  const { vectors } = peopleVectors([8, 3], dimensions, 0.6, 2);
  const { grouping, groupOfFace } = groupStanding(vectors, [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2], {
    sureness: 1 - 1e-12,
  });
  const of = (row: number) => groupOfFace[row]!;
  const persons = (...named: [row: number, personId: number][]) => {
    const personOf = new Array<number>(grouping.size).fill(-1);
    for (const [row, personId] of named) personOf[of(row)] = personId;
    return personOf;
  };

  it('asks whether two groups are one while neither has a name', () => {
    const { persons: none, pairs } = suggest(grouping, persons());
    expect(none).toEqual([]);
    expect(pairs.map(({ groupA, groupB }) => [groupA, groupB])).toEqual([[of(0), of(4)]]);
    expect(pairs[0]!.probability).toBeGreaterThan(0.5);
  });

  it('asks for the person once one has', () => {
    const asked = suggest(grouping, persons([0, 7], [8, 8]));
    expect(asked.persons.map(({ group, personId }) => [group, personId])).toEqual([[of(4), 7]]);
    expect(asked.pairs).toEqual([]);
  });

  it('asks whether two named are one, and nothing where they are', () => {
    expect(suggest(grouping, persons([0, 7], [4, 8])).pairs).toHaveLength(1);
    expect(suggest(grouping, persons([0, 7], [4, 7])).pairs).toEqual([]);
  });

  it('does not ask again what the user ruled out', () => {
    const { grouping: ruledOut, groupOfFace: group } = groupStanding(
      vectors,
      [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2],
      {
        constraints: {
          confirmed: [{ faceId: 0, personId: 7 }],
          rejected: [{ faceId: 4, personId: 7 }],
          sides: [],
        },
      },
    );
    const personOf = new Array<number>(ruledOut.size).fill(-1);
    personOf[group[0]!] = 7;
    const asked = suggest(ruledOut, personOf).persons.map((person) => person.group);
    expect(asked).not.toContain(group[4]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noMarks } from '../../../electron/core/clustering/constraints.ts';
import { crowdedGroups } from '../../../electron/core/clustering/crowded-groups.ts';
import { rowsAsGroups } from '../../../electron/core/clustering/groups-of-rows.ts';
import { buildGraph, numberGroups } from '../../../electron/core/clustering/node-graph.ts';
import { clusteringTuning } from '../../../electron/core/tuning.ts';
import { randomVectors } from './vectors.ts';

const dimensions = 4;

/** Groups of single faces, all pairs of which are likely. */
function grouped(groupOf: readonly number[], numbers: readonly number[][]) {
  const vectors = numbers.map((values) => Float32Array.from(values));
  const faces = groupOf.map((_, row) => {
    return { faceId: row, photoId: row, size: 100, sharpness: 1, yaw: 30 * (row % 3) };
  });
  const vector = (row: number) => vectors[row]!;
  const marks = groupOf.map(() => noMarks);
  const groups = rowsAsGroups(faces, [], vector, dimensions, marks, numberGroups(groupOf));
  return { groups, graph: buildGraph(faces.length, () => groupOf.keys()), vector };
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const cases = fc.tuple(
  fc.integer({ min: 1, max: 1e6 }),
  fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 40 }),
);

describe('crowdedGroups', () => {
  it('are those less alike inside than to the likest faces outside, as loops tell it', () => {
    fc.assert(
      fc.property(cases, ([seed, groupOf]) => {
        const vectors = randomVectors(groupOf.length, dimensions, seed);
        const { groups, graph, vector } = grouped(groupOf, vectors);
        const crowded = crowdedGroups(groups, graph, vector);
        for (let group = 0; group < groups.size; group++) {
          const rows = [...groupOf.keys()].filter((row) => groups.groupOfRow[row] === group);
          const others = [...groupOf.keys()].filter((row) => groups.groupOfRow[row] !== group);
          const within = rows.flatMap((a) =>
            rows.filter((b) => b !== a).map((b) => dot(vector(a), vector(b))),
          );
          const outside = rows.map((row) => {
            const likest = others.map((other) => Math.max(0, dot(vector(row), vector(other))));
            likest.push(...new Array<number>(clusteringTuning.crowdSize).fill(0));
            return mean(likest.sort((a, b) => b - a).slice(0, clusteringTuning.crowdSize));
          });
          if (Math.abs(mean(outside) - mean(within)) < 1e-5) continue;
          expect(crowded[group] === 1).toBe(rows.length > 1 && mean(outside) > mean(within));
        }
      }),
    );
  });

  it('are none where nothing is around', () => {
    const { groups, graph, vector } = grouped([0, 0, 0], randomVectors(3, dimensions, 1));
    expect([...crowdedGroups(groups, graph, (row) => vector(row).map(Math.abs))]).toEqual([0]);
    const none = grouped([], []);
    expect(crowdedGroups(none.groups, none.graph, none.vector)).toHaveLength(0);
  });
});

describe('rowsAsGroups', () => {
  it('sums up what is known of the rows of each group', () => {
    fc.assert(
      fc.property(cases, ([seed, groupOf]) => {
        const vectors = randomVectors(groupOf.length, dimensions, seed);
        const { groups } = grouped(groupOf, vectors);
        for (let group = 0; group < groups.size; group++) {
          const rows = [...groupOf.keys()].filter((row) => groups.groupOfRow[row] === group);
          const sum = [...Array(dimensions).keys()].map((i) =>
            rows.reduce((total, row) => total + vectors[row]![i]!, 0),
          );
          const found = groups.nodes.sums.subarray(group * dimensions, (group + 1) * dimensions);
          for (const [i, value] of sum.entries()) expect(found[i]).toBeCloseTo(value, 4);
          const square = sum.reduce((total, value) => total + value * value, 0);
          expect(groups.facts.squares[group]).toBeCloseTo(square, 3);
          expect(groups.facts.counts[group]).toBe(rows.length);
          const profiles = rows.map((row) => [0, 1 / 3, 1][row % 3]!);
          expect(groups.facts.profileShares[group]).toBeCloseTo(mean(profiles), 4);
        }
      }),
    );
  });
});

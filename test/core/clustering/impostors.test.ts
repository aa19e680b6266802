import { describe, expect, it } from 'vitest';
import { drawCohort, impostorLevels } from '../../../electron/core/clustering/impostors.ts';
import { clusteringTuning } from '../../../electron/core/tuning.ts';
import { randomVectors } from './vectors.ts';

const dimensions = 6;

function nodesOf(count: number) {
  const vectors = randomVectors(count, dimensions, 3);
  const counts = Uint32Array.from({ length: count }, (_, node) => 1 + (node % 4));
  const sums = vectors.flatMap((vector, node) => vector.map((value) => value * counts[node]!));
  return { size: count, dimensions, sums: Float32Array.from(sums), counts };
}

describe('impostorLevels', () => {
  it('is the mean of the highest similarities to the cohort, as loops tell it', () => {
    const nodes = nodesOf(1100);
    const cohort = drawCohort([...Array(nodes.size).keys()], nodes, 1);
    const size = clusteringTuning.cohortSize;
    expect(cohort.vectors).toHaveLength(size * dimensions);
    const level = (vector: Float32Array) => {
      const similarities: number[] = [];
      for (let other = 0; other < size; other++) {
        let dot = 0;
        for (let i = 0; i < dimensions; i++) {
          dot += vector[i]! * cohort.vectors[other * dimensions + i]!;
        }
        similarities.push(dot);
      }
      const top = similarities
        .sort((a, b) => b - a)
        .slice(0, Math.round(size * clusteringTuning.impostorShare));
      return top.reduce((sum, one) => sum + one, 0) / top.length;
    };
    const row = (values: Float32Array, at: number) =>
      values.subarray(at * dimensions, (at + 1) * dimensions);
    let mean = 0;
    for (let at = 0; at < size; at++) mean += level(row(cohort.vectors, at)) / size;
    expect(cohort.mean).toBeCloseTo(mean, 4);
    const levels = impostorLevels(cohort, nodes);
    for (const group of [0, 1, 2, 1023, 1024, 1099]) {
      const vector = row(nodes.sums, group).map((value) => value / nodes.counts[group]!);
      expect(levels[group]).toBeCloseTo(level(vector) - mean, 4);
    }
  });

  it('is 0 where there are too few groups to tell', () => {
    const nodes = nodesOf(clusteringTuning.leastCohort - 1);
    const cohort = drawCohort([...Array(nodes.size).keys()], nodes, 1);
    expect([...impostorLevels(cohort, nodes)]).toEqual(new Array(nodes.size).fill(0));
    expect(impostorLevels(drawCohort([], nodesOf(0), 1), nodesOf(0))).toHaveLength(0);
  });
});

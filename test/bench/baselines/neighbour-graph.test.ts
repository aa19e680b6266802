import { expect, it } from 'vitest';
import {
  graphOfEdges,
  heaviestEdges,
  similarityGraph,
  type WeightedGraph,
} from './neighbour-graph.ts';

function edges({ size, offsets, targets, weights }: WeightedGraph): Map<string, number> {
  const all = new Map<string, number>();
  for (let node = 0; node < size; node++) {
    for (let e = offsets[node]!; e < offsets[node + 1]!; e++) {
      all.set(`${node} ${targets[e]}`, weights[e]!);
    }
  }
  return all;
}

it('refuses loops and edges without weight', () => {
  expect(() => graphOfEdges(2, [[1, 1, 1]])).toThrow(RangeError);
  expect(() => graphOfEdges(2, [[0, 1, 0]])).toThrow(RangeError);
});

it('joins what is similar, at both ends', () => {
  const graph = similarityGraph(Float32Array.of(1, 0, 0.6, 0.8, 0, 1), 2, 0.7);
  expect([...edges(graph).keys()].sort()).toEqual(['1 2', '2 1']);
  expect(edges(graph).get('1 2')).toBeCloseTo(0.8);
});

it('keeps an edge that is among the heaviest of one end', () => {
  const star = graphOfEdges(4, [
    [0, 1, 0.9],
    [0, 2, 0.8],
    [1, 2, 0.7],
    [2, 3, 0.1],
  ]);
  expect([...edges(heaviestEdges(star, 1)).keys()].sort()).toEqual(
    ['0 1', '0 2', '1 0', '2 0', '2 3', '3 2'].sort(),
  );
  expect(edges(heaviestEdges(star, 9))).toEqual(edges(star));
});

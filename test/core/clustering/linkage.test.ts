import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkGroups } from '../../../electron/core/clustering/linkage.ts';
import { buildGraph } from '../../../electron/core/clustering/node-graph.ts';
import { randomVectors } from './vectors.ts';

const dimensions = 3;

/** The textbook: compare all pairs of groups each time, join the closest. */
function textbook(vectors: readonly number[][], threshold: number): number[] {
  const embeddings = vectors.map((vector) => Float32Array.from(vector));
  let groups = embeddings.map((_, index) => [index]);
  for (;;) {
    let best = { similarity: -Infinity, a: 0, b: 0 };
    for (let a = 0; a < groups.length; a++) {
      for (let b = a + 1; b < groups.length; b++) {
        let sum = 0;
        for (const i of groups[a]!) {
          for (const j of groups[b]!) {
            for (let d = 0; d < dimensions; d++) sum += embeddings[i]![d]! * embeddings[j]![d]!;
          }
        }
        const similarity = sum / (groups[a]!.length * groups[b]!.length);
        if (similarity > best.similarity) best = { similarity, a, b };
      }
    }
    if (best.similarity < threshold) break;
    const joined = [...groups[best.a]!, ...groups[best.b]!];
    groups = [...groups.filter((_, index) => index !== best.a && index !== best.b), joined];
  }
  const nameOfNode: number[] = [];
  for (const group of groups) for (const node of group) nameOfNode[node] = Math.min(...group);
  return nameOfNode;
}

const all = (size: number) => () => Array.from({ length: size }, (_, node) => node);

/** The smallest node of each node's group. */
function smallestNodes(groups: Uint32Array): number[] {
  return Array.from(groups, (group) => groups.indexOf(group));
}

function run(
  vectors: readonly number[][],
  margin: (a: number, b: number, similarity: number) => number,
  neighbours: (row: number) => Iterable<number> = all(vectors.length),
): number[] {
  const size = vectors.length;
  return smallestNodes(
    linkGroups(
      buildGraph(size, neighbours),
      {
        size,
        dimensions,
        sums: Float32Array.from(vectors.flat()),
        counts: new Uint32Array(size).fill(1),
      },
      { margin, joined: () => undefined },
    ),
  );
}

describe('linkGroups', () => {
  it('gives nothing for nothing', () => {
    expect(run([], () => 1)).toEqual([]);
  });

  it('agrees with the textbook on complete graphs', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 16 }),
        fc.double({ min: -0.5, max: 0.95, noNaN: true }),
        (seed, size, threshold) => {
          const vectors = randomVectors(size, dimensions, seed);
          const groups = run(vectors, (_a, _b, similarity) => similarity - threshold);
          expect(groups).toEqual(textbook(vectors, threshold));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('ends and joins all where everything is equally alike', () => {
    const same = Array.from({ length: 9 }, () => [1, 0, 0]);
    expect(run(same, () => 0.5)).toEqual(new Array<number>(9).fill(0));
  });

  it('joins no pair that the rule refuses', () => {
    const refused = (a: number, b: number) => (a % 2 === b % 2 ? 1 : -Infinity);
    const groups = run(randomVectors(10, dimensions, 1), refused);
    expect(groups).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
  });

  it('joins only along the graph', () => {
    const same = Array.from({ length: 4 }, () => [1, 0, 0]);
    const pairs = new Map([
      [0, [1]],
      [3, [2]],
    ]);
    expect(
      run(
        same,
        () => 1,
        (row) => pairs.get(row) ?? [],
      ),
    ).toEqual([0, 0, 2, 2]);
  });

  it('weighs groups it starts from by their faces', () => {
    // A pair at 90 degrees has a mean vector of length 0.7: two of three pairs with it are at 0.5.
    const groups = linkGroups(
      buildGraph(2, () => [0, 1]),
      {
        size: 2,
        dimensions: 2,
        sums: Float32Array.of(1, 1, 1, 0),
        counts: Uint32Array.of(2, 1),
      },
      { margin: (_a, _b, similarity) => similarity - 0.51, joined: () => undefined },
    );
    expect(Array.from(groups)).toEqual([0, 1]);
  });
});

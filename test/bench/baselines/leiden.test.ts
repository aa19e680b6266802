import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leiden, type LeidenOptions } from './leiden.ts';
import { graphOfEdges, type WeightedGraph } from './neighbour-graph.ts';

type Edge = readonly [number, number, number];

/** Zachary's karate club (1977): who met whom outside the club, members numbered from 1. */
const karate: Edge[] =
  `1-2 1-3 1-4 1-5 1-6 1-7 1-8 1-9 1-11 1-12 1-13 1-14 1-18 1-20 1-22 1-32 2-3 2-4
  2-8 2-14 2-18 2-20 2-22 2-31 3-4 3-8 3-9 3-10 3-14 3-28 3-29 3-33 4-8 4-13 4-14 5-7 5-11 6-7 6-11
  6-17 7-17 9-31 9-33 9-34 10-34 14-34 15-33 15-34 16-33 16-34 19-33 19-34 20-34 21-33 21-34 23-33
  23-34 24-26 24-28 24-30 24-33 24-34 25-26 25-28 25-32 26-32 27-30 27-34 28-34 29-32 29-34 30-33
  30-34 31-33 31-34 32-33 32-34 33-34`
    .split(/\s+/)
    .map((pair) => pair.split('-').map(Number))
    .map(([a, b]) => [a! - 1, b! - 1, 1]);

function clique(from: number, size: number): Edge[] {
  const nodes = Array.from({ length: size }, (_, i) => from + i);
  return nodes.flatMap((a) => nodes.filter((b) => a < b).map((b): Edge => [a, b, 1]));
}

/** Both quality functions by their definitions, over all pairs of nodes. */
function qualityOf(graph: WeightedGraph, partition: Uint32Array, options: LeidenOptions): number {
  const strength = new Array<number>(graph.size).fill(0);
  const weight = new Map<string, number>();
  let total = 0;
  for (let a = 0; a < graph.size; a++) {
    for (let e = graph.offsets[a]!; e < graph.offsets[a + 1]!; e++) {
      const key = `${a} ${graph.targets[e]}`;
      weight.set(key, (weight.get(key) ?? 0) + graph.weights[e]!);
      strength[a]! += graph.weights[e]!;
      total += graph.weights[e]!;
    }
  }
  if (total === 0) return 0;
  let sum = 0;
  for (let a = 0; a < graph.size; a++) {
    for (let b = 0; b < graph.size; b++) {
      if (partition[a] !== partition[b]) continue;
      const linked = weight.get(`${a} ${b}`) ?? 0;
      if (options.quality === 'modularity') {
        sum += (linked - (options.resolution * strength[a]! * strength[b]!) / total) / total;
      } else if (a !== b) sum += (linked - options.resolution) / 2;
    }
  }
  return sum;
}

const edgesOf = (size: number) =>
  fc
    .uniqueArray(fc.tuple(fc.nat(size - 1), fc.nat(size - 1), fc.integer({ min: 1, max: 8 })), {
      selector: ([a, b]) => `${Math.min(a, b)} ${Math.max(a, b)}`,
      minLength: 1,
      maxLength: 3 * size,
    })
    .map((edges) => edges.filter(([a, b]) => a !== b).map(([a, b, w]): Edge => [a, b, w / 8]));

const anyOptions = fc.record({
  quality: fc.constantFrom('modularity', 'constant-potts'),
  resolution: fc.double({ min: 0.05, max: 2, noNaN: true }),
  seed: fc.nat(),
});

describe('Leiden', () => {
  it('finds the best known partition of the karate club', () => {
    const graph = graphOfEdges(34, karate);
    const options = { quality: 'modularity', resolution: 1, iterations: 10 } as const;
    const partition = leiden(graph, options);
    expect(new Set(partition).size).toBe(4);
    expect(qualityOf(graph, partition, options)).toBeCloseTo(0.4198, 4);
  });

  it('tells cliques apart that modularity joins', () => {
    // A ring of 24 cliques of 3: modularity prefers pairs of them, the resolution limit.
    const ring = Array.from({ length: 24 }, (_, i): Edge[] => [
      ...clique(3 * i, 3),
      [3 * i + 2, (3 * i + 3) % 72, 1],
    ]).flat();
    const graph = graphOfEdges(72, ring);
    const communities = (options: LeidenOptions) => new Set(leiden(graph, options)).size;
    expect(communities({ quality: 'constant-potts', resolution: 0.6 })).toBe(24);
    expect(communities({ quality: 'modularity', resolution: 1 })).toBeLessThan(16);
  });

  it('holds a community together by its mean weight', () => {
    const graph = graphOfEdges(4, [
      [0, 1, 0.9],
      [2, 3, 0.9],
      [0, 2, 0.5],
      [0, 3, 0.5],
      [1, 2, 0.5],
      [1, 3, 0.5],
    ]);
    const at = (resolution: number) => [
      ...leiden(graph, { quality: 'constant-potts', resolution }),
    ];
    expect(at(0.45)).toEqual([0, 0, 0, 0]);
    expect(at(0.55)).toEqual([0, 0, 1, 1]);
    expect(at(0.95)).toEqual([0, 1, 2, 3]);
  });

  it('leaves nodes without edges alone', () => {
    const graph = graphOfEdges(3, []);
    for (const quality of ['modularity', 'constant-potts'] as const) {
      expect([...leiden(graph, { quality, resolution: 1 })]).toEqual([0, 1, 2]);
    }
  });

  it('joins only what is connected, and cannot be bettered by moving one node', () => {
    fc.assert(
      fc.property(edgesOf(12), anyOptions, (edges, options) => {
        const graph = graphOfEdges(12, edges);
        const partition = leiden(graph, { ...options, iterations: 20 });
        for (const community of new Set(partition)) {
          const nodes = [...partition.keys()].filter((node) => partition[node] === community);
          const reached = new Set([nodes[0]!]);
          for (const node of reached) {
            for (let e = graph.offsets[node]!; e < graph.offsets[node + 1]!; e++) {
              if (partition[graph.targets[e]!] === community) reached.add(graph.targets[e]!);
            }
          }
          expect(reached.size).toBe(nodes.length);
        }
        const reachedQuality = qualityOf(graph, partition, options);
        for (const node of partition.keys()) {
          for (const community of [...new Set(partition), 99]) {
            const moved = Uint32Array.from(partition);
            moved[node] = community;
            expect(qualityOf(graph, moved, options)).toBeLessThan(reachedQuality + 1e-9);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it('gives the same for the same seed', () => {
    fc.assert(
      fc.property(edgesOf(12), anyOptions, (edges, options) => {
        const graph = graphOfEdges(12, edges);
        expect(leiden(graph, options)).toEqual(leiden(graph, options));
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { similarityGraph } from './neighbour-graph.ts';
import { twoPassClustering } from './two-pass.ts';

/** Unit vectors of the plane at these degrees. */
function atDegrees(...degrees: number[]): Float32Array {
  return Float32Array.from(
    degrees.flatMap((angle) => [
      Math.cos((angle * Math.PI) / 180),
      Math.sin((angle * Math.PI) / 180),
    ]),
  );
}

const cosine = (degrees: number) => Math.cos((degrees * Math.PI) / 180);

function groups(embeddings: Float32Array, first: number, second: number, sample = 24): number[] {
  const graph = similarityGraph(embeddings, 2, cosine(89));
  return [
    ...twoPassClustering(graph, embeddings, 2, {
      firstSimilarity: cosine(first),
      secondSimilarity: cosine(second),
      sample,
    }),
  ];
}

describe('clustering in two passes', () => {
  it('gives each face to the group of its nearest earlier face', () => {
    // 20° is 9° from 11° and 8° from 28°.
    expect(groups(atDegrees(11, 28, 20), 10, 0)).toEqual([0, 1, 1]);
  });

  it('never joins groups in the first pass', () => {
    // 5° is near both, which came before it.
    expect(groups(atDegrees(0, 10, 5.1), 6, 0)).toEqual([0, 1, 1]);
  });

  it('merges by the median, not by the nearest pair', () => {
    // Two groups of three; one pair is 5° apart, the median 20°.
    const faces = atDegrees(0, 5, 15, 20, 30, 35);
    const apart = atDegrees(0, 2, 12, 17, 33, 35);
    expect(groups(faces, 5.1, 0)).toEqual([0, 0, 2, 2, 4, 4]);
    expect(groups(apart, 3, 0)).toEqual([0, 0, 2, 3, 4, 4]);
    // 12° and 17° are one first; they are 10°, 12°, 15° and 17° from the group at 0° and 2°.
    expect(groups(apart, 3, 14)).toEqual([0, 0, 2, 2, 4, 4]);
    expect(groups(apart, 3, 15.5)).toEqual([0, 0, 0, 0, 4, 4]);
  });

  it('merges the most similar groups first', () => {
    // 0 and 10 first; their median to 22 is then 22, too far.
    expect(groups(atDegrees(0, 10, 22), 1, 13)).toEqual([0, 0, 2]);
  });

  it('looks at a sample of large groups', () => {
    const near = Array.from({ length: 40 }, (_, i) => i / 100);
    const far = Array.from({ length: 40 }, (_, i) => 20 + i / 100);
    const faces = atDegrees(...near, ...far);
    expect(new Set(groups(faces, 1, 19, 8)).size).toBe(2);
    expect(new Set(groups(faces, 1, 21, 8)).size).toBe(1);
  });
});

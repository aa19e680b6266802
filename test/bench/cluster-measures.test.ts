import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterMeasures } from './cluster-measures.ts';

const labels = fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { minLength: 1, maxLength: 30 });
const split = (faces: [number, number][]) =>
  [faces.map(([cluster]) => cluster), faces.map(([, identity]) => identity)] as const;

describe('measures of a clustering', () => {
  it('refuse lists that do not fit', () => {
    expect(() => clusterMeasures([], [])).toThrow(RangeError);
    expect(() => clusterMeasures([1, 2], ['a'])).toThrow(RangeError);
  });

  it('give known figures', () => {
    const measures = clusterMeasures([1, 1, 1, 2, 2, 2], ['a', 'a', 'b', 'b', 'b', 'b']);
    // 6 pairs put together, 7 belong together, 4 are both.
    expect(measures.pairwise.precision).toBeCloseTo(4 / 6);
    expect(measures.pairwise.recall).toBeCloseTo(4 / 7);
    expect(measures.bcubed.precision).toBeCloseTo((2 * (2 / 3) + 1 / 3 + 3) / 6);
    expect(measures.bcubed.recall).toBeCloseTo((2 + 1 / 4 + 3 * (3 / 4)) / 6);
    // Entropies: ln 2 of the halves; of a third and two thirds.
    const information = (2 * Math.log(2) + Math.log(1 / 2) + 3 * Math.log(3 / 2)) / 6;
    const entropies = Math.log(2) + Math.log(3) / 3 + (2 / 3) * Math.log(3 / 2);
    expect(measures.normalizedMutualInformation).toBeCloseTo((2 * information) / entropies);
    expect(measures.groups).toBe(2);
  });

  it('find no information in one single group, or in independent groups', () => {
    const nmi = (clusters: number[], identities: string[]) =>
      clusterMeasures(clusters, identities).normalizedMutualInformation;
    expect(nmi([1, 1, 1, 1], ['a', 'a', 'b', 'b'])).toBe(0);
    expect(nmi([1, 2, 1, 2], ['a', 'a', 'b', 'b'])).toBeCloseTo(0);
    expect(nmi([1, 1], ['a', 'a'])).toBe(1);
  });

  it('are 1 for the truth, whatever the groups are called', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4), { minLength: 1 }), (identities) => {
        const measures = clusterMeasures(
          identities.map((identity) => `group ${(identity * 3) % 5}`),
          identities,
        );
        expect(measures.normalizedMutualInformation).toBeCloseTo(1);
        expect(measures.bcubed.f).toBeCloseTo(1);
      }),
    );
  });

  it('agree with sums over all pairs of faces', () => {
    fc.assert(
      fc.property(labels, (faces) => {
        const [clusters, identities] = split(faces);
        const measures = clusterMeasures(clusters, identities);
        let [put, belong, both] = [0, 0, 0];
        for (const [a, [clusterA, identityA]] of faces.entries()) {
          for (const [clusterB, identityB] of faces.slice(0, a)) {
            put += Number(clusterA === clusterB);
            belong += Number(identityA === identityB);
            both += Number(clusterA === clusterB && identityA === identityB);
          }
        }
        expect(measures.pairwise.precision).toBeCloseTo(both / (put || 1));
        expect(measures.pairwise.recall).toBeCloseTo(both / (belong || 1));
        const swapped = clusterMeasures(identities, clusters);
        expect(swapped.bcubed.precision).toBeCloseTo(measures.bcubed.recall);
        expect(swapped.normalizedMutualInformation).toBeCloseTo(
          measures.normalizedMutualInformation,
        );
      }),
    );
  });
});

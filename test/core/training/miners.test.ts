import { createRandom } from '../../../electron/core/random.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairSquaredDistances } from '../../../electron/core/training/distances.ts';
import {
  mineBatchAll,
  mineBatchHard,
  mineRandom,
  mineSemiHard,
  type Triplets,
} from '../../../electron/core/training/miners.ts';
import { rowsByIdentity, sampleIdentities } from '../../../electron/core/training/samplers.ts';
import { unitVectors } from './numbers.ts';

const dimensions = 5;
const batches = fc
  .tuple(
    fc.integer({ min: 1, max: 1e6 }),
    fc.array(fc.integer({ min: -1, max: 3 }), { maxLength: 12 }),
  )
  .map(([seed, identities]) => ({
    embeddings: unitVectors(identities.length, dimensions, seed),
    dimensions,
    identities,
  }));
const listed = ({ anchors, positives, negatives }: Triplets) =>
  [...anchors].map((anchor, at) => `${anchor} ${positives[at]} ${negatives[at]}`).sort();

/** All triplets as three nested loops find them, with both squared distances. */
function everyTriplet({
  embeddings,
  identities,
}: {
  embeddings: Float32Array;
  identities: number[];
}) {
  const found: { a: number; p: number; n: number; near: number; far: number }[] = [];
  const count = identities.length;
  const distances = pairSquaredDistances(embeddings, dimensions);
  for (let a = 0; a < count; a++) {
    for (let p = 0; p < count; p++) {
      for (let n = 0; n < count; n++) {
        if (a === p || identities[a]! < 0 || identities[n]! < 0) continue;
        if (identities[a] !== identities[p] || identities[a] === identities[n]) continue;
        found.push({ a, p, n, near: distances[a * count + p]!, far: distances[a * count + n]! });
      }
    }
  }
  return found;
}
const written = (triplets: { a: number; p: number; n: number }[]) =>
  triplets.map(({ a, p, n }) => `${a} ${p} ${n}`).sort();

describe('miners equal nested loops', () => {
  it('batch-all: every triplet that violates the margin', () => {
    fc.assert(
      fc.property(batches, (batch) => {
        const expected = everyTriplet(batch).filter(({ near, far }) => near + 0.2 > far);
        expect(listed(mineBatchAll(batch, 0.2, createRandom(1)))).toEqual(written(expected));
      }),
    );
  });

  it('semi-hard: for each pair the nearest negative between positive and margin', () => {
    fc.assert(
      fc.property(batches, (batch) => {
        const within = everyTriplet(batch).filter(
          ({ near, far }) => far > near && far < near + 0.5,
        );
        const expected = [...Map.groupBy(within, ({ a, p }) => `${a} ${p}`).values()].map((list) =>
          list.reduce((best, one) => (one.far < best.far ? one : best)),
        );
        expect(listed(mineSemiHard(batch, 0.5, createRandom(1)))).toEqual(written(expected));
      }),
    );
  });

  it('batch-hard: farthest positive and nearest negative of each anchor', () => {
    fc.assert(
      fc.property(batches, (batch) => {
        const ofAnchor = [...Map.groupBy(everyTriplet(batch), ({ a }) => a).values()];
        const expected = ofAnchor.map((list) => {
          const nearest = list.reduce((best, one) => (one.far < best.far ? one : best));
          const farthest = list.reduce((best, one) => (one.near > best.near ? one : best));
          return { a: list[0]!.a, p: farthest.p, n: nearest.n };
        });
        expect(listed(mineBatchHard(batch, 0.2, createRandom(1)))).toEqual(written(expected));
      }),
    );
  });

  it('random: one true triplet for each pair, the same for the same seed', () => {
    fc.assert(
      fc.property(batches, (batch) => {
        const all = everyTriplet(batch);
        const mined = listed(mineRandom(batch, 0.2, createRandom(7)));
        const pairs = new Set(mined.map((text) => text.split(' ').slice(0, 2).join(' ')));
        expect(pairs).toEqual(new Set(all.map(({ a, p }) => `${a} ${p}`)));
        expect(mined.length).toBe(pairs.size);
        expect(written(all)).toEqual(expect.arrayContaining(mined));
        expect(listed(mineRandom(batch, 0.2, createRandom(7)))).toEqual(mined);
      }),
    );
  });

  it('gives none for one person, and for nobody', () => {
    for (const identities of [[], [0, 0, 0], [-1, -1, 2]]) {
      const batch = {
        embeddings: unitVectors(identities.length, dimensions, 1),
        dimensions,
        identities,
      };
      for (const mine of [mineBatchAll, mineSemiHard, mineBatchHard, mineRandom]) {
        expect(mine(batch, 1, createRandom(1)).anchors.length).toBe(0);
      }
    }
  });
});

describe('sampleIdentities', () => {
  it('takes P identities and up to K faces of each, those with several faces first', () => {
    const rowsOf = rowsByIdentity([0, 0, 0, 1, 1, 2, 3, -1, 3]);
    const rows = sampleIdentities(rowsOf, 3, 2, createRandom(5));
    expect(rows.length).toBe(6);
    expect(new Set(rows).size).toBe(6);
    expect(rows).not.toContain(5);
    expect(rows).not.toContain(7);
    expect(sampleIdentities(rowsOf, 9, 9, createRandom(5)).sort()).toEqual([
      0, 1, 2, 3, 4, 5, 6, 8,
    ]);
    expect(sampleIdentities(rowsOf, 3, 2, createRandom(5))).toEqual(rows);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Company } from '../../../electron/core/clustering/companions.ts';
import {
  noBystanders,
  PhotoMates,
  type Bystanders,
} from '../../../electron/core/clustering/photo-mates.ts';
import { PhotoSets } from '../../../electron/core/clustering/photo-sets.ts';
import { createPhotoTable } from '../../../electron/core/clustering/photo-table.ts';
import { clusteringTuning } from '../../../electron/core/tuning.ts';

const population = 1000;

/** One row a face. */
function tableOf(photoIds: readonly number[], bystanders: Bystanders) {
  return createPhotoTable(
    {
      size: photoIds.length,
      rows: Uint32Array.from(photoIds.keys()),
      photoIds: Float64Array.from(photoIds),
    },
    bystanders.inPhotos.keys(),
  );
}

function evidenceOfMet(met: number): number {
  const { companionShare, companionLimit } = clusteringTuning;
  return Math.min(companionLimit, Math.max(0, Math.log((companionShare * population) / met)));
}

describe('Company', () => {
  it('knows the rarest companion in common, as plain lists tell it, however groups are joined', () => {
    const size = 6;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(6), fc.nat(size - 1)), { minLength: 1, maxLength: 25 }),
        fc.array(fc.tuple(fc.nat(6), fc.nat(3)), { maxLength: 5 }),
        fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 4 }),
        fc.boolean(),
        (faces, beside, joins, asked) => {
          const bystanders: Bystanders = {
            inPhotos: new Map(
              [...Map.groupBy(beside, ([photo]) => photo)].map(([photo, seen]) => {
                return [photo, seen.map(([, bystander]) => bystander)] as const;
              }),
            ),
            companions: (bystander) => 2 + bystander,
          };
          const photoIds = faces.map(([photo]) => photo);
          const people = { groupOfRow: Uint32Array.from(faces, ([, group]) => group), size };
          const table = tableOf(photoIds, bystanders);
          const photos = new PhotoSets(table, people);
          const companions = new Company(
            new PhotoMates(table, bystanders),
            people,
            population,
          ).companions(photos, (group) => group);
          const seen = (group: number) => {
            const photos = faces.filter(([, of]) => of === group).map(([photo]) => photo);
            return new Set([
              ...faces
                .filter(([photo, of]) => photos.includes(photo) && of !== group)
                .map(([, of]) => `group ${of}`),
              ...beside
                .filter(([photo]) => photos.includes(photo))
                .map(([, bystander]) => `bystander ${bystander}`),
            ]);
          };
          const plain = Array.from({ length: size }, (_, group) => seen(group));
          const met = (companion: string) => {
            const [kind, number] = companion.split(' ');
            return kind === 'group' ? seen(Number(number)).size : 2 + Number(number);
          };
          const gone = new Set<number>();
          const standsFor = [...Array(size).keys()];
          const isEither = (companion: string, a: number, b: number) =>
            companion.startsWith('group') &&
            [a, b].includes(standsFor[Number(companion.split(' ')[1])]!);
          if (asked) companions.evidence(0, 1);
          for (const [a, b] of joins) {
            if (a === b || gone.has(a) || gone.has(b)) continue;
            companions.join(a, b);
            photos.join(a, b);
            plain[a] = plain[a]!.union(plain[b]!);
            gone.add(b);
            for (const [group, of] of standsFor.entries()) if (of === b) standsFor[group] = a;
          }
          for (let a = 0; a < size; a++) {
            for (let b = 0; b < size; b++) {
              if (a === b || gone.has(a) || gone.has(b)) continue;
              const common = [...plain[a]!.intersection(plain[b]!)]
                .filter((companion) => !isEither(companion, a, b))
                .map((companion) => evidenceOfMet(met(companion)));
              expect(companions.evidence(a, b)).toBeCloseTo(Math.max(0, ...common));
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('says nothing where somebody is seen with everybody', () => {
    // Group 0 is on every photo of an album of one family.
    const others = [1, 2, 3, 4];
    const photoIds = others.flatMap((photo) => [photo, photo]);
    const groupOfRow = Uint32Array.from(others.flatMap((group) => [0, group]));
    const people = { groupOfRow, size: 5 };
    const table = tableOf(photoIds, noBystanders);
    const among = (count: number) =>
      new Company(new PhotoMates(table, noBystanders), people, count)
        .companions(new PhotoSets(table, people), (group) => group)
        .evidence(1, 2);
    expect(among(5)).toBe(0);
    expect(among(500)).toBeGreaterThan(3);
  });

  it('compares parts of groups by who their groups are', () => {
    // Somebody is seen with group 0 twice; the part that is not is no acquaintance of it.
    const photoIds = [1, 1, 2, 2, 3];
    const people = { groupOfRow: Uint32Array.of(0, 1, 0, 1, 1), size: 2 };
    const table = tableOf(photoIds, noBystanders);
    const parts = { groupOfRow: Uint32Array.of(3, 0, 3, 1, 2), size: 4 };
    const companions = new Company(
      new PhotoMates(table, noBystanders),
      people,
      population,
    ).companions(new PhotoSets(table, parts), () => 1);
    expect(companions.evidence(0, 1)).toBeGreaterThan(0);
    expect(companions.evidence(0, 2)).toBe(0);
  });
});

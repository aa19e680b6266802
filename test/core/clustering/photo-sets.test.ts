import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PhotoSets } from '../../../electron/core/clustering/photo-sets.ts';
import { createPhotoTable } from '../../../electron/core/clustering/photo-table.ts';

describe('createPhotoTable', () => {
  it('refuses ids that no photo has', () => {
    const appearances = { size: 1, rows: Uint32Array.of(0), photoIds: Float64Array.of(-1) };
    expect(() => createPhotoTable(appearances, [])).toThrow('There is no photo -1');
  });
});

describe('PhotoSets', () => {
  it('counts shared photos as plain sets do, however groups are joined', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(8), fc.nat(4)), { minLength: 2, maxLength: 20 }),
        fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { maxLength: 4 }),
        (faces, joins) => {
          const size = 5;
          const plain = Array.from({ length: size }, () => new Set<number>());
          for (const [photo, group] of faces) plain[group]!.add(photo);
          const table = createPhotoTable(
            {
              size: faces.length,
              rows: Uint32Array.from(faces.keys()),
              photoIds: Float64Array.from(faces, ([photo]) => photo),
            },
            [],
          );
          const groupOfRow = Uint32Array.from(faces, ([, group]) => group);
          const sets = new PhotoSets(table, { groupOfRow, size });
          const gone = new Set<number>();
          for (const [a, b] of joins) {
            if (a === b || gone.has(a) || gone.has(b)) continue;
            sets.join(a, b);
            for (const photo of plain[b]!) plain[a]!.add(photo);
            gone.add(b);
          }
          for (let a = 0; a < size; a++) {
            for (let b = 0; b < size; b++) {
              if (a === b || gone.has(a) || gone.has(b)) continue;
              if (plain[a]!.size === 0 || plain[b]!.size === 0) continue;
              const shared = [...plain[a]!].filter((photo) => plain[b]!.has(photo)).length;
              expect(sets.sharedShare(a, b)).toBeCloseTo(
                shared / Math.min(plain[a]!.size, plain[b]!.size),
              );
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openPhoto } from '../../electron/vision/decode/open-photo.ts';
import {
  cut,
  exifOrientations,
  largestDifference,
  meanDifference,
  noise,
  quarters,
  storeAs,
  toSharp,
} from './pictures.ts';

const limits = { maxPixels: 10_000_000 };
const upright = noise(37, 23);
const colours = [
  [200, 30, 40],
  [30, 180, 60],
  [40, 50, 190],
  [230, 220, 60],
] as const;
const fourColours = quarters(160, 100, colours);

describe('storeAs (the oracle)', () => {
  it('gives eight different pictures, the first of them untouched', () => {
    const stored = exifOrientations.map((orientation) => storeAs(upright, orientation));
    expect(stored[0]).toEqual(upright);
    const different = new Set(stored.map(({ data }) => Buffer.from(data).toString('hex')));
    expect(different.size).toBe(8);
  });
});

describe.each(exifOrientations)('a photo stored with orientation %i', (orientation) => {
  const stored = storeAs(upright, orientation);

  it.each(['png', 'tiff', 'webp'] as const)(
    'stands upright, every pixel of it (%s)',
    async (as) => {
      const bytes = await toSharp(stored)
        .withMetadata({ orientation })
        .toFormat(as, as === 'webp' ? { lossless: true } : { compression: 'deflate' })
        .toBuffer();
      const photo = await openPhoto(bytes, limits);
      expect([photo.width, photo.height]).toEqual([37, 23]);
      expect(largestDifference(await photo.view(1000), upright)).toBe(0);
    },
  );

  it('stands upright when a JPEG is decoded at a reduced scale', async () => {
    const large = quarters(1600, 1000, colours);
    const bytes = await toSharp(storeAs(large, orientation))
      .withMetadata({ orientation })
      .jpeg({ quality: 95 })
      .toBuffer();
    const photo = await openPhoto(bytes, limits);
    expect([photo.width, photo.height]).toEqual([1600, 1000]);
    const view = await photo.view(160);
    const expected = await toSharp(large).resize(160, 100).raw().toBuffer();
    expect(meanDifference(view, { data: expected, width: 160, height: 100 })).toBeLessThan(3);
  });

  it('stands upright when its container has turned it already (avif)', async () => {
    const bytes = await toSharp(storeAs(fourColours, orientation))
      .withMetadata({ orientation })
      .avif({ quality: 90, effort: 0 })
      .toBuffer();
    // The encoder writes the turn twice: into the container, and into Exif.
    expect(/irot|imir/.test(bytes.toString('latin1'))).toBe(orientation !== 1);
    const photo = await openPhoto(bytes, limits);
    expect([photo.width, photo.height]).toEqual([160, 100]);
    expect(meanDifference(await photo.view(160), fourColours)).toBeLessThan(3);
  });

  it('gives any region as it is seen', async () => {
    const bytes = await toSharp(stored).withMetadata({ orientation }).png().toBuffer();
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            left: fc.double({ min: -9, max: 36.5, noNaN: true }),
            top: fc.double({ min: -9, max: 22.5, noNaN: true }),
            width: fc.double({ min: 9.1, max: 60, noNaN: true }),
            height: fc.double({ min: 9.1, max: 60, noNaN: true }),
          }),
          { minLength: 1, maxLength: 3 },
        ),
        fc.boolean(),
        fc.boolean(),
        async (areas, together, viewFirst) => {
          const photo = await openPhoto(bytes, limits);
          if (viewFirst) await photo.view(18);
          const regions = together
            ? await Promise.all(areas.map((area) => photo.region(area, 1000)))
            : await areas.reduce<Promise<Awaited<ReturnType<typeof photo.region>>[]>>(
                async (before, area) => [...(await before), await photo.region(area, 1000)],
                Promise.resolve([]),
              );
          regions.forEach(({ area, image }, index) => {
            const wanted = areas[index];
            if (wanted === undefined) throw new Error('More regions than areas');
            expect(area.left).toBe(Math.max(0, Math.floor(wanted.left)));
            expect(area.top).toBe(Math.max(0, Math.floor(wanted.top)));
            expect(area.left + area.width).toBe(
              Math.min(37, Math.ceil(wanted.left + wanted.width)),
            );
            expect(area.top + area.height).toBe(
              Math.min(23, Math.ceil(wanted.top + wanted.height)),
            );
            expect(largestDifference(image, cut(upright, area))).toBe(0);
          });
        },
      ),
      { numRuns: 25 },
    );
  });
});

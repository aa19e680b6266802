import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clipOutwards,
  contains,
  cutImage,
  enclosing,
  scaledSize,
} from '../../electron/vision/decode/area.ts';
import { DecodedPhoto } from '../../electron/vision/decode/decoded-photo.ts';
import { createTiffWrapper } from '../../electron/vision/decode/tiff-wrapper.ts';
import { decodePixels } from '../../electron/vision/pixels.ts';
import { cut, largestDifference, meanDifference, noise, storeAs, toSharp } from './pictures.ts';

const picture = noise(120, 90);

describe('a photo too large to be held', () => {
  const open = async () =>
    new DecodedPhoto({
      bytes: await toSharp(storeAs(picture, 6)).png().toBuffer(),
      stored: { width: 90, height: 120 },
      orientation: 6,
      maxPixels: 1e6,
      maxHeldPixels: 1000,
    });

  it('gives the same regions, decoded one by one', async () => {
    const photo = await open();
    const areas = [
      { left: 1, top: 2, width: 100, height: 80 },
      { left: 50, top: 60, width: 7, height: 9 },
      { left: 110, top: 80, width: 10, height: 10 },
    ];
    const regions = await Promise.all(areas.map((area) => photo.region(area, 1000)));
    regions.forEach(({ image, area }, index) => {
      expect(area).toEqual(areas[index]);
      expect(largestDifference(image, cut(picture, area))).toBe(0);
    });
  });

  it('gives large regions from one view, as large as can be held', async () => {
    const photo = await open();
    const wanted = { left: 0, top: 0, width: 120, height: 60 };
    const [one, other] = await Promise.all([photo.region(wanted, 30), photo.region(wanted, 20)]);
    expect([one.image.width, one.image.height]).toEqual([30, 15]);
    expect([other.image.width, other.image.height]).toEqual([20, 10]);
    // 1000 of 10,800 pixels: a view of 36 × 27, in which the region is 36 × 18.
    expect(one.area).toEqual(wanted);
    const view = await photo.view(36);
    const expected = await toSharp(view)
      .extract({ left: 0, top: 0, width: 36, height: 18 })
      .resize(30, 15)
      .raw()
      .toBuffer();
    expect(largestDifference(one.image, { data: expected, width: 30, height: 15 })).toBe(0);
  });

  it('scales a region down while it is decoded', async () => {
    const photo = await open();
    const area = { left: 10, top: 20, width: 80, height: 60 };
    const { image } = await photo.region(area, 60);
    const expected = await toSharp(picture).extract(area).resize(60, 45).raw().toBuffer();
    expect(meanDifference(image, { data: expected, width: 60, height: 45 })).toBeLessThan(3);
  });
});

describe('areas', () => {
  const size = fc.record({
    width: fc.integer({ min: 1, max: 9000 }),
    height: fc.integer({ min: 1, max: 9000 }),
  });

  it('scale down to the longest side, keep their shape, never grow', () => {
    fc.assert(
      fc.property(size, fc.integer({ min: 1, max: 9000 }), (original, longestSide) => {
        const { width, height } = scaledSize(original, longestSide);
        expect(Math.max(width, height)).toBe(
          Math.min(longestSide, Math.max(original.width, original.height)),
        );
        const scale = Math.max(width, height) / Math.max(original.width, original.height);
        expect(Math.abs(width - original.width * scale)).toBeLessThanOrEqual(1);
        expect(Math.abs(height - original.height * scale)).toBeLessThanOrEqual(1);
      }),
    );
    expect(() => scaledSize({ width: 5, height: 5 }, 0)).toThrow(RangeError);
    expect(() => scaledSize({ width: 5, height: 5 }, NaN)).toThrow(RangeError);
  });

  it('are clipped to whole pixels that hold what was asked', () => {
    const bounds = { width: 100, height: 50 };
    expect(clipOutwards({ left: 1.2, top: 2.9, width: 3, height: 4.2 }, bounds)).toEqual({
      left: 1,
      top: 2,
      width: 4,
      height: 6,
    });
    expect(clipOutwards({ left: -5, top: -5, width: 500, height: 500 }, bounds)).toEqual({
      left: 0,
      top: 0,
      ...bounds,
    });
    for (const left of [-10, 100, NaN]) {
      const outside = { left, top: 0, width: 10, height: 10 };
      expect(() => clipOutwards(outside, bounds)).toThrow(RangeError);
    }
  });

  it('are enclosed by the smallest rectangle', () => {
    const areas = [
      { left: 3, top: 9, width: 2, height: 2 },
      { left: 4, top: 1, width: 6, height: 3 },
    ];
    const around = enclosing(areas);
    expect(around).toEqual({ left: 3, top: 1, width: 7, height: 10 });
    for (const area of areas) expect(contains(around, area)).toBe(true);
    expect(contains(around, { left: 3, top: 1, width: 7, height: 11 })).toBe(false);
    expect(contains(around, { left: 2, top: 1, width: 7, height: 10 })).toBe(false);
  });

  it('are cut out of an image that shows a part', () => {
    const shown = { left: 1000, top: 500, width: 120, height: 90 };
    const area = { left: 1010, top: 520, width: 30, height: 40 };
    const expected = cut(picture, { left: 10, top: 20, width: 30, height: 40 });
    expect(cutImage(picture, shown, area)).toEqual(expected);
    expect(cutImage(picture, shown, shown)).toBe(picture);
  });
});

describe('createTiffWrapper', () => {
  it.each([
    [1, 1],
    [7, 5],
    [120, 16],
    [33, 17],
    [5, 100],
  ])('makes a file of %i × %i that is read back exactly', async (width, height) => {
    const original = noise(width, height);
    const { file, pixels } = createTiffWrapper(width, height, null);
    pixels.set(original.data);
    const read = await decodePixels(file, { failOn: 'truncated', maxPixels: 1e6 });
    expect(largestDifference(read, original)).toBe(0);
    const area = { left: Math.floor(width / 2), top: Math.floor(height / 2), width: 1, height: 1 };
    const one = await decodePixels(file, { area, failOn: 'truncated', maxPixels: 1e6 });
    expect(largestDifference(one, cut(original, area))).toBe(0);
  });

  it.each([0, 1])('carries a colour profile, of odd length too (%i)', async (padding) => {
    const p3 = await toSharp(picture).withIccProfile('p3').tiff({ compression: 'none' }).toBuffer();
    const { default: sharp } = await import('sharp');
    const { icc } = await sharp(p3).metadata();
    if (icc === undefined) throw new Error('No profile was written');
    const stored = await sharp(p3, { ignoreIcc: true }).raw().toBuffer();
    const { file, pixels } = createTiffWrapper(
      120,
      90,
      Buffer.concat([icc, Buffer.alloc(padding)]),
    );
    pixels.set(stored);
    const asStored = { data: stored, width: 120, height: 90 };
    const read = await decodePixels(file, { failOn: 'truncated', maxPixels: 1e6 });
    const expected = await decodePixels(p3, { failOn: 'truncated', maxPixels: 1e6 });
    expect(largestDifference(read, expected)).toBe(0);
    expect(meanDifference(read, asStored)).toBeGreaterThan(2);
  });
});

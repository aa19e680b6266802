import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { openPhoto } from '../../electron/vision/decode/open-photo.ts';
import { makePreview } from '../../electron/vision/decode/preview.ts';
import {
  largestDifference,
  meanDifference,
  noise,
  quarterColours,
  quarters,
  toSharp,
  type Colour,
} from './pictures.ts';

const limits = { maxPixels: 10_000_000 };
const colours: readonly Colour[] = [
  [200, 60, 70],
  [60, 160, 80],
  [70, 80, 180],
  [220, 210, 190],
];
const picture = quarters(96, 64, colours);
const greys = colours.map(([red, green, blue]) => {
  const grey = Math.round((red + green + blue) / 3);
  return [grey, grey, grey] as const;
});

async function viewColours(bytes: Buffer): Promise<number[][]> {
  return quarterColours(await (await openPhoto(bytes, limits)).view(1000));
}

function expectNear(found: number[][], wanted: readonly Colour[], tolerance: number): void {
  found.forEach((colour, quarter) => {
    colour.forEach((value, channel) => {
      const difference = Math.abs(value - (wanted[quarter]?.[channel] ?? NaN));
      expect(difference, `quarter ${quarter}, channel ${channel}: ${value}`).toBeLessThanOrEqual(
        tolerance,
      );
    });
  });
}

describe('the formats of photos', () => {
  it.each([
    ['jpeg', 'jpeg', { quality: 95 }, 3],
    ['jpeg, progressive', 'jpeg', { quality: 95, progressive: true }, 3],
    ['png', 'png', {}, 0],
    ['png, palette', 'png', { palette: true }, 3],
    ['png, interlaced', 'png', { progressive: true }, 0],
    ['webp', 'webp', { quality: 95 }, 5],
    ['tiff, lzw', 'tiff', { compression: 'lzw' }, 0],
    ['tiff, jpeg in tiles', 'tiff', { compression: 'jpeg', quality: 95, tile: true }, 5],
    ['gif', 'gif', {}, 4],
    ['avif', 'avif', { quality: 90, effort: 0 }, 4],
  ] as const)('%s is read', async (_, format, options, tolerance) => {
    const bytes = await toSharp(picture).toFormat(format, options).toBuffer();
    const photo = await openPhoto(bytes, limits);
    expect(photo.format).toBe(format);
    expect([photo.width, photo.height]).toEqual([96, 64]);
    expectNear(quarterColours(await photo.view(1000)), colours, tolerance);
  });

  it('shows the first frame of an animation', async () => {
    const frames = await Promise.all(
      [colours, colours.toReversed()].map((of) =>
        toSharp(quarters(96, 64, of))
          .png()
          .toBuffer(),
      ),
    );
    for (const format of ['gif', 'webp'] as const) {
      const animation = await sharp(frames, { join: { animated: true } })
        .toFormat(format)
        .toBuffer();
      expect((await sharp(animation).metadata()).pages).toBe(2);
      const photo = await openPhoto(animation, limits);
      expect([photo.width, photo.height]).toEqual([96, 64]);
      expectNear(quarterColours(await photo.view(1000)), colours, 6);
    }
  });
});

describe('colours', () => {
  it('of 16 bits a channel become eight', async () => {
    const bytes = await toSharp(picture).toColourspace('rgb16').png().toBuffer();
    expect((await sharp(bytes).metadata()).depth).toBe('ushort');
    expectNear(await viewColours(bytes), colours, 1);
  });

  it('of 16 bits a channel in TIFF become eight', async () => {
    const bytes = await toSharp(picture)
      .toColourspace('rgb16')
      .tiff({ compression: 'deflate' })
      .toBuffer();
    expect((await sharp(bytes).metadata()).depth).toBe('ushort');
    expectNear(await viewColours(bytes), colours, 1);
  });

  it('of grey photos become three equal channels', async () => {
    const grey = toSharp(quarters(96, 64, greys)).toColourspace('b-w');
    const bytes = await grey.clone().jpeg({ quality: 95 }).toBuffer();
    expect((await sharp(bytes).metadata()).channels).toBe(1);
    expectNear(await viewColours(bytes), greys, 3);
    expectNear(await viewColours(await grey.clone().png().toBuffer()), greys, 2);
  });

  it('of grey photos with 16 bits become three equal channels', async () => {
    const bytes = await toSharp(quarters(96, 64, greys))
      .toColourspace('grey16')
      .png()
      .toBuffer();
    expect(await sharp(bytes).metadata()).toMatchObject({ channels: 1, depth: 'ushort' });
    expectNear(await viewColours(bytes), greys, 2);
  });

  it('of CMYK photos are converted', async () => {
    const bytes = await toSharp(picture).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer();
    expect((await sharp(bytes).metadata()).space).toBe('cmyk');
    // What ink can show is not all that a screen can: near, not equal.
    expectNear(await viewColours(bytes), colours, 45);
  });

  it.each(['jpeg', 'png', 'webp', 'tiff'] as const)(
    'are brought to sRGB by their profile (%s)',
    async (format) => {
      const bytes = await toSharp(picture)
        .withIccProfile('p3')
        .toFormat(format, { quality: 95 })
        .toBuffer();
      const stored = await sharp(bytes, { ignoreIcc: true })
        .raw()
        .toBuffer({ resolveWithObject: true });
      const storedColours = quarterColours({ data: stored.data, width: 96, height: 64 });
      // Without the profile the colours would be wrong by more than is allowed below.
      expect(Math.abs((storedColours[0]?.[0] ?? 0) - 200)).toBeGreaterThan(8);
      expectNear(await viewColours(bytes), colours, 5);
    },
  );

  it('of transparent places are white', async () => {
    const data = Buffer.alloc(96 * 64 * 4);
    for (let at = 0; at < 96 * 64; at++) {
      const shown = at % 96 < 48;
      data.set(shown ? [200, 60, 70, 255] : [1, 2, 3, 0], at * 4);
    }
    const rgba = sharp(data, { raw: { width: 96, height: 64, channels: 4 } });
    const white = [255, 255, 255] as const;
    for (const format of ['png', 'webp', 'avif'] as const) {
      const bytes = await rgba.clone().toFormat(format, { lossless: true }).toBuffer();
      const red = [200, 60, 70] as const;
      expectNear(await viewColours(bytes), [red, white, red, white], 3);
    }
    const grey = await rgba.clone().toColourspace('b-w').png().toBuffer();
    expect((await sharp(grey).metadata()).channels).toBe(2);
    const found = await viewColours(grey);
    expectNear([found[1]!, found[3]!], [white, white], 1);
    expect(new Set(found[0]).size).toBe(1);
    expect(found[0]![0]).toBeLessThan(160);
  });
});

describe('a view', () => {
  const photo = () => toSharp(noise(300, 200)).png().toBuffer();

  it('is scaled to the longest side and never enlarged', async () => {
    const opened = await openPhoto(await photo(), limits);
    const sizes = [];
    for (const side of [150, 299, 300, 301, 5000, 1]) {
      const { width, height } = await opened.view(side);
      sizes.push([width, height]);
    }
    expect(sizes).toEqual([
      [150, 100],
      [299, 199],
      [300, 200],
      [300, 200],
      [300, 200],
      [1, 1],
    ]);
    await expect(async () => opened.view(0)).rejects.toThrow(RangeError);
  });

  it('is decoded once for each size', async () => {
    const opened = await openPhoto(await photo(), limits);
    expect(await opened.view(150)).toBe(await opened.view(150));
    expect(await opened.view(400)).toBe(await opened.view(300));
  });

  it('looks the same whether it is decoded or made from a larger one', async () => {
    const smooth = await toSharp(noise(30, 20)).resize(300, 200).png().toBuffer();
    const direct = await (await openPhoto(smooth, limits)).view(100);
    const opened = await openPhoto(smooth, limits);
    await opened.view(250);
    expect(meanDifference(await opened.view(100), direct)).toBeLessThan(2);
  });
});

describe('a region', () => {
  const soft = async () =>
    toSharp(noise(40, 30, 5))
      .resize(800, 600, { kernel: 'cubic' })
      .png()
      .toBuffer();

  it('is scaled down to what is asked', async () => {
    const bytes = await soft();
    const photo = await openPhoto(bytes, limits);
    const wanted = { left: 100, top: 50, width: 400, height: 200 };
    const { image, area } = await photo.region(wanted, 100);
    expect(area).toEqual(wanted);
    const expected = await sharp(bytes).extract(wanted).resize(100, 50).raw().toBuffer();
    expect(meanDifference(image, { data: expected, width: 100, height: 50 })).toBeLessThan(1);
  });

  it('comes from the view when that is fine enough, and says what it cut', async () => {
    const bytes = await soft();
    const photo = await openPhoto(bytes, limits);
    const view = await photo.view(400);
    const { image, area } = await photo.region(
      { left: 101, top: 51, width: 398, height: 198 },
      199,
    );
    expect(area).toEqual({ left: 100, top: 50, width: 400, height: 200 });
    expect([image.width, image.height]).toEqual([199, 100]);
    const expected = await toSharp(view)
      .extract({ left: 50, top: 25, width: 200, height: 100 })
      .resize(199, 100, { fit: 'fill' })
      .raw()
      .toBuffer();
    expect(largestDifference(image, { data: expected, width: 199, height: 100 })).toBe(0);
  });

  it('comes from full resolution when the view is too coarse', async () => {
    const bytes = await toSharp(noise(800, 600)).png().toBuffer();
    const photo = await openPhoto(bytes, limits);
    await photo.view(400);
    const wanted = { left: 333, top: 222, width: 40, height: 40 };
    const { image, area } = await photo.region(wanted, 40);
    expect(area).toEqual(wanted);
    const expected = await sharp(bytes).extract(wanted).raw().toBuffer();
    expect(largestDifference(image, { data: expected, width: 40, height: 40 })).toBe(0);
  });

  it('outside of the photo is refused', async () => {
    const photo = await openPhoto(await soft(), limits);
    const outside = { left: 800, top: 0, width: 10, height: 10 };
    await expect(photo.region(outside, 10)).rejects.toThrow(RangeError);
  });
});

it('makes a preview that is an upright JPEG', async () => {
  const stored = quarters(640, 960, [
    [200, 60, 70],
    [200, 60, 70],
    [70, 80, 180],
    [70, 80, 180],
  ]);
  // Orientation 6: what is stored on the left is seen above.
  const bytes = await toSharp(stored).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const preview = await makePreview(bytes, 480, limits);
  expect([preview.width, preview.height]).toEqual([480, 320]);
  const { info, data } = await sharp(preview.jpeg).raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height, info.channels]).toEqual([480, 320, 3]);
  expect((await sharp(preview.jpeg).metadata()).orientation).toBeUndefined();
  const blue = [70, 80, 180] as const;
  const red = [200, 60, 70] as const;
  expectNear(quarterColours({ data, width: 480, height: 320 }), [blue, red, blue, red], 4);
});

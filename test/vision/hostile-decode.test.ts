import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { openPhoto } from '../../electron/vision/decode/open-photo.ts';
import { VisionFailure } from '../../electron/vision/failure.ts';
import { baseMediaFile, pngFile } from './files.ts';
import { cut, meanDifference, noise, toSharp } from './pictures.ts';

const limits = { maxPixels: 268_000_000 };

/** A soft picture with detail in every row, as photos have. */
function scenery(): Sharp {
  return toSharp(noise(32, 24, 3)).resize(640, 480, { kernel: 'cubic' });
}

async function failureOf(bytes: Buffer, maxPixels = limits.maxPixels): Promise<VisionFailure> {
  try {
    await (await openPhoto(bytes, { maxPixels })).view(640);
  } catch (error) {
    if (error instanceof VisionFailure) return error;
    throw error;
  }
  throw new Error('It was read');
}

describe('a photo with too many pixels', () => {
  it('is refused before it is decoded: 30,000 × 30,000 in a small PNG', async () => {
    const rows = Buffer.alloc((1 + 30_000 / 8) * 30_000);
    const bomb = pngFile({ width: 30_000, height: 30_000, bitDepth: 1 }, deflateSync(rows));
    expect(bomb.length).toBeLessThan(200_000);
    const failure = await failureOf(bomb);
    expect(failure).toMatchObject({
      code: 'too-large',
      message: 'This photo is too large: 30000 × 30000 pixels.',
    });
  });

  it.each(['jpeg', 'png', 'webp', 'tiff', 'gif', 'avif'] as const)(
    'is refused in every format (%s)',
    async (format) => {
      const bytes = await scenery().toFormat(format).toBuffer();
      expect((await failureOf(bytes, 640 * 480 - 1)).code).toBe('too-large');
      const photo = await openPhoto(bytes, { maxPixels: 640 * 480 });
      expect((await photo.view(64)).width).toBe(64);
    },
  );
});

describe('a file that is cut off', () => {
  const losses = [
    ['jpeg', { quality: 95 }],
    ['png', {}],
  ] as const;

  it.each(losses)('gives what is there, if that is enough (%s)', async (format, options) => {
    const whole = await scenery().toFormat(format, options).toBuffer();
    const photo = await openPhoto(whole.subarray(0, Math.floor(whole.length * 0.8)), limits);
    const view = await photo.view(640);
    const original = await scenery().raw().toBuffer();
    const upper = { left: 0, top: 0, width: 640, height: 280 };
    const expected = cut({ data: original, width: 640, height: 480 }, upper);
    expect(meanDifference(cut(view, upper), expected)).toBeLessThan(4);
    const { image } = await photo.region({ left: 200, top: 50, width: 100, height: 100 }, 100);
    const { image: whole100 } = await (
      await openPhoto(whole, limits)
    ).region({ left: 200, top: 50, width: 100, height: 100 }, 100);
    expect(meanDifference(image, whole100)).toBe(0);
  });

  it.each(losses)('is refused if too little is there (%s)', async (format, options) => {
    const whole = await scenery().toFormat(format, options).toBuffer();
    const failure = await failureOf(whole.subarray(0, Math.floor(whole.length * 0.15)));
    expect(failure.code).toBe('damaged');
    expect(failure.message).toMatch(/only (\d|1\d) % of it could be read/);
  });

  it('is refused if only its header is there', async () => {
    const whole = await scenery().jpeg().toBuffer();
    const failure = await failureOf(whole.subarray(0, 700));
    expect(failure.code).toBe('damaged');
    expect((await failureOf(whole.subarray(0, 20))).message).toMatch(/not even its size/);
  });

  it('is no reason to refuse a whole photo with an even surface below', async () => {
    const even = { width: 640, height: 480, channels: 3, background: '#808080' } as const;
    const bytes = await sharp({ create: even }).jpeg().toBuffer();
    expect((await (await openPhoto(bytes, limits)).view(64)).data[0]).toBeCloseTo(128, -1);
  });
});

describe('a file that is something else', () => {
  it.each([
    [Buffer.alloc(0), 'damaged', /empty/],
    [Buffer.from('not a photo at all'), 'not-a-photo', /text/],
    [Buffer.from('\xff\xd8\xff\xe0 and then nothing of sense', 'latin1'), 'damaged', /JPEG/],
    [baseMediaFile('heic', 'mif1'), 'damaged', /HEIC/],
    [baseMediaFile('avif', 'mif1'), 'damaged', /AVIF/],
    [baseMediaFile('mif1'), 'damaged', /HEIC/],
    [pngFile({ width: 5, height: 5 }, Buffer.from('no deflate stream')), 'damaged', /damaged/],
  ] as const)('is refused (%#)', async (bytes, code, words) => {
    const failure = await failureOf(bytes);
    expect(failure.code).toBe(code);
    expect(failure.message).toMatch(words);
  });
});

it('refuses or reads a mutated photo, and throws nothing but refusals', async () => {
  const originals = await Promise.all([
    scenery().resize(64).jpeg().toBuffer(),
    scenery().resize(64).jpeg({ progressive: true }).toBuffer(),
    scenery().resize(64).png().toBuffer(),
    scenery().resize(64).webp().toBuffer(),
    scenery().resize(64).tiff({ compression: 'lzw' }).toBuffer(),
    scenery().resize(64).gif().toBuffer(),
    scenery().resize(64).avif({ effort: 0 }).toBuffer(),
  ]);
  const change = fc.record({ at: fc.nat(9_999), to: fc.nat(255) });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...originals),
      fc.array(change, { minLength: 1, maxLength: 12 }),
      async (original, changes) => {
        const bytes = Buffer.from(original);
        for (const { at, to } of changes) bytes[Math.floor((at / 10_000) * bytes.length)] = to;
        try {
          const photo = await openPhoto(bytes, { maxPixels: 1_000_000 });
          const view = await photo.view(50);
          expect(view.data.length).toBe(view.width * view.height * 3);
          await photo.region({ left: 0, top: 0, width: 1, height: 1 }, 1);
        } catch (error) {
          expect(error).toBeInstanceOf(VisionFailure);
        }
      },
    ),
    { numRuns: 200 },
  );
});

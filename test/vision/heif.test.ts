import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { openPhoto } from '../../electron/vision/decode/open-photo.ts';
import { decodeHeif, UnsupportedCodecError } from '../../electron/vision/heif.ts';
import { baseMediaFile } from './files.ts';
import { meanDifference, noise, toSharp } from './pictures.ts';

const limits = { maxPixels: 300_000_000 };
const sample = process.env['KITH_HEIC_SAMPLE'];

async function avif(): Promise<Buffer> {
  return toSharp(noise(8, 6)).resize(64, 48).avif({ effort: 0 }).toBuffer();
}

describe('decodeHeif', () => {
  it('tells an unsupported codec from damage', async () => {
    const bytes = await avif();
    expect(() => decodeHeif(bytes, limits.maxPixels)).toThrow(UnsupportedCodecError);
    for (const length of [0, 16, 100]) {
      expect(() => decodeHeif(bytes.subarray(0, length), limits.maxPixels)).toThrow(
        expect.objectContaining({ code: 'damaged' }),
      );
    }
    expect(() => decodeHeif(baseMediaFile('heic', 'mif1'), limits.maxPixels)).toThrow(
      expect.objectContaining({ code: 'damaged', message: expect.stringMatching(/^This HEIC/) }),
    );
  });

  it('refuses too many pixels before it decodes', async () => {
    const bytes = await avif();
    expect(() => decodeHeif(bytes, 64 * 48 - 1)).toThrow(
      expect.objectContaining({ code: 'too-large' }),
    );
  });

  it('recovers from any file: each is decoded in an instance of its own', async () => {
    const bytes = await avif();
    for (let at = 0; at < bytes.length; at += 7) {
      const mutated = Buffer.from(bytes);
      mutated[at] = (mutated[at] ?? 0) ^ 0xff;
      expect(() => decodeHeif(mutated, limits.maxPixels)).toThrow();
    }
    expect(() => decodeHeif(bytes, limits.maxPixels)).toThrow(UnsupportedCodecError);
  });
});

it('reads AVIF under HEIF’s general brand', async () => {
  const bytes = await avif();
  const expected = await (await openPhoto(bytes, limits)).view(64);
  const general = Buffer.from(bytes);
  const start = general.subarray(0, general.readUInt32BE(0));
  for (let at = 8; at < start.length; at += 4) {
    if (start.toString('latin1', at, at + 4).startsWith('av')) start.write('mif1', at, 'latin1');
  }
  const photo = await openPhoto(general, limits);
  expect(photo.format).toBe('avif');
  expect(meanDifference(await photo.view(64), expected)).toBe(0);
});

it.skipIf(sample === undefined)(
  'reads a real HEIC photo (give its path as KITH_HEIC_SAMPLE; no encoder is at hand to make one)',
  async () => {
    const bytes = readFileSync(sample ?? '');
    const photo = await openPhoto(bytes, limits);
    expect(photo.format).toBe('heic');
    const view = await photo.view(200);
    expect(Math.max(view.width, view.height)).toBe(200);
    const { channels } = await toSharp(view).stats();
    for (const { stdev } of channels) expect(stdev).toBeGreaterThan(5);
    const whole = { left: 0, top: 0, width: photo.width, height: photo.height };
    const { image } = await photo.region(whole, 200);
    expect(meanDifference(image, view)).toBeLessThan(2);
    const { width, height } = await sharp(bytes).metadata();
    expect([photo.width, photo.height]).toEqual([width, height]);
  },
);

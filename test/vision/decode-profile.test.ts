import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { isStandardRgbProfile } from '../../electron/vision/decode/colour-profile.ts';
import { openPhoto } from '../../electron/vision/decode/open-photo.ts';
import { meanDifference, noise, toSharp } from './pictures.ts';

const limits = { maxPixels: 10_000_000 };

async function profileOf(name: 'srgb' | 'p3'): Promise<Buffer> {
  const bytes = await toSharp(noise(8, 8)).withIccProfile(name).png().toBuffer();
  const { icc } = await sharp(bytes).metadata();
  if (icc === undefined) throw new Error('No profile was written');
  return icc;
}

describe('isStandardRgbProfile', () => {
  it('knows sRGB from Display P3', async () => {
    expect(isStandardRgbProfile(await profileOf('srgb'))).toBe(true);
    expect(isStandardRgbProfile(await profileOf('p3'))).toBe(false);
  });

  it('does not believe a name alone', async () => {
    const profile = Buffer.from(await profileOf('srgb'));
    const tags = profile.readUInt32BE(128);
    for (let index = 0; index < tags; index++) {
      const entry = 132 + index * 12;
      if (profile.toString('latin1', entry, entry + 4) === 'rXYZ') {
        profile.writeInt32BE(Math.round(0.515 * 65_536), profile.readUInt32BE(entry + 4) + 8);
      }
    }
    expect(isStandardRgbProfile(profile)).toBe(false);
  });

  it('takes no broken profile for sRGB, and never throws', async () => {
    const profile = await profileOf('srgb');
    for (let length = 0; length < 132; length += 4) {
      expect(isStandardRgbProfile(profile.subarray(0, length))).toBe(false);
    }
    fc.assert(
      fc.property(
        fc.nat(profile.length - 1),
        fc.nat(255),
        fc.nat(profile.length),
        (at, to, end) => {
          const mutated = Buffer.from(profile);
          mutated[at] = to;
          expect(typeof isStandardRgbProfile(mutated.subarray(0, end))).toBe('boolean');
        },
      ),
    );
  });
});

describe.each(['srgb', 'p3'] as const)('a photo with a profile for %s', (profile) => {
  it('shows the same colours in a scaled view, a whole view and a region', async () => {
    const picture = await toSharp(noise(12, 9, 7))
      .resize(480, 360, { kernel: 'cubic' })
      .png()
      .toBuffer();
    const bytes = await sharp(picture).withIccProfile(profile).jpeg({ quality: 96 }).toBuffer();
    const photo = await openPhoto(bytes, limits);
    const view = await photo.view(120);
    const expected = await sharp(picture).resize(120, 90).raw().toBuffer();
    expect(meanDifference(view, { data: expected, width: 120, height: 90 })).toBeLessThan(3);
    const area = { left: 100, top: 80, width: 200, height: 150 };
    const { image } = await photo.region(area, 200);
    const cut = await sharp(picture).extract(area).raw().toBuffer();
    expect(meanDifference(image, { data: cut, width: 200, height: 150 })).toBeLessThan(3);
  });
});

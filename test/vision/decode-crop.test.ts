import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../electron/core/image.ts';
import { cropTuning } from '../../electron/core/tuning.ts';
import { cropFace } from '../../electron/vision/decode/crop.ts';
import { openPhoto } from '../../electron/vision/decode/open-photo.ts';
import { meanDifference, noise, quarterColours, quarters, toSharp } from './pictures.ts';

const limits = { maxPixels: 10_000_000 };
const { side } = cropTuning;

async function decode(jpeg: Uint8Array): Promise<RgbImage> {
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

async function opened(image: RgbImage) {
  return openPhoto(await toSharp(image).png().toBuffer(), limits);
}

describe('cropFace', () => {
  it('shows the face box, enlarged, as a square', async () => {
    const { data } = await toSharp(noise(50, 40))
      .resize(1000, 800)
      .raw()
      .toBuffer({ resolveWithObject: true });
    const image = { data, width: 1000, height: 800 };
    const photo = await opened(image);
    // 200 × 250 pixels around (500, 400): a square of 400 pixels.
    const crop = await decode(
      await cropFace(photo, { x: 0.4, y: 275 / 800, width: 0.2, height: 250 / 800 }),
    );
    const expected = await toSharp(image)
      .extract({ left: 300, top: 200, width: 400, height: 400 })
      .resize(side, side)
      .raw()
      .toBuffer();
    expect(meanDifference(crop, { data: expected, width: side, height: side })).toBeLessThan(4);
  });

  it('is taken from the photo’s own pixels, not from a coarse view', async () => {
    // Grey: JPEG stores colours at half the resolution.
    const { data } = noise(1200, 900);
    const image = { data: data.map((_, at) => data[at - (at % 3)] ?? 0), width: 1200, height: 900 };
    const photo = await opened(image);
    await photo.view(100);
    const box = { x: 0.5, y: 0.5, width: 120 / 1200, height: 120 / 900 };
    const crop = await decode(await cropFace(photo, box));
    const expected = await toSharp(image)
      .extract({ left: 564, top: 414, width: side, height: side })
      .raw()
      .toBuffer();
    expect(meanDifference(crop, { data: expected, width: side, height: side })).toBeLessThan(12);
  });

  it('enlarges a small face', async () => {
    const photo = await opened(
      quarters(100, 100, [
        [200, 60, 70],
        [60, 160, 80],
        [70, 80, 180],
        [220, 210, 190],
      ]),
    );
    const crop = await decode(await cropFace(photo, { x: 0.45, y: 0.45, width: 0.1, height: 0.1 }));
    expect([crop.width, crop.height]).toEqual([side, side]);
    const found = quarterColours(crop);
    [200, 60, 70].forEach((value, channel) => {
      expect(Math.abs((found[0]?.[channel] ?? 0) - value)).toBeLessThan(10);
    });
    expect(found[3]?.[0]).toBeGreaterThan(200);
  });

  it.each([
    ['above left', { x: 0, y: 0, width: 0.3, height: 0.3 }, 0],
    ['below right', { x: 0.7, y: 0.7, width: 0.3, height: 0.3 }, 3],
    ['reaching outside', { x: -0.1, y: -0.2, width: 0.3, height: 0.4 }, 0],
    ['outside', { x: 1.2, y: 1.2, width: 0.2, height: 0.2 }, 3],
  ])('moves inside where a face stands at the edge (%s)', async (_, box, quarter) => {
    const colours = [
      [200, 60, 70],
      [60, 160, 80],
      [70, 80, 180],
      [220, 210, 190],
    ] as const;
    const photo = await opened(quarters(400, 400, colours));
    const crop = await decode(await cropFace(photo, box));
    expect([crop.width, crop.height]).toEqual([side, side]);
    const corner = quarter === 0 ? 0 : (side * side - 1) * 3;
    colours[quarter]?.forEach((value, channel) => {
      expect(Math.abs((crop.data[corner + channel] ?? 0) - value)).toBeLessThan(8);
    });
  });

  it('shows nothing but the photo: a square at the corner is cut from the corner', async () => {
    const { data } = noise(400, 300);
    const image = { data: data.map((_, at) => data[at - (at % 3)] ?? 0), width: 400, height: 300 };
    const photo = await opened(image);
    const box = { x: -0.05, y: -0.05, width: 120 / 400, height: 120 / 300 };
    const crop = await decode(await cropFace(photo, box));
    const expected = await toSharp(image)
      .extract({ left: 0, top: 0, width: side, height: side })
      .raw()
      .toBuffer();
    expect(meanDifference(crop, { data: expected, width: side, height: side })).toBeLessThan(12);
  });

  it('is the same face whichever way the photo is stored', async () => {
    const soft = await toSharp(noise(30, 20)).resize(600, 400).png().toBuffer();
    const turned = await sharp(soft).rotate(270).withMetadata({ orientation: 6 }).png().toBuffer();
    const box = { x: 0.2, y: 0.3, width: 0.2, height: 0.3 };
    const one = await decode(await cropFace(await openPhoto(soft, limits), box));
    const other = await decode(await cropFace(await openPhoto(turned, limits), box));
    expect(meanDifference(one, other)).toBeLessThan(1.5);
  });
});

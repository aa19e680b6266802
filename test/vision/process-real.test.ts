import { existsSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { VisionPool } from '../../electron/engine/vision-pool.ts';
import { meanDifference } from './pictures.ts';

const root = join(import.meta.dirname, '../..');
const sample = join(root, 'node_modules/@vladmandic/face-api/demo/sample1.jpg');
const modelsFolder = join(root, 'models');
const made = existsSync(join(modelsFolder, 'converted/encoder.onnx'));
const quiet = { info: () => undefined, warn: () => undefined };

function openPool(folder: string): VisionPool {
  return new VisionPool({
    processes: 1,
    configuration: {
      modelsFolder: folder,
      provider: 'cpu',
      acceptSlowProvider: false,
      cacheFolder: null,
      limits: { maxPixels: 10_000_000, millisecondsPerPhoto: 60_000 },
    },
    log: quiet,
  });
}

describe('the real vision process', () => {
  const pool = openPool(modelsFolder);
  afterAll(() => pool.close());

  it('makes previews without models', async () => {
    const without = openPool(join(root, 'no-such-folder'));
    const preview = await without.request({ kind: 'preview', path: sample, longestSide: 64 });
    expect(Math.max(preview.width, preview.height)).toBe(64);
    await expect(without.request({ kind: 'analyze', path: sample })).rejects.toMatchObject({
      code: 'models-missing',
    });
    without.close();
  });

  it.skipIf(!made)(
    'finds the faces of a photo and cuts them out (needs the converted models)',
    async () => {
      const analysis = await pool.request({ kind: 'analyze', path: sample });
      expect(analysis.faces.length).toBeGreaterThan(0);
      for (const { box, features, crop, detectionScore } of analysis.faces) {
        expect(features).toHaveLength(512);
        expect(detectionScore).toBeGreaterThan(0);
        const { data, info } = await sharp(crop).raw().toBuffer({ resolveWithObject: true });
        expect([info.width, info.height]).toEqual([192, 192]);
        const side = Math.max(box.width * analysis.width, box.height * analysis.height) * 1.6;
        const left = Math.round((box.x + box.width / 2) * analysis.width - side / 2);
        const top = Math.round((box.y + box.height / 2) * analysis.height - side / 2);
        const inside =
          left >= 0 && top >= 0 && left + side <= analysis.width && top + side <= analysis.height;
        if (!inside) continue;
        const width = Math.round(side);
        const expected = await sharp(sample)
          .extract({ left, top, width, height: width })
          .resize(192, 192)
          .raw()
          .toBuffer();
        const shown = { data: expected, width: 192, height: 192 };
        expect(meanDifference({ data, width: 192, height: 192 }, shown)).toBeLessThan(8);
      }
    },
  );

  it.skipIf(!made)('gives the same faces every time (needs the converted models)', async () => {
    const once = await pool.request({ kind: 'analyze', path: sample });
    const again = await pool.request({ kind: 'analyze', path: sample });
    expect(again).toEqual(once);
  });
});

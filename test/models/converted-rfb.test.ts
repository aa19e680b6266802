import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSession, type VisionSession } from '../../electron/vision/runtime.ts';
import { ensureModels } from '../../models/make.ts';
import { largestDifference, modelsFolder, noise, sourceOf } from './sources.ts';

let session: VisionSession;

beforeAll(async () => {
  await ensureModels({ modelsFolder, log: () => undefined });
  const path = join(modelsFolder, 'converted', 'rfb.onnx');
  session = await createSession(path, { provider: 'cpu' });
}, 120_000);

/**
 * Corners as fractions of the picture. The original spreads its cells evenly over the picture, which
 * makes a difference where a side is no multiple of the stride.
 */
function decode(regressions: Float32Array, width: number, height: number): number[] {
  const sizes = [
    [10, 16, 24],
    [32, 48],
    [64, 96],
    [128, 192, 256],
  ];
  const corners: number[] = [];
  let at = 0;
  for (const [level, stride] of [8, 16, 32, 64].entries()) {
    const rows = Math.ceil(height / stride);
    const columns = Math.ceil(width / stride);
    for (let y = 0; y < rows; y += 1) {
      for (let x = 0; x < columns; x += 1) {
        for (const size of sizes[level]!) {
          const [dx, dy, dw, dh] = regressions.subarray(at, at + 4) as unknown as number[];
          // The original's anchors are cut off at the picture's size: 256 pixels at 240.
          const anchorWidth = Math.min(1, size / width);
          const anchorHeight = Math.min(1, size / height);
          const w = anchorWidth * Math.exp(dw! * 0.2);
          const h = anchorHeight * Math.exp(dh! * 0.2);
          const centreX = (x + 0.5) / columns + dx! * 0.1 * anchorWidth;
          const centreY = (y + 0.5) / rows + dy! * 0.1 * anchorHeight;
          corners.push(centreX - w / 2, centreY - h / 2, centreX + w / 2, centreY + h / 2);
          at += 4;
        }
      }
    }
  }
  return corners;
}

/** Smooth enough that boxes stay near their anchors, as with photos. */
function picture(height: number, width: number, seed: number): Float32Array {
  return noise(3 * height * width, seed).map(
    (value, i) => 0.2 * value + 0.7 * Math.sin((i % width) / 17 + seed),
  );
}

describe('the converted rfb', () => {
  it('gives the boxes and scores of the original at the size that it was made for', async () => {
    const original = await createSession(await sourceOf('rfb'), { provider: 'cpu' });
    const input = { data: picture(240, 320, 3), dims: [1, 3, 240, 320] };
    const expected = await original.run({ input });
    const found = await session.run({ input });
    expect(found['probabilities']!.dims).toEqual([1, 4420, 2]);
    expect(largestDifference(found['probabilities']!.data, expected['scores']!.data)).toBeLessThan(
      1e-5,
    );
    const boxes = decode(found['regressions']!.data, 320, 240);
    expect(largestDifference(boxes, expected['boxes']!.data)).toBeLessThan(1e-3);
    await original.release();
  });

  it('gives each picture of a batch what it gives it alone', async () => {
    const pictures = [1, 2].map((seed) => picture(96, 160, seed));
    const data = new Float32Array(2 * 3 * 96 * 160);
    pictures.forEach((one, i) => data.set(one, i * one.length));
    const together = await session.run({ input: { data, dims: [2, 3, 96, 160] } });
    for (const [i, one] of pictures.entries()) {
      const alone = await session.run({ input: { data: one, dims: [1, 3, 96, 160] } });
      for (const name of ['probabilities', 'regressions']) {
        const { data: expected } = alone[name]!;
        const part = together[name]!.data.subarray(i * expected.length, (i + 1) * expected.length);
        expect(largestDifference(part, expected)).toBeLessThan(1e-4);
      }
    }
  });

  it.each([
    [480, 640],
    [97, 131],
    [64, 64],
  ])('takes %i × %i and has an anchor for each cell and size', async (height, width) => {
    const input = { data: picture(height, width, 5), dims: [1, 3, height, width] };
    const { regressions } = await session.run({ input });
    expect(decode(regressions!.data, width, height)).toHaveLength(regressions!.data.length);
  });
});

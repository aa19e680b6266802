import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createSession } from '../../electron/vision/runtime.ts';
import { ensureModels } from '../../models/make.ts';
import { largestDifference, modelsFolder, noise } from './sources.ts';

it('holds the layer between the features and the embedding', async () => {
  await ensureModels({ modelsFolder, log: () => undefined });
  const converted = join(modelsFolder, 'converted');
  const description = JSON.parse(await readFile(join(converted, 'head-0.json'), 'utf8')) as unknown;
  expect(description).toEqual({
    version: 'head-0',
    outputs: 192,
    inputs: 512,
    file: 'head-0.bin',
  });
  const bytes = await readFile(join(converted, 'head-0.bin'));
  const numbers = new Float32Array(Uint8Array.from(bytes).buffer);
  expect(numbers).toHaveLength(192 * 512 + 192);

  const session = await createSession(join(converted, 'encoder.onnx'), { provider: 'cpu' });
  const input = { data: noise(2 * 3 * 112 * 112, 11), dims: [2, 3, 112, 112] };
  const { features, embedding } = await session.run({ input });
  const projected: number[] = [];
  for (let face = 0; face < 2; face += 1) {
    for (let row = 0; row < 192; row += 1) {
      let sum = numbers[192 * 512 + row]!;
      for (let i = 0; i < 512; i += 1) {
        sum += numbers[row * 512 + i]! * features!.data[face * 512 + i]!;
      }
      projected.push(sum);
    }
  }
  expect(largestDifference(projected, embedding!.data)).toBeLessThan(1e-4);
}, 120_000);

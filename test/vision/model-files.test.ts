import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkModels } from '../../electron/vision/model-files.ts';
import { ensureModels } from '../../models/make.ts';

const modelsFolder = fileURLToPath(new URL('../../models', import.meta.url));
let folder: string;

beforeAll(() => ensureModels({ modelsFolder, log: () => undefined }), 120_000);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kith-model-files-'));
  await cp(join(modelsFolder, 'manifest.json'), join(folder, 'manifest.json'));
  await cp(join(modelsFolder, 'converted'), join(folder, 'converted'), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('models that are loaded', () => {
  it('are taken as they were made', async () => {
    await expect(checkModels(folder)).resolves.toBeUndefined();
  });

  it.each(['rfb.onnx', 'encoder.onnx', 'head-0.bin'])(
    'are refused when one byte of %s is another',
    async (name) => {
      const path = join(folder, 'converted', name);
      const bytes = await readFile(path);
      bytes[bytes.length >> 1]! ^= 1;
      await writeFile(path, bytes);
      await expect(checkModels(folder)).rejects.toThrow(`${name} is refused`);
    },
  );

  it('are named when one is missing', async () => {
    await rm(join(folder, 'converted', 'onet.onnx'));
    await expect(checkModels(folder)).rejects.toThrow('onet.onnx is missing');
  });
});

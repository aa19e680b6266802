import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it, vi } from 'vitest';
import { VisionPool } from '../../electron/engine/vision-pool.ts';
import type { ProviderName } from '../../electron/vision/protocol.ts';
import { ensureModels } from '../../models/make.ts';

const root = join(import.meta.dirname, '../..');
const sample = join(root, 'node_modules/@vladmandic/face-api/demo/sample1.jpg');
const modelsFolder = join(root, 'models');
/** Debian's and Fedora's Chromium bring a Vulkan driver in software. */
const swiftShader = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib64/chromium-browser/vk_swiftshader_icd.json',
].find((path) => existsSync(path));

it.skipIf(swiftShader === undefined)(
  'finds the same faces with every model on WebGPU (skipped without Chromium’s SwiftShader)',
  async () => {
    await ensureModels({ modelsFolder, log: () => undefined });
    vi.stubEnv('VK_ICD_FILENAMES', swiftShader);
    const folder = await mkdtemp(join(tmpdir(), 'kith-webgpu-'));
    // One face, small: the driver computes on the CPU, hundreds of times slower than the CPU itself.
    const path = join(folder, 'face.png');
    await sharp(sample)
      .extract({ left: 310, top: 300, width: 400, height: 400 })
      .resize(128, 128)
      .png()
      .toFile(path);
    const analyze = async (provider: ProviderName) => {
      const pool = new VisionPool({
        processes: 1,
        configuration: {
          modelsFolder,
          provider,
          acceptSlowProvider: true,
          cacheFolder: folder,
          limits: { maxPixels: 1_000_000, millisecondsPerPhoto: 600_000 },
        },
        log: { info: () => undefined, warn: () => undefined },
      });
      try {
        const { faces } = await pool.request({ kind: 'analyze', path });
        return { faces, providers: await pool.request({ kind: 'report-providers' }) };
      } finally {
        pool.close();
      }
    };
    try {
      const expected = await analyze('cpu');
      const found = await analyze('webgpu');
      expect(found.providers[0]).toMatchObject({ provider: 'webgpu', status: 'used' });
      expect(expected.faces).toHaveLength(1);
      expect(found.faces).toHaveLength(1);
      const [face, other] = [expected.faces[0]!, found.faces[0]!];
      for (const side of ['x', 'y', 'width', 'height'] as const) {
        expect(other.box[side]).toBeCloseTo(face.box[side], 2);
      }
      const dot = (a: Float32Array, b: Float32Array) =>
        a.reduce((sum, value, i) => sum + value * b[i]!, 0);
      const cosine =
        dot(face.features, other.features) /
        Math.sqrt(dot(face.features, face.features) * dot(other.features, other.features));
      expect(cosine).toBeGreaterThan(0.999);
    } finally {
      vi.unstubAllEnvs();
      await rm(folder, { recursive: true, force: true });
    }
  },
  600_000,
);

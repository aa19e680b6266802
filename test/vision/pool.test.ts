import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { spawnVision } from '../../electron/engine/spawn-vision.ts';
import {
  VisionPool,
  VisionUnavailableError,
  type VisionPoolOptions,
} from '../../electron/engine/vision-pool.ts';
import type { VisionConfiguration } from '../../electron/vision/protocol.ts';

const folder = mkdtempSync(join(tmpdir(), 'kith-pool-'));
const gate = join(folder, 'gate');
const child = (name: string) => join(import.meta.dirname, 'children', `${name}.ts`);
const silent = { info: () => undefined, warn: () => undefined };
const widths = {
  kill: 101,
  segfault: 102,
  exit: 103,
  hang: 104,
  defect: 105,
  gated: 106,
  good: 64,
};
const path = (kind: keyof typeof widths) => join(folder, `${kind}.png`);
const pools: VisionPool[] = [];

function openPool(
  options: Partial<VisionPoolOptions> & { limits?: Partial<VisionConfiguration['limits']> } = {},
  entry = 'scripted',
  modelsFolder = folder,
): VisionPool {
  const { limits, ...rest } = options;
  const pool = new VisionPool({
    processes: 2,
    configuration: {
      modelsFolder,
      provider: 'cpu',
      acceptSlowProvider: false,
      cacheFolder: null,
      limits: { maxPixels: 1_000_000, millisecondsPerPhoto: 60_000, ...limits },
    },
    log: silent,
    spawn: (onWords) => spawnVision(onWords, child(entry)),
    ...rest,
  });
  pools.push(pool);
  return pool;
}

beforeAll(async () => {
  process.env['KITH_TEST_GATE'] = gate;
  for (const [kind, width] of Object.entries(widths)) {
    const create = { width, height: 48, channels: 3, background: '#876' } as const;
    await sharp({ create })
      .png()
      .toFile(join(folder, `${kind}.png`));
  }
});

afterEach(() => {
  for (const pool of pools.splice(0)) pool.close();
  rmSync(gate, { force: true });
});

afterAll(() => {
  delete process.env['KITH_TEST_GATE'];
  rmSync(folder, { recursive: true });
});

describe('VisionPool', () => {
  it('answers requests', async () => {
    const pool = openPool();
    const analysis = await pool.request({ kind: 'analyze', path: path('good') });
    expect(analysis).toMatchObject({ format: 'png', width: 64, height: 48, faces: [] });
    const { sha256 } = await pool.request({ kind: 'fingerprint', path: path('good') });
    expect(sha256).toBe(analysis.sha256);
    const preview = await pool.request({ kind: 'preview', path: path('good'), longestSide: 32 });
    expect([preview.width, preview.height]).toEqual([32, 24]);
    expect((await sharp(preview.jpeg).metadata()).width).toBe(32);
    expect(await pool.request({ kind: 'report-providers' })).toEqual([]);
  });

  it('starts no more processes than asked for, and none before they are needed', async () => {
    const pool = openPool({ processes: 2 });
    expect(pool.pids).toEqual([]);
    const requests = Array.from({ length: 6 }, () =>
      pool.request({ kind: 'analyze', path: path('good') }),
    );
    expect(pool.pids).toHaveLength(1);
    await Promise.all(requests);
    expect(pool.pids).toHaveLength(2);
  });

  it('lets one process load the models first: it tries the providers out', async () => {
    const models = join(folder, 'watched');
    mkdirSync(models);
    const pool = openPool({ processes: 2 }, 'scripted', models);
    const kinds = ['gated', 'gated', 'good'] as const;
    const requests = kinds.map((kind) => pool.request({ kind: 'analyze', path: path(kind) }));
    // Both are at work together once the second may start.
    await expect.poll(() => pool.pids).toHaveLength(2);
    writeFileSync(gate, '');
    await Promise.all(requests);
    const [first, second] = pool.pids;
    const lines = readFileSync(join(models, 'loads'), 'utf8').trim().split('\n');
    expect(lines).toEqual([`begin ${first}`, `end ${first}`, `begin ${second}`, `end ${second}`]);
  });

  it('loses only the photos that crash a process, and goes on', async () => {
    const pool = openPool();
    const kinds = ['good', 'kill', 'good', 'segfault', 'exit', 'good', 'defect', 'good'] as const;
    const outcomes = await Promise.allSettled(
      kinds.map((kind) => pool.request({ kind: 'analyze', path: path(kind) })),
    );
    const told = outcomes.map((outcome) =>
      outcome.status === 'fulfilled' ? outcome.value.width : (outcome.reason as Error).message,
    );
    expect(told).toEqual([
      64,
      'Reading this photo crashed its process (signal SIGKILL).',
      64,
      'Reading this photo crashed its process (signal SIGSEGV).',
      'Reading this photo crashed its process (exit code 7).',
      64,
      'Reading failed: a defect',
      64,
    ]);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'crashed' });
    }
  });

  it('gives up a photo that takes too long, and goes on', async () => {
    const pool = openPool({ processes: 1, limits: { millisecondsPerPhoto: 400 } });
    const hang = pool.request({ kind: 'analyze', path: path('hang') });
    const next = pool.request({ kind: 'analyze', path: path('good') });
    await expect(hang).rejects.toMatchObject({ name: 'VisionFailure', code: 'too-slow' });
    expect((await next).width).toBe(64);
  });

  it('passes on what is wrong with a photo', async () => {
    const pool = openPool();
    const missing = pool.request({ kind: 'analyze', path: join(folder, 'missing.jpg') });
    await expect(missing).rejects.toMatchObject({ code: 'not-found' });
    const directory = pool.request({ kind: 'fingerprint', path: folder });
    await expect(directory).rejects.toMatchObject({ code: 'unreadable' });
    expect(pool.pids).toHaveLength(1);
  });

  it('answers a waiting user while a scan is queued, before the photos in work', async () => {
    const pool = openPool({ processes: 1 });
    const order: string[] = [];
    const scans = Array.from({ length: 3 }, () =>
      pool.request({ kind: 'analyze', path: path('gated') }).then(() => order.push('scan')),
    );
    const preview = pool.request({ kind: 'preview', path: path('good'), longestSide: 20 });
    await preview.then(() => order.push('preview'));
    expect(order).toEqual(['preview']);
    writeFileSync(gate, '');
    await Promise.all(scans);
    expect(order).toEqual(['preview', 'scan', 'scan', 'scan']);
  });

  it('lets a user’s request overtake the queue when all processes are busy', async () => {
    const pool = openPool({ processes: 1 });
    const order: string[] = [];
    const ask = (kind: 'gated' | 'good', priority: 'user' | 'scan', name: string) =>
      pool
        .request({ kind: 'analyze', path: path(kind) }, { priority })
        .then(() => order.push(name));
    const all = [
      ask('gated', 'scan', 'scan 1'),
      ask('gated', 'user', 'user 1'),
      ask('good', 'scan', 'scan 2'),
      ask('good', 'user', 'user 2'),
    ];
    await expect.poll(() => pool.pids).toHaveLength(2);
    writeFileSync(gate, '');
    await Promise.all(all);
    expect(order.indexOf('user 2')).toBeLessThan(order.indexOf('scan 2'));
  });

  it('forgets an aborted request', async () => {
    const pool = openPool({ processes: 1 });
    const running = new AbortController();
    const queued = new AbortController();
    const first = pool.request(
      { kind: 'analyze', path: path('gated') },
      { signal: running.signal },
    );
    // Were it not forgotten, it would crash the process and cost the last one nothing but time.
    const second = pool.request({ kind: 'analyze', path: path('kill') }, { signal: queued.signal });
    const third = pool.request({ kind: 'analyze', path: path('good') });
    const pids = pool.pids;
    queued.abort(new Error('not wanted'));
    running.abort(new Error('stopped'));
    await expect(second).rejects.toThrow('not wanted');
    await expect(first).rejects.toThrow('stopped');
    writeFileSync(gate, '');
    expect((await third).width).toBe(64);
    expect(pool.pids).toEqual(pids);
    const late = pool.request({ kind: 'report-providers' }, { signal: queued.signal });
    await expect(late).rejects.toThrow('not wanted');
  });

  it('does not blame a photo for a process that dies before it is begun', async () => {
    const models = join(folder, 'deadly-once');
    mkdirSync(models);
    const pool = openPool({ processes: 1 }, 'scripted', models);
    expect((await pool.request({ kind: 'analyze', path: path('good') })).width).toBe(64);
  });

  it.each([
    ['exits at its start', 'exits-at-start', folder, /exit code 1: Error: a library is missing/],
    ['dies while it loads the models', 'scripted', join(folder, 'deadly'), /exit code 3/],
  ])('gives up, once and for all, if every process %s', async (_, entry, models, words) => {
    let started = 0;
    const spawn: VisionPoolOptions['spawn'] = (onWords) => {
      started++;
      return spawnVision(onWords, child(entry));
    };
    const pool = openPool({ processes: 1, spawn }, entry, models);
    const requests = ['good', 'good', 'good'] as const;
    const outcomes = await Promise.allSettled(
      requests.map((kind) => pool.request({ kind: 'analyze', path: path(kind) })),
    );
    for (const outcome of outcomes) {
      if (outcome.status !== 'rejected') throw new Error('It was answered');
      expect(outcome.reason).toBeInstanceOf(VisionUnavailableError);
      expect((outcome.reason as Error).message).toMatch(words);
    }
    const afterwards = pool.request({ kind: 'analyze', path: path('good') });
    await expect(afterwards).rejects.toBeInstanceOf(VisionUnavailableError);
    expect(started).toBe(3);
    expect(pool.pids).toEqual([]);
  });

  it('can be told to try again', async () => {
    let entry = 'exits-at-start';
    const pool = openPool({ spawn: (onWords) => spawnVision(onWords, child(entry)) });
    const request = () => pool.request({ kind: 'analyze', path: path('good') });
    await expect(request()).rejects.toBeInstanceOf(VisionUnavailableError);
    entry = 'scripted';
    await expect(request()).rejects.toBeInstanceOf(VisionUnavailableError);
    pool.retry();
    expect((await request()).width).toBe(64);
  });

  it('says when models cannot be loaded, and keeps the process for what needs none', async () => {
    const pool = openPool({ processes: 1 }, 'scripted', join(folder, 'broken'));
    const analysis = pool.request({ kind: 'analyze', path: path('good') });
    await expect(analysis).rejects.toMatchObject({
      code: 'models-missing',
      message: 'The models cannot be loaded: no such model',
    });
    const preview = await pool.request({ kind: 'preview', path: path('good'), longestSide: 9 });
    expect(preview.width).toBe(9);
    expect(pool.pids).toHaveLength(1);
  });

  it.each([
    ['after so many requests', { maxRequestsPerProcess: 2 }, 0, 2],
    ['when it has grown', { maxResidentBytes: 1000, minRequestsPerProcess: 2 }, 1001, 2],
    ['at once when it has grown much', { maxResidentBytes: 1000 }, 2001, 1],
  ])('replaces a process %s', async (_, tuning, residentBytes, lifetime) => {
    const spawn: VisionPoolOptions['spawn'] = (onWords) => {
      const real = spawnVision(onWords, child('scripted'));
      return {
        ...real,
        onMessage: (listener) => {
          real.onMessage((message) =>
            listener(message.kind === 'reply' ? { ...message, residentBytes } : message),
          );
        },
      };
    };
    const pool = openPool({ processes: 1, tuning, spawn });
    const pids: number[] = [];
    for (let round = 0; round < 2 * lifetime; round++) {
      const request = pool.request({ kind: 'fingerprint', path: path('good') });
      pids.push(...pool.pids);
      await request;
    }
    expect(pids).toHaveLength(2 * lifetime);
    expect(new Set(pids.slice(0, lifetime)).size).toBe(1);
    expect(new Set(pids.slice(lifetime)).size).toBe(1);
    expect(pids[0]).not.toBe(pids.at(-1));
  });

  it('ends idle processes', async () => {
    const pool = openPool({ tuning: { millisecondsIdle: 1 } });
    await pool.request({ kind: 'fingerprint', path: path('good') });
    await expect.poll(() => pool.pids).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')(
    'runs scanning processes at low priority (needs POSIX priorities)',
    async () => {
      const pool = openPool({ processes: 1, gentle: true });
      await pool.request({ kind: 'fingerprint', path: path('good') });
      expect(getPriority(pool.pids[0])).toBeGreaterThan(getPriority());
    },
  );

  it('rejects what is left when it is closed', async () => {
    const pool = openPool({ processes: 1 });
    const running = pool.request({ kind: 'analyze', path: path('gated') });
    const waiting = pool.request({ kind: 'analyze', path: path('good') });
    const pids = pool.pids;
    pool.close();
    await expect(waiting).rejects.toThrow('closing');
    await expect(running).rejects.toThrow('closing');
    await expect(pool.request({ kind: 'report-providers' })).rejects.toThrow('closing');
    for (const pid of pids) await expect.poll(() => isRunning(pid)).toBe(false);
  });

  it('needs a process', () => {
    expect(() => openPool({ processes: 0 })).toThrow(RangeError);
  });
});

it('leaves no vision process behind when its parent is killed', async () => {
  const parent = fork(child('parent'), { execArgv: [] });
  const [pid] = (await once(parent, 'message')) as [number];
  expect(isRunning(pid)).toBe(true);
  parent.kill('SIGKILL');
  await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

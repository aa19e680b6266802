import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseHost } from '../../build/choose-host.ts';
import { ensureElectron, findElectron } from '../../build/electron-binary.ts';
import { isStale } from '../../build/freshness.ts';
import { withLock } from '../../build/lock.ts';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'kith-start-'))));
afterEach(() => rmSync(root, { recursive: true, maxRetries: 20, retryDelay: 50 }));

describe('chooseHost', () => {
  const desktop = { DISPLAY: ':0' };
  it.each([
    ['linux', 1000, desktop, 'electron'],
    ['linux', 1000, { WAYLAND_DISPLAY: 'wayland-0' }, 'electron'],
    ['linux', 1000, {}, 'browser'],
    ['linux', 0, desktop, 'browser'],
    ['darwin', 501, {}, 'electron'],
    ['darwin', 0, {}, 'electron'],
    ['win32', null, {}, 'electron'],
    ['win32', null, { KITH_HOST: 'browser' }, 'browser'],
    ['linux', 0, { KITH_HOST: 'electron' }, 'electron'],
    ['linux', 1000, { KITH_HOST: '' }, 'browser'],
  ] as const)('on %s as user %s with %o takes %s', (platform, userId, env, host) => {
    const choice = chooseHost({ platform, userId, env });
    expect(choice.host).toBe(host);
    if (choice.host === 'browser') expect(choice.reason).toMatch(/^[a-zA-Z]/);
  });
  it('refuses a host that does not exist', () => {
    const surroundings = { platform: 'linux', userId: 1, env: { KITH_HOST: 'tauri' } } as const;
    expect(() => chooseHost(surroundings)).toThrow('KITH_HOST must be browser or electron');
  });
});

describe('ensureElectron', () => {
  const electron = () => join(root, 'node_modules', 'electron');
  /** Puts an installer in the package's place: the body runs in the folder of the package. */
  const installer = (body: string) => {
    mkdirSync(electron(), { recursive: true });
    writeFileSync(
      join(electron(), 'install.js'),
      `const fs = require('fs'), path = require('path'); process.chdir(__dirname);
       fs.appendFileSync('runs', 'x'); ${body}`,
    );
  };
  const success = `fs.mkdirSync('dist'); fs.writeFileSync('dist/electron', ''); fs.writeFileSync('path.txt', 'electron');`;
  const runs = () => (existsSync(join(electron(), 'runs')) ? 1 : 0);
  const forget = () => rmSync(join(electron(), 'runs'), { force: true });
  const ensure = (
    options: { env?: NodeJS.ProcessEnv; forced?: boolean; patience?: number } = {},
  ) => {
    const said: string[] = [];
    const outcome = ensureElectron(root, {
      env: { ...process.env, ELECTRON_SKIP_BINARY_DOWNLOAD: '', ...options.env },
      say: (line) => said.push(line),
      forced: options.forced ?? false,
      patienceMilliseconds: options.patience ?? 20_000,
    });
    return outcome.then((result) => ({ result, said }));
  };

  it('takes the program that is there', async () => {
    installer('process.exit(1)');
    mkdirSync(join(electron(), 'dist'));
    writeFileSync(join(electron(), 'dist', 'electron'), '');
    writeFileSync(join(electron(), 'path.txt'), 'electron');
    const path = join(electron(), 'dist', 'electron');
    expect((await ensure()).result).toEqual({ path });
    expect(runs()).toBe(0);
    rmSync(path);
    expect(findElectron(root, {})).toBeNull();
  });

  it('knows when the package is not there at all', async () => {
    expect((await ensure()).result).toEqual({ path: null, reason: 'it is not installed' });
  });

  it('has it fetched, and says so', async () => {
    installer(success);
    const { result, said } = await ensure();
    expect(result).toEqual({ path: join(electron(), 'dist', 'electron') });
    expect(said.join()).toMatch(/Fetching Electron.*20 s/);
  });

  it('asks no network where that is not wanted', async () => {
    installer(success);
    const { result } = await ensure({ env: { ELECTRON_SKIP_BINARY_DOWNLOAD: '1' } });
    expect(result).toEqual({ path: null, reason: 'ELECTRON_SKIP_BINARY_DOWNLOAD is set' });
    expect(runs()).toBe(0);
  });

  it('remembers a failure until it is forced', async () => {
    installer(
      `console.error('    at somewhere\\nRequestError: getaddrinfo ENOTFOUND host'); process.exit(1)`,
    );
    const first = await ensure();
    expect(first.result).toMatchObject({
      reason: 'it could not be downloaded (getaddrinfo ENOTFOUND host)',
    });
    forget();
    const second = await ensure();
    expect(second.result).toMatchObject({ reason: expect.stringContaining('failed lately') });
    expect([runs(), second.said]).toEqual([0, []]);
    installer(success);
    expect((await ensure({ forced: true })).result.path).not.toBeNull();
  });

  it('tries again after a week', async () => {
    installer('process.exit(1)');
    await ensure();
    forget();
    const eightDaysAgo = Date.now() / 1000 - 8 * 24 * 3600;
    const memory = join(root, 'node_modules', '.cache', 'kith', 'electron-download-failed');
    utimesSync(memory, eightDaysAgo, eightDaysAgo);
    await ensure();
    expect(runs()).toBe(1);
  });

  it('gives up on a download that stands still', async () => {
    installer('setInterval(() => {}, 1000)');
    const { result } = await ensure({ patience: 400 });
    expect(result).toMatchObject({ reason: 'it could not be downloaded (no progress)' });
  });

  it('is patient with a download that is slow but goes on', async () => {
    // Longer than the patience in all; each step is a tenth of it, since starting takes its time.
    installer(`let step = 0; const timer = setInterval(() => {
      fs.appendFileSync(path.join(require('os').tmpdir(), 'part'), 'x');
      if (++step < 12) return; clearInterval(timer); ${success} }, 300)`);
    expect((await ensure({ patience: 3000 })).result.path).not.toBeNull();
  });
});

describe('isStale', () => {
  const file = (name: string, seconds: number) => {
    const path = join(root, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, '');
    utimesSync(path, seconds, seconds);
    return path;
  };
  const age = (name: string, seconds: number) => utimesSync(join(root, name), seconds, seconds);

  it('compares with the newest source, however deep, and passes over node_modules', () => {
    file('source/deep/a.ts', 100);
    file('source/node_modules/.cache/b', 900);
    for (const folder of ['source/deep', 'source/node_modules', 'source']) age(folder, 100);
    const product = join(root, 'product.js');
    const sources = [join(root, 'source'), join(root, 'missing')];
    expect(isStale(product, sources)).toBe(true);
    file('product.js', 200);
    expect(isStale(product, sources)).toBe(false);
    file('source/deep/a.ts', 300);
    expect(isStale(product, sources)).toBe(true);
  });

  it('sees that a source was taken away', () => {
    file('source/a.ts', 100);
    age('source', 300);
    expect(isStale(file('product.js', 200), [join(root, 'source')])).toBe(true);
  });
});

describe('withLock', () => {
  it('lets one at a time, and the next after a failure', async () => {
    const lock = join(root, 'new', 'lock');
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside--;
      throw new Error('failed');
    };
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => withLock(lock, work)));
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(most).toBe(1);
    expect(existsSync(lock)).toBe(false);
  });

  it('breaks a lock that was left behind', async () => {
    const lock = join(root, 'lock');
    mkdirSync(lock);
    const hourAgo = Date.now() / 1000 - 3600;
    utimesSync(lock, hourAgo, hourAgo);
    expect(await withLock(lock, () => Promise.resolve('done'))).toBe('done');
  });
});

describe('npm start', { timeout: 120_000 }, () => {
  const kith = join(import.meta.dirname, '..', '..');

  it('explains itself before it builds anything', () => {
    const start = join(kith, 'build', 'start.mjs');
    const help = spawnSync(process.execPath, [start, '--help'], { encoding: 'utf8' });
    expect([help.status, help.stderr]).toEqual([0, '']);
    expect(help.stdout).toContain('[folders...]');
    const wrong = spawnSync(process.execPath, [start, '--wrong'], { encoding: 'utf8' });
    expect(wrong.status).toBe(2);
  });

  it.skipIf(process.platform === 'win32')('runs Electron with the folders it was given', () => {
    // A program that says what it was started with takes Electron's place.
    const program = join(root, 'electron');
    writeFileSync(
      program,
      '#!/bin/sh\necho "mode=$ELECTRON_RUN_AS_NODE"; printf "%s\\n" "$@"; exit $CODE\n',
    );
    chmodSync(program, 0o755);
    const start = (code: string) =>
      spawnSync(
        process.execPath,
        [join(kith, 'build', 'start.mjs'), '--library', join(root, 'l'), 'photos', '/b'],
        {
          encoding: 'utf8',
          cwd: root,
          env: {
            ...process.env,
            KITH_HOST: 'electron',
            ELECTRON_OVERRIDE_DIST_PATH: root,
            ELECTRON_RUN_AS_NODE: '1',
            CODE: code,
          },
        },
      );
    const opened = start('0');
    expect([opened.status, opened.stderr]).toEqual([0, '']);
    const real = realpathSync(root);
    expect(opened.stdout.split('\n').slice(-6)).toEqual([
      'mode=',
      kith,
      `--library=${join(real, 'l')}`,
      join(real, 'photos'),
      '/b',
      '',
    ]);
    expect(start('3').status).toBe(1);
  });
});

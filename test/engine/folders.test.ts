import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { applicationFolders, defaultLibraryFolder } from '../../electron/engine/folders.ts';

describe('defaultLibraryFolder', () => {
  it.each([
    ['linux', { HOME: '/home/ann' }, '/home/ann/.local/share/Kith'],
    ['linux', { HOME: '/home/ann', XDG_DATA_HOME: '/data/ann' }, '/data/ann/Kith'],
    ['linux', { HOME: '/home/ann', XDG_DATA_HOME: 'relative' }, '/home/ann/.local/share/Kith'],
    ['linux', { HOME: '/home/ann', XDG_DATA_HOME: '' }, '/home/ann/.local/share/Kith'],
    ['darwin', { HOME: '/Users/ann' }, '/Users/ann/Library/Application Support/Kith'],
    [
      'darwin',
      { HOME: '/Users/ann', XDG_DATA_HOME: '/data' },
      '/Users/ann/Library/Application Support/Kith',
    ],
    ['win32', { USERPROFILE: 'C:\\Users\\ann', APPDATA: 'D:\\Roaming' }, 'D:\\Roaming\\Kith'],
    ['win32', { USERPROFILE: 'C:\\Users\\ann' }, 'C:\\Users\\ann\\AppData\\Roaming\\Kith'],
  ] as const)('on %s with %o is %s', (platform, env, expected) => {
    expect(defaultLibraryFolder(env, platform)).toBe(expected);
  });

  it('falls back to the home folder that the system knows', () => {
    expect(defaultLibraryFolder({}, 'linux')).toBe(`${homedir()}/.local/share/Kith`);
  });
});

describe('applicationFolders', () => {
  const made: string[] = [];
  const fakeApplication = () => {
    const root = mkdtempSync(join(tmpdir(), 'kith-application-'));
    made.push(root);
    writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'kith', version: '9.8.7' }));
    const code = join(root, 'out', 'electron', 'shell');
    mkdirSync(code, { recursive: true });
    return { root, moduleUrl: pathToFileURL(join(code, 'main.js')).href };
  };
  afterEach(() => {
    for (const root of made.splice(0)) rmSync(root, { recursive: true });
  });

  it('finds this checkout from a source file', () => {
    const folders = applicationFolders(
      new URL('../../electron/shell/main.ts', import.meta.url).href,
    );
    expect(folders.root).toBe(join(import.meta.dirname, '..', '..'));
    expect(folders.samples).toContain('face-api');
  });

  it('takes models from the resources when they are there, else from the root', () => {
    const { root, moduleUrl } = fakeApplication();
    const resources = join(root, 'resources');
    expect(applicationFolders(moduleUrl, resources).models).toBe(join(root, 'models'));
    mkdirSync(join(resources, 'models'), { recursive: true });
    expect(applicationFolders(moduleUrl, resources)).toEqual({
      root,
      renderer: join(root, 'out', 'renderer'),
      models: join(resources, 'models'),
      samples: null,
      version: '9.8.7',
    });
  });

  it('refuses to run from another package', () => {
    const { root, moduleUrl } = fakeApplication();
    writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'other', version: '1.0.0' }));
    expect(() => applicationFolders(moduleUrl)).toThrow();
  });
});

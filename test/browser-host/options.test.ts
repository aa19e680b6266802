import { resolve } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { browserCommand, openBrowser } from '../../electron/browser-host/open-browser.ts';
import { readOptions } from '../../electron/browser-host/options.ts';
import { defaultLibraryFolder } from '../../electron/engine/folders.ts';

describe('the command line', () => {
  afterEach(() => vi.restoreAllMocks());

  it('has defaults', () => {
    expect(readOptions([], '1.0.0')).toEqual({
      libraryFolder: defaultLibraryFolder(),
      port: 0,
      open: true,
      folders: [],
    });
  });

  it('reads everything', () => {
    const args = ['--no-open', '--port', '8080', '--library', 'lib', 'a', '../b'];
    expect(readOptions(args, '1.0.0')).toEqual({
      libraryFolder: resolve('lib'),
      port: 8080,
      open: false,
      folders: [resolve('a'), resolve('../b')],
    });
  });

  it.each([
    [['--port', 'x'], 2],
    [['--port', '65536'], 2],
    [['--port', '-1'], 2],
    [['--wrong'], 2],
    [['--help'], 0],
    [['--version'], 0],
  ])('ends on %o with %i', (args, code) => {
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    vi.spyOn(process, 'exit').mockImplementation((exitCode) => {
      throw new Error(`exit ${String(exitCode)}`);
    });
    expect(() => readOptions(args, '1.0.0')).toThrow(`exit ${code}`);
  });
});

describe('opening the browser', () => {
  const address = 'http://127.0.0.1:1/?token=a';

  it('knows each platform', () => {
    expect(browserCommand(address, {}, 'darwin')?.command).toBe('open');
    expect(browserCommand(address, {}, 'win32')?.args.at(-1)).toBe(address);
    expect(browserCommand(address, { DISPLAY: ':0' }, 'linux')?.command).toBe('xdg-open');
    expect(browserCommand(address, { WAYLAND_DISPLAY: 'w' }, 'linux')?.command).toBe('xdg-open');
    expect(browserCommand(address, { DISPLAY: '' }, 'linux')).toBeNull();
  });

  it('is quiet where it cannot', async () => {
    expect(await openBrowser(address, {}, 'linux')).toBe(false);
    expect(await openBrowser(address, { DISPLAY: ':0', PATH: import.meta.dirname }, 'linux')).toBe(
      false,
    );
  });
});

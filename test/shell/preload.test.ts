import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import { messages } from '../../electron/shell/ipc.ts';
import { menuTemplate } from '../../electron/shell/menu.ts';
import { foldersOfSecondStart, readArguments } from '../../electron/shell/arguments.ts';

vi.mock('electron', () => import('./electron-double.ts'));

interface Exposed {
  kind: string;
  platform: string;
  chooseFolder(): Promise<unknown>;
  showPhoto(photoId: number): Promise<unknown>;
  requestPort(): void;
}

/** Runs the preload script as the sandbox does: CommonJS, and no module but Electron's. */
function runPreload() {
  const source = readFileSync(
    join(import.meta.dirname, '..', '..', 'electron', 'shell', 'preload.cts'),
    'utf8',
  );
  const exposed: Record<string, Exposed> = {};
  const listeners: Record<string, (event: { ports: unknown[] }) => void> = {};
  const ipcRenderer = {
    on: (channel: string, listener: (event: { ports: unknown[] }) => void) =>
      (listeners[channel] = listener),
    invoke: vi.fn(() => Promise.resolve(null)),
    send: vi.fn(),
  };
  const contextBridge = {
    exposeInMainWorld: (name: string, value: Exposed) => (exposed[name] = value),
  };
  const postMessage = vi.fn();
  const require = (name: string) => {
    if (name !== 'electron') throw new Error(`The sandbox has no module ${name}`);
    return { contextBridge, ipcRenderer };
  };
  runInNewContext(stripTypeScriptTypes(source), {
    require,
    process: { platform: 'linux' },
    window: { location: { origin: 'kith://app' }, postMessage },
  });
  return { exposed, listeners, ipcRenderer, postMessage };
}

describe('the preload script', () => {
  it('exposes one object and nothing that takes a channel', () => {
    const { exposed } = runPreload();
    expect(Object.keys(exposed)).toEqual(['kithHost']);
    expect(Object.keys(exposed['kithHost']!)).toEqual([
      'kind',
      'platform',
      'chooseFolder',
      'showPhoto',
      'requestPort',
    ]);
    expect(exposed['kithHost']).toMatchObject({ kind: 'electron', platform: 'linux' });
  });

  it("uses the shell's messages", async () => {
    const { exposed, listeners, ipcRenderer } = runPreload();
    exposed['kithHost']!.requestPort();
    await exposed['kithHost']!.chooseFolder();
    await exposed['kithHost']!.showPhoto(7);
    expect(ipcRenderer.send.mock.calls).toEqual([[messages.requestPort]]);
    expect(ipcRenderer.invoke.mock.calls).toEqual([
      [messages.chooseFolder],
      [messages.showPhoto, 7],
    ]);
    expect(Object.keys(listeners)).toEqual([messages.port]);
  });

  it('hands a port to its own page only', () => {
    const { listeners, postMessage } = runPreload();
    const port = {};
    listeners[messages.port]!({ ports: [port] });
    expect(postMessage.mock.calls).toEqual([['kith:port', 'kith://app', [port]]]);
  });
});

describe('the menu', () => {
  const roles = (platform: NodeJS.Platform, packaged: boolean) =>
    JSON.stringify(menuTemplate(platform, packaged, { addFolder: () => undefined }));

  it('has developer tools in a checkout only', () => {
    expect(roles('linux', false)).toContain('toggleDevTools');
    expect(roles('linux', true)).not.toMatch(/toggleDevTools|reload/);
  });
  it("has macOS's application menu there only", () => {
    expect(roles('darwin', true)).toContain('hideOthers');
    expect(roles('win32', true)).not.toContain('hideOthers');
  });
  it('adds a folder', () => {
    const addFolder = vi.fn<() => void>();
    const items = menuTemplate('linux', true, { addFolder }).flatMap((menu) =>
      Array.isArray(menu.submenu) ? menu.submenu : [],
    );
    const item = items.find((candidate) => candidate.label === 'Add Folder…');
    (item?.click as (() => void) | undefined)?.();
    expect(addFolder).toHaveBeenCalledOnce();
  });
});

describe('the command line of the shell', () => {
  it('takes folders and the library, and leaves switches to Chromium', () => {
    const own = ['a', '--library=lib', '--no-sandbox', '-x', '', '/b'];
    const expected = { folders: ['/w/a', '/b'], libraryFolder: '/w/lib' };
    expect(readArguments(['/electron', '/kith', ...own], false, '/w')).toEqual(expected);
    expect(readArguments(['/electron', '--inspect=0', '/kith', ...own], false, '/w')).toEqual(
      expected,
    );
    expect(readArguments(['/kith', ...own], true, '/w')).toEqual(expected);
    expect(readArguments(['/kith', '--library='], true, '/w').libraryFolder).toBeNull();
  });

  it('takes only lists of folders from a second start', () => {
    expect(foldersOfSecondStart({ folders: ['/a'] })).toEqual(['/a']);
    for (const wrong of [undefined, null, [], { folders: {} }, { folders: [null] }]) {
      expect(foldersOfSecondStart(wrong)).toEqual([]);
    }
  });
});

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FakePort } from './electron-double.ts';

vi.mock('electron', () => import('./electron-double.ts'));

let folder: string;
/** The shell keeps its state in its modules, so every test runs them anew. */
let double: typeof import('./electron-double.ts');
beforeEach(async () => {
  vi.resetModules();
  double = (await import('electron')) as unknown as typeof double;
  double.resetDouble();
  folder = mkdtempSync(join(tmpdir(), 'kith-shell-'));
  double.app.paths = { appData: folder, userData: join(folder, 'electron') };
});
afterEach(() => {
  process.argv = originalArguments;
  rmSync(folder, { recursive: true });
});
const originalArguments = process.argv;

/** Runs the shell's main module as Electron would, and waits for its window. */
async function start(...args: string[]): Promise<void> {
  process.argv = ['/electron', '/kith', `--library=${folder}`, ...args];
  await import('../../electron/shell/main.ts');
  await double.app.ready;
}
const windowShown = () => vi.waitFor(() => expect(double.BrowserWindow.made).toHaveLength(1));
const requests = (channel: string) =>
  double.FakeUtility.made.flatMap((child) =>
    child.received.flatMap(({ message }) =>
      message.kind === 'request' && message.message.channel === channel
        ? [message.message.args]
        : [],
    ),
  );
const ownFrame = () => ({
  url: 'kith://app/',
  parent: null,
  detached: false,
  postMessage: vi.fn<(channel: string, message: unknown, ports: FakePort[]) => void>(),
});

describe('a first start', () => {
  it('prepares everything that must precede readiness', async () => {
    double.app.ready = new Promise(() => undefined);
    process.argv = ['/electron', '/kith'];
    await import('../../electron/shell/main.ts');
    expect(double.app.sandboxed).toBe(true);
    expect(double.protocol.registerSchemesAsPrivileged).toHaveBeenCalledOnce();
    expect(double.app.paths['userData']).toBe(join(folder, 'Kith', 'Window'));
    expect(double.FakeUtility.made).toHaveLength(0);
  });

  it('opens a locked window on the interface, and adds the folders', async () => {
    await start(join(folder, 'photos'), '--enable-logging', 'relative');
    await windowShown();
    const window = double.BrowserWindow.made[0]!;
    expect(window.url).toBe('kith://app/');
    expect(window.options.webPreferences).toMatchObject({ sandbox: true, contextIsolation: true });
    expect(window.options.webPreferences['preload']).toMatch(/preload\.cjs$/);
    expect(window.webContents.openHandler).not.toBeNull();
    expect(window.calls).not.toContain('show');
    window.emit('ready-to-show');
    expect(window.calls).toContain('show');
    expect(double.session.defaultSession.setPermissionRequestHandler).toHaveBeenCalledOnce();
    await vi.waitFor(() =>
      expect(requests('host.addFolder')).toEqual([
        { path: join(folder, 'photos') },
        { path: join(process.cwd(), 'relative') },
      ]),
    );
    const started = double.FakeUtility.made[0]?.received[0]?.message;
    expect(started).toMatchObject({ kind: 'start', configuration: { libraryFolder: folder } });
  });

  it('saves where the window was', async () => {
    await start();
    await windowShown();
    double.BrowserWindow.made[0]!.emit('close');
    const saved: unknown = JSON.parse(
      readFileSync(join(folder, 'Kith', 'Window', 'window.json'), 'utf8'),
    );
    expect(saved).toEqual({ x: 10, y: 20, width: 800, height: 600, maximized: false });
  });

  it('says why it cannot start', async () => {
    double.FakeUtility.behave = (child) => child.tell({ kind: 'failed', message: 'It is locked.' });
    await start();
    await vi.waitFor(() => expect(double.app.exits).toEqual([1]));
    expect(double.dialog.showErrorBox.mock.calls).toEqual([['Kith cannot start', 'It is locked.']]);
    expect(double.BrowserWindow.made).toHaveLength(0);
  });

  it('closes the library before it quits', async () => {
    await start();
    await windowShown();
    const preventDefault = vi.fn<() => void>();
    double.app.emit('will-quit', { preventDefault });
    expect(preventDefault).toHaveBeenCalledOnce();
    await vi.waitFor(() => expect(double.app.quits).toBe(1));
    expect(requests('host.close')).toHaveLength(1);
    expect(double.FakeUtility.made[0]?.killed).toBe(true);
    double.app.emit('will-quit', { preventDefault });
    expect(preventDefault).toHaveBeenCalledOnce();
  });

  it('starts a crashed engine once more, then gives up with a message', async () => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    await start();
    await windowShown();
    double.FakeUtility.made[0]!.emit('exit', 139);
    await vi.waitFor(() => expect(double.FakeUtility.made).toHaveLength(2));
    await vi.waitFor(() => expect(double.FakeUtility.made[1]?.received).toHaveLength(1));
    await new Promise((resolve) => setImmediate(resolve));
    double.FakeUtility.made[1]!.emit('exit', 139);
    expect(double.app.exits).toEqual([1]);
    expect(double.dialog.showErrorBox.mock.calls[0]?.[1]).toContain('139');
  });
});

describe('a later start', () => {
  it('quits and hands its folders to the first', async () => {
    double.app.hasLock = false;
    await start(join(folder, 'more'));
    expect(double.app.lockData).toEqual({ folders: [join(folder, 'more')] });
    expect(double.app.quits).toBe(1);
    expect(double.FakeUtility.made).toHaveLength(0);
    expect(double.protocol.registerSchemesAsPrivileged).not.toHaveBeenCalled();
  });

  it('brings the first to the front with the folders', async () => {
    await start();
    await windowShown();
    await new Promise((resolve) => setImmediate(resolve));
    const window = double.BrowserWindow.made[0]!;
    window.minimized = true;
    double.app.emit('second-instance', {}, [], '/', { folders: ['/more'] });
    expect(window.calls).toEqual(['restore', 'focus']);
    await vi.waitFor(() => expect(requests('host.addFolder')).toEqual([{ path: '/more' }]));
    for (const wrong of [null, {}, { folders: 'x' }, { folders: [1] }]) {
      double.app.emit('second-instance', {}, [], '/', wrong);
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(requests('host.addFolder')).toHaveLength(1);
  });
});

describe('messages of the window', () => {
  it('give the interface a port whose other end goes to the engine', async () => {
    await start();
    await windowShown();
    const frame = ownFrame();
    double.ipcMain.emit('kith:request-port', { senderFrame: frame });
    const [channel, , ports] = frame.postMessage.mock.calls[0] ?? [];
    expect(channel).toBe('kith:port');
    expect(ports).toHaveLength(1);
    const connected = double.FakeUtility.made[0]?.received.at(-1);
    expect(connected?.message).toEqual({ kind: 'connect' });
    expect(connected?.ports).toHaveLength(1);
    expect(connected?.ports[0]).not.toBe(ports?.[0]);
  });

  it('are dropped from elsewhere and with arguments', async () => {
    await start();
    await windowShown();
    const frames = [
      { ...ownFrame(), url: 'https://example.com/' },
      { ...ownFrame(), parent: {} },
    ];
    for (const frame of frames) {
      double.ipcMain.emit('kith:request-port', { senderFrame: frame });
      expect(frame.postMessage).not.toHaveBeenCalled();
      await expect(
        double.ipcMain.handlers.get('kith:choose-folder')!({ senderFrame: frame }),
      ).rejects.toThrow('Refused');
    }
    const frame = ownFrame();
    double.ipcMain.emit('kith:request-port', { senderFrame: frame }, 'extra');
    expect(frame.postMessage).not.toHaveBeenCalled();
    await expect(
      double.ipcMain.handlers.get('kith:choose-folder')!({ senderFrame: frame }, '/etc'),
    ).rejects.toThrow();
    expect(double.dialog.showOpenDialog).not.toHaveBeenCalled();
  });

  it('choose a folder by the dialog, which alone names the path', async () => {
    await start();
    await windowShown();
    const choose = () =>
      double.ipcMain.handlers.get('kith:choose-folder')!({ senderFrame: ownFrame() });
    expect(await choose()).toBeNull();
    expect(requests('host.addFolder')).toEqual([]);
    double.dialog.showOpenDialog.mockResolvedValue({ canceled: false, filePaths: ['/photos'] });
    expect(await choose()).toEqual({ path: '/photos' });
  });

  it('show a photo in the file manager by its number, which the engine turns into a path', async () => {
    await start();
    await windowShown();
    const show = (photoId: unknown) =>
      double.ipcMain.handlers.get('kith:show-photo')!({ senderFrame: ownFrame() }, photoId);
    await expect(show('/etc/passwd')).rejects.toThrow();
    double.FakeUtility.behave = (child, message) => {
      if (message.kind !== 'request') return;
      const { id, args } = message.message;
      const found = (args as { photoId: number }).photoId === 3;
      const error = { code: 'not-found', message: 'The file is not there.' } as const;
      child.tell({
        kind: 'message',
        client: message.client,
        message: found ? { id, ok: true, result: { path: '/a.jpg' } } : { id, ok: false, error },
      });
    };
    expect(await show(3)).toBeNull();
    expect(double.shell.showItemInFolder.mock.calls).toEqual([['/a.jpg']]);
    expect(await show(4)).toBe('The file is not there.');
    double.FakeUtility.behave = double.becomeReady;
  });

  it('get no port while no engine runs', async () => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    await start();
    await windowShown();
    double.FakeUtility.behave = () => undefined;
    double.FakeUtility.made[0]!.emit('exit', 1);
    const frame = ownFrame();
    double.ipcMain.emit('kith:request-port', { senderFrame: frame });
    expect(frame.postMessage).not.toHaveBeenCalled();
    double.FakeUtility.behave = double.becomeReady;
  });
});

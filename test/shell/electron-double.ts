import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { vi } from 'vitest';
import type { EngineToHost, HostToEngine } from '../../electron/engine/line.ts';

/**
 * Stands in for the module `electron`, whose binary tests do not need: it records what the shell
 * sets up and lets a test fire what Electron would.
 */

type Handler = (...args: never[]) => unknown;

export class FakePort extends EventEmitter {
  closed = false;
  close(): void {
    this.closed = true;
  }
}

export class MessageChannelMain {
  readonly port1 = new FakePort();
  readonly port2 = new FakePort();
}

export class FakeContents extends EventEmitter {
  openHandler: ((details: { url: string }) => { action: string }) | null = null;
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler;
  }
}

export class BrowserWindow extends EventEmitter {
  static readonly made: BrowserWindow[] = [];
  readonly options: Record<string, unknown> & { webPreferences: Record<string, unknown> };
  readonly webContents = new FakeContents();
  readonly calls: string[] = [];
  url = '';
  minimized = false;
  destroyed = false;

  constructor(options: BrowserWindow['options']) {
    super();
    this.options = options;
    BrowserWindow.made.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }
  loadURL(url: string): Promise<void> {
    this.url = url;
    return Promise.resolve();
  }
  show = () => void this.calls.push('show');
  focus = () => void this.calls.push('focus');
  restore = () => void this.calls.push('restore');
  maximize = () => void this.calls.push('maximize');
  isMinimized = () => this.minimized;
  isMaximized = () => this.calls.includes('maximize');
  isDestroyed = () => this.destroyed;
  getNormalBounds = () => ({ x: 10, y: 20, width: 800, height: 600 });
}

export const session = {
  defaultSession: Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: vi.fn<(handler: Handler) => void>(),
    setPermissionCheckHandler: vi.fn<(handler: Handler) => void>(),
    setDevicePermissionHandler: vi.fn<(handler: Handler) => void>(),
    setDisplayMediaRequestHandler: vi.fn<(handler: Handler) => void>(),
    setSpellCheckerEnabled: vi.fn<(enabled: boolean) => void>(),
    webRequest: {
      onBeforeRequest: vi.fn<(filter: { urls: string[] }, handler: Handler) => void>(),
    },
    protocol: {
      handle:
        vi.fn<
          (scheme: string, handler: (request: Request) => Promise<Response> | Response) => void
        >(),
    },
  }),
};

export const protocol = {
  registerSchemesAsPrivileged:
    vi.fn<(schemes: { scheme: string; privileges: Record<string, boolean> }[]) => void>(),
};

export const ipcMain = Object.assign(new EventEmitter(), {
  handlers: new Map<string, (event: unknown, ...args: unknown[]) => Promise<unknown>>(),
  handle(channel: string, handler: (event: unknown, ...args: unknown[]) => Promise<unknown>): void {
    ipcMain.handlers.set(channel, handler);
  },
});

export const shell = { showItemInFolder: vi.fn<(path: string) => void>() };

export const dialog = {
  showOpenDialog: vi.fn(
    (..._args: unknown[]): Promise<{ canceled: boolean; filePaths: string[] }> =>
      Promise.resolve({ canceled: true, filePaths: [] }),
  ),
  showErrorBox: vi.fn<(title: string, message: string) => void>(),
};

export const Menu = {
  buildFromTemplate: vi.fn((template: unknown) => template),
  setApplicationMenu: vi.fn(),
};
export const nativeTheme = { shouldUseDarkColors: false };
const display = { id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1040 } };
export const screen = { getPrimaryDisplay: () => display, getAllDisplays: () => [display] };

export const app = Object.assign(new EventEmitter(), {
  isPackaged: false,
  hasLock: true,
  ready: Promise.resolve(),
  lockData: null as unknown,
  quits: 0,
  exits: [] as number[],
  paths: { appData: '/appdata', userData: '/appdata/kith' } as Record<string, string>,
  commandLine: { hasSwitch: () => false },
  sandboxed: false,
  whenReady: () => app.ready,
  requestSingleInstanceLock(data: unknown): boolean {
    app.lockData = data;
    return app.hasLock;
  },
  enableSandbox: () => void (app.sandboxed = true),
  getPath: (name: string) => app.paths[name] ?? '/',
  setPath(name: string, path: string): void {
    // As the real one does.
    if (!existsSync(path)) throw new Error(`Failed to set path: ${path}`);
    app.paths[name] = path;
  },
  setAboutPanelOptions: vi.fn(),
  quit: () => void app.quits++,
  exit: (code: number) => void app.exits.push(code),
});

/** A utility process whose engine is the test. */
export class FakeUtility extends EventEmitter {
  static readonly made: FakeUtility[] = [];
  /** What a new engine does with its first messages; tests replace it. */
  static behave: (child: FakeUtility, message: HostToEngine) => void = becomeReady;
  readonly entry: string;
  readonly received: { message: HostToEngine; ports: FakePort[] }[] = [];
  killed = false;

  constructor(entry: string) {
    super();
    this.entry = entry;
    FakeUtility.made.push(this);
  }
  postMessage(message: HostToEngine, ports: FakePort[] = []): void {
    this.received.push({ message, ports });
    queueMicrotask(() => FakeUtility.behave(this, message));
  }
  tell(message: EngineToHost): void {
    this.emit('message', message);
  }
  kill(): boolean {
    this.killed = true;
    queueMicrotask(() => this.emit('exit', 0));
    return true;
  }
}

/** Opens at once and answers every request with its arguments. */
export function becomeReady(child: FakeUtility, message: HostToEngine): void {
  if (message.kind === 'start') child.tell({ kind: 'ready' });
  if (message.kind === 'request') {
    const { id, args } = message.message;
    child.tell({
      kind: 'message',
      client: message.client,
      message: { id, ok: true, result: args },
    });
  }
}

export const utilityProcess = { fork: vi.fn((entry: string) => new FakeUtility(entry)) };

/** Forgets what earlier tests set up. */
export function resetDouble(): void {
  vi.clearAllMocks();
  for (const emitter of [app, ipcMain, session.defaultSession]) emitter.removeAllListeners();
  ipcMain.handlers.clear();
  BrowserWindow.made.length = 0;
  FakeUtility.made.length = 0;
  FakeUtility.behave = becomeReady;
  dialog.showOpenDialog.mockResolvedValue({ canceled: true, filePaths: [] });
  Object.assign(app, {
    isPackaged: false,
    hasLock: true,
    ready: Promise.resolve(),
    lockData: null,
    quits: 0,
    exits: [],
    sandboxed: false,
    paths: { appData: '/appdata', userData: '/appdata/kith' },
  });
}

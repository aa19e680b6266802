import type { IpcMainEvent, Session, WebContents } from 'electron';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeContents, protocol, resetDouble, session } from './electron-double.ts';
import { isAppAddress, registerScheme, serveScheme } from '../../electron/shell/protocol.ts';
import { isTrustedSender, lockContents, lockSession } from '../../electron/shell/security.ts';
import { webPreferences } from '../../electron/shell/window.ts';
import { hostCalls, jpeg, makeFiles } from '../browser-host/fixture.ts';

vi.mock('electron', () => import('./electron-double.ts'));
beforeEach(resetDouble);

const foreign = [
  'https://example.com/',
  'http://127.0.0.1/',
  'file:///etc/passwd',
  'kith://app.evil/',
  'kith://evil/',
  'kith://user@app/',
  'kith:app',
  'kithx://app/',
  'data:text/html,kith://app/',
  'javascript:alert(1)',
  'about:blank',
  '',
];

describe('addresses', () => {
  it('knows its own', () => {
    expect(isAppAddress('kith://app/')).toBe(true);
    expect(isAppAddress('kith://app/index.html#/people/4')).toBe(true);
  });
  it.each(foreign)('does not take %j for its own', (address) => {
    expect(isAppAddress(address)).toBe(false);
  });
});

describe('the window', () => {
  it('is sandboxed and knows nothing of Node', () => {
    const options = { preloadFile: '/p.cjs', stateFile: '/s.json', packaged: true };
    expect(webPreferences(options)).toEqual({
      preload: '/p.cjs',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: false,
    });
  });

  const locked = () => {
    const contents = new FakeContents();
    lockContents(contents as unknown as WebContents);
    const fire = (name: string, details: object = {}) => {
      const event = { ...details, preventDefault: vi.fn<() => void>() };
      contents.emit(name, event);
      return event.preventDefault.mock.calls.length > 0;
    };
    return { contents, fire };
  };

  it.each(foreign)('does not navigate to %j', (url) => {
    const { fire } = locked();
    expect(fire('will-navigate', { url })).toBe(true);
    expect(fire('will-frame-navigate', { url, isMainFrame: true })).toBe(true);
  });

  it('may reload itself but not within a frame', () => {
    const { fire } = locked();
    expect(fire('will-navigate', { url: 'kith://app/' })).toBe(false);
    expect(fire('will-frame-navigate', { url: 'kith://app/', isMainFrame: true })).toBe(false);
    expect(fire('will-frame-navigate', { url: 'kith://app/', isMainFrame: false })).toBe(true);
  });

  it('opens no window, embeds no page, follows no redirect', () => {
    const { contents, fire } = locked();
    expect(contents.openHandler?.({ url: 'https://example.com' })).toEqual({ action: 'deny' });
    expect(fire('will-attach-webview')).toBe(true);
    expect(fire('will-redirect', { url: 'kith://app/' })).toBe(true);
  });
});

describe('the session', () => {
  it('grants nothing', () => {
    const locked = session.defaultSession;
    lockSession(locked as unknown as Session);
    const granted = vi.fn<(granted: boolean) => void>();
    const request = locked.setPermissionRequestHandler.mock.calls[0]?.[0] as unknown as (
      contents: null,
      permission: string,
      callback: (granted: boolean) => void,
    ) => void;
    request(null, 'media', granted);
    expect(granted.mock.calls).toEqual([[false]]);
    expect(locked.setPermissionCheckHandler.mock.calls[0]?.[0]()).toBe(false);
    expect(locked.setDevicePermissionHandler.mock.calls[0]?.[0]()).toBe(false);
    expect(locked.setSpellCheckerEnabled.mock.calls).toEqual([[false]]);
  });

  it('reaches no network, and saves only what it made itself', () => {
    const locked = session.defaultSession;
    lockSession(locked as unknown as Session);
    const [filter, handler] = locked.webRequest.onBeforeRequest.mock.calls[0] ?? [];
    expect(filter?.urls).toEqual(['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*']);
    const decide = vi.fn<(response: object) => void>();
    (handler as unknown as (details: object, callback: typeof decide) => void)({}, decide);
    expect(decide.mock.calls).toEqual([[{ cancel: true }]]);
    const saves = (url: string) => {
      const preventDefault = vi.fn<() => void>();
      locked.emit('will-download', { preventDefault }, { getURL: () => url });
      return preventDefault.mock.calls.length === 0;
    };
    expect(saves('blob:kith://app/0b5a')).toBe(true);
    for (const url of ['kith://app/photo/1', 'blob:https://a.test/0b5a', 'https://a.test/x', '']) {
      expect(saves(url)).toBe(false);
    }
  });
});

describe('who may send messages', () => {
  const from = (frame: object | null) => ({ senderFrame: frame }) as unknown as IpcMainEvent;
  const own = { url: 'kith://app/#/people', parent: null, detached: false };

  it('is the interface in the top frame', () => {
    expect(isTrustedSender(from(own))).toBe(true);
  });
  it('is nobody else', () => {
    expect(isTrustedSender(from(null))).toBe(false);
    expect(isTrustedSender(from({ ...own, parent: own }))).toBe(false);
    expect(isTrustedSender(from({ ...own, detached: true }))).toBe(false);
    for (const url of foreign) expect(isTrustedSender(from({ ...own, url })), url).toBe(false);
  });
});

describe('kith://', () => {
  it('is registered as a standard, secure scheme without ways round the policy', () => {
    registerScheme();
    expect(protocol.registerSchemesAsPrivileged.mock.calls[0]?.[0]).toEqual([
      {
        scheme: 'kith',
        privileges: {
          standard: true,
          secure: true,
          supportFetchAPI: true,
          stream: true,
          codeCache: true,
        },
      },
    ]);
  });

  it('serves interface, crops and photos, with the policy', async () => {
    const files = makeFiles();
    try {
      const host = hostCalls(files.photo);
      serveScheme(session.defaultSession as unknown as Session, files.renderer, host.call);
      const [scheme, handle] = session.defaultSession.protocol.handle.mock.calls[0] ?? [];
      expect(scheme).toBe('kith');
      const get = async (url: string, init?: RequestInit & { initiatorOrigin?: string }) => {
        const request = new Request(url, init);
        if (init?.initiatorOrigin) {
          Object.assign(request, { initiatorOrigin: init.initiatorOrigin });
        }
        return handle!(request);
      };
      const page = await get('kith://app/');
      expect(await page.text()).toContain('<title>Kith</title>');
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(page.headers.get('content-security-policy')).toContain("connect-src 'self';");
      expect(new Uint8Array(await (await get('kith://app/crop/7')).arrayBuffer())).toEqual(jpeg);
      const part = await get('kith://app/photo/3?size=300', { headers: { Range: 'bytes=0-9' } });
      expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 10]);
      expect((await get('kith://app/..%2fsecret.txt')).status).toBe(404);
      expect((await get('kith://app/crop/8')).status).toBe(404);
      expect((await get('kith://app/crop/7', { method: 'POST' })).status).toBe(405);

      const asked = host.asked.length;
      expect((await get('kith://evil/crop/7')).status).toBe(403);
      const initiatorOrigin = 'https://example.com';
      expect((await get('kith://app/crop/7', { initiatorOrigin })).status).toBe(403);
      expect(host.asked).toHaveLength(asked);
      expect((await get('kith://app/crop/7', { initiatorOrigin: 'kith://app' })).status).toBe(200);
    } finally {
      files.remove();
    }
  });
});

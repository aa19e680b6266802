import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer } from '../../electron/browser-host/server.ts';
import type { BrowserHostServer } from '../../electron/browser-host/server.ts';
import { ask, hostCalls, jpeg, makeFiles, testConnection } from './fixture.ts';

const files = makeFiles();
const host = hostCalls(files.photo);
let server: BrowserHostServer;
let cookie: string;
const shown: string[] = [];

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  ask(server.port, path, { cookie, ...headers }, method);

beforeAll(async () => {
  server = await startServer({
    port: 0,
    rendererFolder: files.renderer,
    call: host.call,
    showFile: (path) => {
      shown.push(path);
      return Promise.resolve();
    },
    connect: () => testConnection().connection,
  });
  const entrance = await ask(server.port, new URL(server.address).search.replace(/^/, '/'));
  cookie = entrance.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
});
afterAll(async () => {
  await server.close();
  files.remove();
});

describe('the way in', () => {
  it('exchanges the printed token for a cookie and leaves it out of the address', async () => {
    const entrance = await ask(server.port, `/${new URL(server.address).search}`);
    expect(entrance.status).toBe(303);
    expect(entrance.headers.location).toBe('/');
    expect(entrance.headers['cache-control']).toBe('no-store');
    expect(entrance.headers['referrer-policy']).toBe('no-referrer');
  });

  it.each(['/', '/assets/index-Ab12.js', '/crop/7', '/photo/3', '/nothing'])(
    'refuses %s without the cookie, with a page that says what to do',
    async (path) => {
      const before = host.asked.length;
      const answer = await ask(server.port, path);
      expect(answer.status).toBe(403);
      expect(answer.headers['content-type']).toContain('text/html');
      expect(answer.body.toString()).toContain('token=');
      expect(host.asked).toHaveLength(before);
    },
  );

  it('refuses a wrong token and gives no cookie', async () => {
    const answer = await ask(server.port, '/?token=AAAA');
    expect(answer.status).toBe(403);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('refuses another Host even with token or cookie', async () => {
    const search = new URL(server.address).search;
    const rebound = { host: `evil.example:${server.port}` };
    expect((await ask(server.port, `/${search}`, rebound)).status).toBe(403);
    expect((await get('/', rebound)).status).toBe(403);
  });

  it('refuses a POST without the right Origin and answers 405 with it', async () => {
    const origin = `http://127.0.0.1:${server.port}`;
    expect((await get('/', {}, 'POST')).status).toBe(403);
    expect((await get('/', { origin: 'http://evil.example' }, 'POST')).status).toBe(403);
    expect((await get('/', { origin }, 'POST')).status).toBe(405);
  });

  it('shows the file of a photo to its own page alone, and says what hinders it', async () => {
    const origin = `http://127.0.0.1:${server.port}`;
    expect((await get('/show/3', {}, 'POST')).status).toBe(403);
    expect((await get('/show/3', { origin: 'http://evil.example' }, 'POST')).status).toBe(403);
    expect((await get('/show/3')).status).toBe(404);
    expect((await get('/show/..%2f3', { origin }, 'POST')).status).toBe(405);
    expect(shown).toEqual([]);
    expect((await get('/show/3', { origin }, 'POST')).status).toBe(204);
    expect(shown).toEqual([files.photo]);
    const missing = await get('/show/9', { origin }, 'POST');
    expect(missing.status).toBe(409);
    expect(missing.body.toString()).toBe('There is no such face or photo.');
  });

  it('survives a method that Request does not know', async () => {
    const origin = `http://127.0.0.1:${server.port}`;
    expect((await get('/', { origin }, 'TRACE')).status).toBe(400);
    expect((await get('/')).status).toBe(200);
  });

  it('listens on the loopback address only', async () => {
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter((address) => !address.internal && address.family === 'IPv4')
      .map((address) => address.address);
    for (const address of ['127.0.0.2', ...others]) {
      const refused = await new Promise<boolean>((resolve) => {
        const socket = connect({ host: address, port: server.port, timeout: 2000 });
        socket.once('connect', () => {
          socket.destroy();
          resolve(false);
        });
        socket.once('timeout', () => resolve(true));
        socket.once('error', () => resolve(true));
      });
      expect(refused, address).toBe(true);
    }
  });
});

describe('the interface', () => {
  it('is served with a strict policy and asked for anew each time', async () => {
    const { status, headers, body } = await get('/');
    expect(status).toBe(200);
    expect(body.toString()).toContain('<title>Kith</title>');
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['cache-control']).toBe('no-cache');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cross-origin-opener-policy']).toBe('same-origin');
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${server.port};`);
    expect(policy).not.toMatch(/script-src[^;]*unsafe|https?:\/\/(?!127)/);
  });

  it('may keep what is named by its content', async () => {
    const { headers } = await get('/assets/index-Ab12.js');
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(headers['cache-control']).toContain('immutable');
  });

  it('answers 304 to what the browser has', async () => {
    const { headers } = await get('/');
    const again = await get('/', { 'if-none-match': headers.etag ?? 'missing' });
    expect(again.status).toBe(304);
    expect(again.body).toHaveLength(0);
  });

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/..%5csecret.txt',
    '/..%2frenderer-two/secret.txt',
    '/%00.html',
    '//etc/hosts.txt',
    '/assets',
    '/assets/',
    '/key.pem',
    '/nothing.html',
    '/crop/0',
    '/crop/07',
    '/crop/-1',
    '/photo/3/..%2f..',
    `/${'a'.repeat(5000)}.html`,
  ])('does not serve %s', async (path) => {
    const answer = await get(path);
    expect([400, 404]).toContain(answer.status);
    expect(answer.body.toString()).not.toContain('secret');
  });

  it('answers 400 to a broken escape', async () => {
    expect((await get('/%zz.html')).status).toBe(400);
  });
});

describe('crops and photos', () => {
  it('serves a crop to keep for this session only', async () => {
    const { status, headers, body } = await get('/crop/7');
    expect(status).toBe(200);
    expect(new Uint8Array(body)).toEqual(jpeg);
    expect(headers['content-type']).toBe('image/jpeg');
    expect(headers['content-length']).toBe('9');
    expect(headers['cache-control']).toBe('private, max-age=31536000, immutable');
    expect(headers.vary).toBe('Cookie');
    expect(headers.etag).toBe('"crop-7"');
    expect((await get('/crop/7', { 'if-none-match': '"x", "crop-7"' })).status).toBe(304);
    expect((await get('/crop/7', { 'if-none-match': '"crop-8"' })).status).toBe(200);
  });

  it('says 404 of unknown ids and of files that are gone', async () => {
    expect((await get('/crop/8')).status).toBe(404);
    expect((await get('/photo/9')).status).toBe(404);
    expect((await get('/photo/4')).status).toBe(404);
  });

  it('passes the wanted size on and refuses sizes that are none', async () => {
    await get('/photo/3?size=640');
    expect(host.asked.at(-1)).toEqual({
      channel: 'host.photo',
      args: { photoId: 3, longestSide: 640 },
    });
    await get('/photo/3');
    expect(host.asked.at(-1)?.args).toEqual({ photoId: 3, longestSide: null });
    for (const size of ['', 'big', '-5', '1e3', '99999']) {
      expect((await get(`/photo/3?size=${size}`)).status, size).toBe(400);
    }
  });

  it('sends a whole photo', async () => {
    const { status, headers, body } = await get('/photo/3');
    expect(status).toBe(200);
    expect(headers['accept-ranges']).toBe('bytes');
    expect(headers.etag).toBe('"photo3"');
    expect(new Uint8Array(body)).toEqual(files.bytes);
  });

  it('answers HEAD with the length and no body', async () => {
    for (const path of ['/photo/3', '/crop/7']) {
      const { status, headers, body } = await get(path, {}, 'HEAD');
      expect([status, body.length]).toEqual([200, 0]);
      expect(headers['content-length']).toBe(path === '/photo/3' ? '1000' : '9');
    }
  });

  it.each([
    ['bytes=0-0', 0, 1],
    ['bytes=10-19', 10, 20],
    ['bytes=990-', 990, 1000],
    ['bytes=990-5000', 990, 1000],
    ['bytes=-10', 990, 1000],
    ['bytes=-5000', 0, 1000],
  ])('sends %s', async (range, from, to) => {
    const { status, headers, body } = await get('/photo/3', { range });
    expect(status).toBe(206);
    expect(headers['content-range']).toBe(`bytes ${from}-${to - 1}/1000`);
    expect(new Uint8Array(body)).toEqual(files.bytes.subarray(from, to));
  });

  it.each(['bytes=1000-', 'bytes=5000-6000', 'bytes=-0'])('says 416 to %s', async (range) => {
    const { status, headers, body } = await get('/photo/3', { range });
    expect(status).toBe(416);
    expect(headers['content-range']).toBe('bytes */1000');
    expect(body).toHaveLength(0);
  });

  it.each(['bytes=0-1,5-6', 'lines=1-2', 'bytes=', 'bytes=-', 'bytes=9-3', 'bytes=a-b'])(
    'passes over %s',
    async (range) => {
      const { status, body } = await get('/photo/3', { range });
      expect([status, body.length]).toEqual([200, 1000]);
    },
  );

  it('sends the whole photo where the range was meant for another version', async () => {
    const range = 'bytes=0-9';
    expect((await get('/photo/3', { range, 'if-range': '"old"' })).status).toBe(200);
    expect((await get('/photo/3', { range, 'if-range': '"photo3"' })).status).toBe(206);
  });
});

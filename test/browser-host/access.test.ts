import { describe, expect, it } from 'vitest';
import { createAccess } from '../../electron/browser-host/access.ts';

const access = createAccess(4711);
const cookie = access.setCookie.split(';')[0] ?? '';
const good = { host: '127.0.0.1:4711', origin: 'http://127.0.0.1:4711', cookie };

describe('access to the browser host', () => {
  it('has a token of 256 bits that differs every time and is not the cookie', () => {
    expect(Buffer.from(access.token, 'base64url')).toHaveLength(32);
    expect(createAccess(4711).token).not.toBe(access.token);
    expect(access.setCookie).not.toContain(access.token);
  });

  it('gives a cookie that scripts cannot read and other sites do not send', () => {
    expect(access.setCookie).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
  });

  it('knows its token', () => {
    expect(access.isToken(access.token)).toBe(true);
    expect(access.isToken('')).toBe(false);
    expect(access.isToken(access.token.slice(1))).toBe(false);
    expect(access.isToken(`${access.token}x`)).toBe(false);
  });

  it('lets the holder in', () => {
    expect(access.check(good, true)).toEqual({ allowed: true });
    expect(access.check({ ...good, cookie: `other=1; ${cookie}; more=2` }, true).allowed).toBe(
      true,
    );
  });

  it.each([
    ['no cookie', { host: good.host, origin: good.origin }, 'cookie'],
    ['a wrong cookie', { ...good, cookie: 'kith-4711=wrong' }, 'cookie'],
    ['the token as cookie', { ...good, cookie: `kith-4711=${access.token}` }, 'cookie'],
    ["another host's cookie", { ...good, cookie: cookie.replace('4711', '4712') }, 'cookie'],
    ['a longer cookie', { ...good, cookie: `${cookie}x` }, 'cookie'],
    ['no Host', { origin: good.origin, cookie }, 'host'],
    ['a name that points here', { ...good, host: 'evil.example:4711' }, 'host'],
    ['another port in Host', { ...good, host: '127.0.0.1:80' }, 'host'],
    ['localhost', { ...good, host: 'localhost:4711' }, 'host'],
    ['another Origin', { ...good, origin: 'http://evil.example' }, 'origin'],
    ['another port as Origin', { ...good, origin: 'http://127.0.0.1:4712' }, 'origin'],
    ['an opaque Origin', { ...good, origin: 'null' }, 'origin'],
    ['https as Origin', { ...good, origin: 'https://127.0.0.1:4711' }, 'origin'],
    ['another site', { ...good, 'sec-fetch-site': 'cross-site' }, 'origin'],
    ['another port by Sec-Fetch-Site', { ...good, 'sec-fetch-site': 'same-site' }, 'origin'],
  ])('keeps out %s', (_, headers, reason) => {
    expect(access.check(headers, false)).toEqual({ allowed: false, reason });
    expect(access.check(headers, true)).toEqual({ allowed: false, reason });
  });

  it('asks for an Origin only where a browser always sends one', () => {
    const silent = { host: good.host, cookie };
    expect(access.check(silent, false).allowed).toBe(true);
    expect(access.check(silent, true)).toEqual({ allowed: false, reason: 'origin' });
  });
});

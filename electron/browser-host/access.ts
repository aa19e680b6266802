import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** The only address that the host listens on. */
export const loopback = '127.0.0.1';

export type Verdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: 'host' | 'origin' | 'cookie' };

/**
 * Decides who may speak to the host. Any program on the computer and any page in the browser can
 * reach a loopback port, so every request must carry the cookie that only the printed address
 * gives; Host stops names that were pointed at this address, Origin and Sec-Fetch-Site stop pages
 * of other origins, which SameSite lets through where only the port differs.
 */
export interface Access {
  /** The secret of the printed address, 256 bits in base64url; good for as long as the host runs. */
  readonly token: string;
  readonly host: string;
  readonly origin: string;
  /** Value of Set-Cookie that gives the holder access. */
  readonly setCookie: string;
  isToken(candidate: string): boolean;
  /** Whether the request came by the host's own name. */
  isHost(headers: IncomingHttpHeaders): boolean;
  /** `strict` asks for an Origin: upgrades and everything that is not GET or HEAD. */
  check(headers: IncomingHttpHeaders, strict: boolean): Verdict;
}

export function createAccess(port: number): Access {
  const token = randomBytes(32).toString('base64url');
  const session = randomBytes(32).toString('base64url');
  const host = `${loopback}:${port}`;
  const origin = `http://${host}`;
  // Cookies ignore ports: the name keeps two running hosts from undoing each other.
  const cookieName = `kith-${port}`;

  const isHost = (headers: IncomingHttpHeaders) => headers.host === host;

  return {
    token,
    host,
    origin,
    setCookie: `${cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict`,
    isToken: (candidate) => sameSecret(candidate, token),
    isHost,
    check(headers, strict) {
      if (!isHost(headers)) return { allowed: false, reason: 'host' };
      const from = headers.origin;
      const site = headers['sec-fetch-site'];
      const foreign = site !== undefined && site !== 'same-origin' && site !== 'none';
      if (foreign || (from === undefined ? strict : from !== origin)) {
        return { allowed: false, reason: 'origin' };
      }
      const cookies = readCookies(headers.cookie, cookieName);
      return cookies.some((value) => sameSecret(value, session))
        ? { allowed: true }
        : { allowed: false, reason: 'cookie' };
    },
  };
}

/** Digests have one length whatever was sent, so that neither length nor prefix shows in the time. */
function sameSecret(candidate: string, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(candidate), digest(secret));
}

function readCookies(header: string | undefined, name: string): string[] {
  return (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}

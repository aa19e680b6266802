import { extname, join, resolve, sep } from 'node:path';
import type { Call } from '../contract/messages.ts';
import { KithError } from '../contract/errors.ts';
import { matchesTag, quoteTag, serveFile } from './served-file.ts';

export interface AssetOptions {
  /** Folder of the built interface. */
  readonly rendererFolder: string;
  /** The trusted line to the engine, which resolves crops and photos. */
  readonly call: Call;
  /** Where the interface may open connections, beside its own origin. */
  readonly connectSources?: readonly string[];
}

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/**
 * The policy of every page that a host shows. Style attributes are allowed because lists set the
 * position of their rows with them; style elements and scripts come from files only.
 */
export function contentSecurityPolicy(connectSources: readonly string[] = []): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    ['connect-src', "'self'", ...connectSources].join(' '),
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ');
}

export function securityHeaders(connectSources: readonly string[] = []): Record<string, string> {
  return {
    'Content-Security-Policy': contentSecurityPolicy(connectSources),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), display-capture=()',
  };
}

/**
 * What a face or a photo shows never changes under its id, so a browser may keep it; `Vary` ties
 * what it kept to this session, since another library on the same port has the same ids.
 */
const keptHeaders = { 'Cache-Control': 'private, max-age=31536000, immutable', Vary: 'Cookie' };

/**
 * Serves the interface, `/crop/<faceId>` and `/photo/<photoId>?size=<longest side>` to any host
 * that speaks in Request and Response. Never rejects: failures become a status and one sentence.
 */
export function createAssets(options: AssetOptions): (request: Request) => Promise<Response> {
  const secured = securityHeaders(options.connectSources);
  const rendererFolder = resolve(options.rendererFolder);

  const plain = (status: number, text: string, headers: Record<string, string> = {}) =>
    new Response(text, {
      status,
      headers: {
        ...secured,
        'Content-Type': 'text/plain; charset=utf-8',
        'Cache-Control': 'no-store',
        ...headers,
      },
    });

  async function crop(request: Request, faceId: number): Promise<Response> {
    const { jpeg, etag } = await options.call('host.crop', { faceId });
    const headers = { ...secured, ...keptHeaders, ETag: quoteTag(etag) };
    if (matchesTag(request.headers.get('If-None-Match'), headers.ETag)) {
      return new Response(null, { status: 304, headers });
    }
    return new Response(request.method === 'HEAD' ? null : new Uint8Array(jpeg), {
      headers: {
        ...headers,
        'Content-Type': 'image/jpeg',
        'Content-Length': String(jpeg.byteLength),
      },
    });
  }

  async function photo(request: Request, photoId: number, size: string | null): Promise<Response> {
    if (size !== null && !/^\d{2,4}$/.test(size)) {
      throw new KithError('bad-request', 'The size of a photo is its longest side in pixels.');
    }
    const longestSide = size === null ? null : Number(size);
    const file = await options.call('host.photo', { photoId, longestSide });
    return serveFile(request, {
      path: file.path,
      etag: quoteTag(file.etag),
      headers: { ...secured, ...keptHeaders, 'Content-Type': file.contentType },
    });
  }

  async function rendererFile(request: Request, pathname: string): Promise<Response> {
    const name = decodeURIComponent(pathname).slice(1) || 'index.html';
    const path = join(rendererFolder, name);
    const contentType = contentTypes[extname(path).toLowerCase()];
    // A name that climbs out, even by an encoded slash, ends outside the folder after joining.
    if (!path.startsWith(rendererFolder + sep) || /[\0\\]/.test(name) || !contentType) {
      return plain(404, 'There is nothing here.');
    }
    // Vite names everything in assets/ by its content.
    const cacheControl = name.startsWith('assets/')
      ? 'public, max-age=31536000, immutable'
      : 'no-cache';
    try {
      return await serveFile(request, {
        path,
        etag: null,
        headers: { ...secured, 'Content-Type': contentType, 'Cache-Control': cacheControl },
      });
    } catch (error) {
      if (name !== 'index.html' || !isMissing(error)) throw error;
      return plain(503, 'The interface is not built yet: run npm run build:renderer.');
    }
  }

  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return plain(405, 'Only GET and HEAD are answered here.', { Allow: 'GET, HEAD' });
    }
    const url = new URL(request.url);
    const [, kind, id] = /^\/(crop|photo)\/([1-9]\d{0,14})$/.exec(url.pathname) ?? [];
    try {
      if (kind === 'crop') return await crop(request, Number(id));
      if (kind === 'photo') return await photo(request, Number(id), url.searchParams.get('size'));
      return await rendererFile(request, url.pathname);
    } catch (error) {
      if (error instanceof KithError) return plain(statusOf(error), error.message);
      if (error instanceof URIError) return plain(400, 'This address is not well-formed.');
      if (isMissing(error)) return plain(404, 'There is nothing here.');
      return plain(500, 'The file could not be read.');
    }
  };
}

function statusOf(error: KithError): number {
  switch (error.code) {
    case 'bad-request':
      return 400;
    case 'not-found':
      return 404;
    case 'refused':
      return 503;
    case 'internal':
      return 500;
  }
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR' || code === 'ENAMETOOLONG';
}

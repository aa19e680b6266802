import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';

export interface ServedFile {
  readonly path: string;
  /** With its quotes; null takes one from the file's size and time. */
  readonly etag: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

export type ByteRange = { readonly first: number; readonly last: number };

/**
 * Reads a Range header for a body of `size` bytes. Null: serve the whole body, because there is no
 * range, or one that RFC 9110 lets a server pass over (several ranges, another unit, bad syntax).
 */
export function parseRange(
  header: string | null,
  size: number,
): ByteRange | 'unsatisfiable' | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  const [, from = '', to = ''] = match ?? [];
  if (from === '' && to === '') return null;
  if (from === '') {
    const length = Math.min(Number(to), size);
    return length === 0 ? 'unsatisfiable' : { first: size - length, last: size - 1 };
  }
  const first = Number(from);
  const last = to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (to !== '' && Number(to) < first) return null;
  return first >= size ? 'unsatisfiable' : { first, last };
}

/** Whether If-None-Match names this tag; comparison is weak, as RFC 9110 asks. */
export function matchesTag(header: string | null, etag: string): boolean {
  if (header === null) return false;
  const bare = (tag: string) => tag.trim().replace(/^W\//, '');
  return header.trim() === '*' || header.split(',').some((tag) => bare(tag) === bare(etag));
}

/** Quotes an engine's tag for the ETag header, leaving out what the header cannot carry. */
export function quoteTag(tag: string): string {
  return `"${tag.replace(/[^\x21\x23-\x7e]/g, '')}"`;
}

/**
 * Answers GET and HEAD for one file: 304 where the tag is known, 206 and 416 for one byte range,
 * else 200. Rejects with the system's error where the file cannot be opened or is not a file.
 */
export async function serveFile(request: Request, file: ServedFile): Promise<Response> {
  const handle = await open(file.path, 'r');
  let streaming = false;
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw Object.assign(new Error('Not a file'), { code: 'ENOENT' });
    const etag = file.etag ?? quoteTag(`${stat.size}-${stat.mtimeMs}`);
    const headers = new Headers({ ...file.headers, ETag: etag, 'Accept-Ranges': 'bytes' });
    if (matchesTag(request.headers.get('If-None-Match'), etag)) {
      headers.delete('Content-Type');
      return new Response(null, { status: 304, headers });
    }
    const condition = request.headers.get('If-Range');
    const range =
      condition === null || condition === etag
        ? parseRange(request.headers.get('Range'), stat.size)
        : null;
    if (range === 'unsatisfiable') {
      headers.set('Content-Range', `bytes */${stat.size}`);
      headers.delete('Content-Type');
      return new Response(null, { status: 416, headers });
    }
    const { first, last } = range ?? { first: 0, last: stat.size - 1 };
    headers.set('Content-Length', String(last - first + 1));
    if (range) headers.set('Content-Range', `bytes ${first}-${last}/${stat.size}`);
    const status = range ? 206 : 200;
    if (request.method === 'HEAD' || stat.size === 0)
      return new Response(null, { status, headers });
    const stream = handle.createReadStream({ start: first, end: last });
    streaming = true;
    return new Response(Readable.toWeb(stream) as ReadableStream, { status, headers });
  } finally {
    if (!streaming) await handle.close();
  }
}

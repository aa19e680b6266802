import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';

/**
 * The Request that a Node request stands for, or null where it asks another origin or cannot be
 * one. Bodies are not read, since nothing here takes one.
 */
export function toRequest(incoming: IncomingMessage, origin: string): Request | null {
  try {
    const url = new URL(incoming.url ?? '/', origin);
    const headers = new Headers();
    for (const [name, value] of Object.entries(incoming.headers)) {
      if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
    }
    return url.origin === origin
      ? new Request(url, { method: incoming.method ?? 'GET', headers })
      : null;
  } catch {
    // Methods and header values that HTTP allows and Request does not.
    return null;
  }
}

/** Sends a Response; resolves when it is sent or the browser went away, never rejects. */
export async function sendResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  if (!response.body) {
    outgoing.end();
    return;
  }
  try {
    await pipeline(Readable.fromWeb(response.body as NodeReadableStream), outgoing);
  } catch {
    // The browser left, or the file broke off: either way the rest cannot be sent.
    outgoing.destroy();
  }
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KithError } from '../../electron/contract/errors.ts';
import type { RendererConnection } from '../../electron/browser-host/socket.ts';
import type { Call, RequestMessage, ServerMessage } from '../../electron/contract/messages.ts';

export const jpeg = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 0xff, 0xd9]);

/** A renderer folder, a photo of 1,000 known bytes, and a secret file outside the renderer. */
export function makeFiles() {
  const folder = mkdtempSync(join(tmpdir(), 'kith-host-'));
  const renderer = join(folder, 'renderer');
  mkdirSync(join(renderer, 'assets'), { recursive: true });
  writeFileSync(join(renderer, 'index.html'), '<!doctype html><title>Kith</title>');
  writeFileSync(join(renderer, 'assets', 'index-Ab12.js'), 'export {};');
  writeFileSync(join(renderer, 'key.pem'), 'not for serving');
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  mkdirSync(join(folder, 'renderer-two'));
  writeFileSync(join(folder, 'renderer-two', 'secret.txt'), 'secret');
  const photo = join(folder, 'photo.jpg');
  const bytes = Uint8Array.from({ length: 1000 }, (_, index) => index % 251);
  writeFileSync(photo, bytes);
  return { folder, renderer, photo, bytes, remove: () => rmSync(folder, { recursive: true }) };
}

/** Answers host.crop for face 7 and host.photo for photo 3, and notes what was asked. */
export function hostCalls(photo: string) {
  const asked: { channel: string; args: unknown }[] = [];
  const answer = (channel: string, args: { faceId?: number; photoId?: number }): unknown => {
    asked.push({ channel, args });
    if (channel === 'host.crop' && args.faceId === 7) return { jpeg, etag: 'crop-7' };
    if (channel === 'host.photo' && args.photoId === 3) {
      return { path: photo, contentType: 'image/jpeg', etag: 'photo "3"' };
    }
    if (channel === 'host.photoPath' && args.photoId === 3) return { path: photo };
    if (channel === 'host.photo' && args.photoId === 4) {
      return { path: `${photo}.gone`, contentType: 'image/jpeg', etag: 'photo-4' };
    }
    throw new KithError('not-found', 'There is no such face or photo.');
  };
  const call = (async (channel: string, args: object) => answer(channel, args)) as Call;
  return { call, asked };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Sends exactly these headers and this path, which fetch would tidy up. */
export function ask(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port, path, method, headers, agent: false },
      (incoming) => {
        const parts: Buffer[] = [];
        incoming.on('data', (part: Buffer) => parts.push(part));
        incoming.on('error', reject);
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: Buffer.concat(parts),
          }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end();
  });
}

/** An engine's end of a connection, driven by the test. */
export function testConnection() {
  const requests: RequestMessage[] = [];
  let onRequest: (message: RequestMessage) => void = () => undefined;
  let onMessage: (message: ServerMessage) => void = () => undefined;
  let onClose: () => void = () => undefined;
  let leave = (): void => undefined;
  const left = new Promise<void>((resolve) => (leave = resolve));
  const connection: RendererConnection = {
    send(message) {
      requests.push(message);
      onRequest(message);
    },
    onMessage: (listener) => (onMessage = listener),
    onClose: (listener) => (onClose = listener),
    close: () => leave(),
  };
  return {
    connection,
    requests,
    /** Resolves when the host lets go of the connection. */
    left,
    deliver: (message: ServerMessage) => onMessage(message),
    end: () => onClose(),
    whenRequest: (listener: (message: RequestMessage) => void) => (onRequest = listener),
  };
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import sharp from 'sharp';
import { WebSocketServer, type WebSocket } from 'ws';
import { RequestMessage, type ServerMessage } from '../../../electron/contract/messages.ts';
import { DoubleEngine } from './engine.ts';
import type { DoubleOptions } from './library.ts';
import { sampleFaces, sampleFiles, samplesFolder } from './sample-faces.ts';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** The policy of the real hosts: whatever the interface does must work under it. */
const policy =
  "default-src 'self'; img-src 'self' blob: data:; style-src 'self'; script-src 'self'; connect-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'";

export interface DoubleServer {
  readonly address: string;
  readonly engine: DoubleEngine;
  /** Answers to these requests wait until `release` is called. */
  holdBack(which: (request: RequestMessage) => boolean): { release(): void };
  /** Answers come so many milliseconds later. */
  delay(milliseconds: number): void;
  /** Cuts every connection, as when the engine is gone; the next attempt succeeds. */
  drop(): void;
  close(): Promise<void>;
}

/** Serves the built interface and a double of the engine on a free port of this machine. */
export async function startDouble(
  root: string,
  options: DoubleOptions,
  port = 0,
): Promise<DoubleServer> {
  const sockets = new Set<WebSocket>();
  const engine = new DoubleEngine(options, (message) => {
    for (const socket of sockets) socket.send(JSON.stringify(message));
  });
  let isHeld: (request: RequestMessage) => boolean = () => false;
  const held: (() => void)[] = [];
  let delay = 0;
  const pictures = new Map<string, Promise<Buffer>>();

  function picture(key: string, make: () => Promise<Buffer>): Promise<Buffer> {
    const known = pictures.get(key) ?? make();
    pictures.set(key, known);
    return known;
  }

  function crop(faceId: number): Promise<Buffer> {
    const { look } = engine.library.face(faceId);
    const turn = faceId % 4;
    return picture(`crop-${String(look)}-${String(turn)}`, async () => {
      const sample = sampleFaces[look];
      if (!sample) throw new Error('no such face');
      const image = sharp(join(samplesFolder, sample.file));
      const { width = 0, height = 0 } = await image.metadata();
      const side = Math.round(Math.max(sample.width * width, sample.height * height) * 1.35);
      const left = Math.round((sample.x + sample.width / 2) * width - side / 2);
      const top = Math.round((sample.y + sample.height / 2) * height - side / 2);
      const region = {
        left: Math.max(0, left),
        top: Math.max(0, top),
        width: Math.min(side, width - Math.max(0, left)),
        height: Math.min(side, height - Math.max(0, top)),
      };
      return image
        .extract(region)
        .resize(256, 256)
        .flop(turn % 2 === 1)
        .modulate({ brightness: turn > 1 ? 1.1 : 1 })
        .jpeg()
        .toBuffer();
    });
  }

  function photo(photoId: number, size: number | null): Promise<Buffer> {
    const { sample } = engine.library.photo(photoId);
    return picture(`photo-${String(sample)}-${String(size)}`, () => {
      const image = sharp(join(samplesFolder, sampleFiles[sample] ?? ''));
      const fitted = size === null ? image : image.resize(size, size, { fit: 'inside' });
      return fitted.jpeg().toBuffer();
    });
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://double');
    const [, kind, id] = url.pathname.split('/');
    if (kind === 'crop' || kind === 'photo') {
      const size = url.searchParams.get('size');
      const image = await (kind === 'crop'
        ? crop(Number(id))
        : photo(Number(id), size === null ? null : Number(size)));
      response.setHeader('content-type', 'image/jpeg');
      response.setHeader('cache-control', 'private, max-age=3600');
      response.end(image);
      return;
    }
    const path = url.pathname === '/' ? '/index.html' : normalize(url.pathname);
    const body = await readFile(join(root, path));
    response.setHeader('content-type', types[extname(path)] ?? 'application/octet-stream');
    response.setHeader('content-security-policy', policy);
    response.end(body);
  }

  const server = createServer((request, response) => {
    respond(request, response).catch(() => {
      response.statusCode = 404;
      response.end();
    });
  });
  const hub = new WebSocketServer({ server, path: '/socket' });
  hub.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('message', (data) => {
      const text = Buffer.isBuffer(data) ? data.toString('utf8') : '';
      const request = RequestMessage.parse(JSON.parse(text));
      const send = () => {
        const answer: ServerMessage = engine.answer(request);
        socket.send(JSON.stringify(answer));
      };
      if (isHeld(request)) held.push(send);
      else if (delay > 0) setTimeout(send, delay);
      else send();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { port: bound } = server.address() as AddressInfo;
  const drop = () => {
    for (const socket of sockets) socket.terminate();
  };
  return {
    address: `http://127.0.0.1:${String(bound)}/`,
    engine,
    holdBack(which) {
      isHeld = which;
      return {
        release() {
          isHeld = () => false;
          for (const send of held.splice(0)) send();
        },
      };
    },
    delay(milliseconds) {
      delay = milliseconds;
    },
    drop,
    close: () => {
      drop();
      hub.close();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

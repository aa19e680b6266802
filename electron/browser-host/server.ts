import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { KithError } from '../contract/errors.ts';
import type { Call } from '../contract/messages.ts';
import { createAssets, securityHeaders } from '../engine/assets.ts';
import { createAccess, loopback } from './access.ts';
import type { Access } from './access.ts';
import { sendResponse, toRequest } from './http.ts';
import { refusalPage } from './pages.ts';
import { bridgeSocket, socketLimits } from './socket.ts';
import type { RendererConnection } from './socket.ts';

export interface ServerOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly rendererFolder: string;
  /** The trusted line to the engine. */
  readonly call: Call;
  /** Shows a file in the platform's file manager. */
  showFile(path: string): Promise<void>;
  /** Makes a line for one browser connection. Throws while no engine runs. */
  connect(): RendererConnection;
}

export interface BrowserHostServer {
  readonly port: number;
  /** The address to open: carries the token. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Listens on 127.0.0.1 and serves interface, crops, photos and the WebSocket to whoever holds the
 * address. Rejects with the system's error where the port is taken.
 */
export async function startServer(options: ServerOptions): Promise<BrowserHostServer> {
  const server = createServer({ requestTimeout: 30_000, maxHeaderSize: 16_384 });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, loopback, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  const access = createAccess(port);
  const connectSources = [`ws://${access.host}`];
  const assets = createAssets({
    rendererFolder: options.rendererFolder,
    call: options.call,
    connectSources,
  });
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: socketLimits.messageBytes,
    perMessageDeflate: false,
  });

  const answer = async (incoming: IncomingMessage): Promise<Response> => {
    const refused = admit(incoming, access, connectSources);
    if (refused) return refused;
    const request = toRequest(incoming, access.origin);
    if (!request) return new Response('This request is not well-formed.', { status: 400 });
    const shown = /^\/show\/(\d{1,15})$/u.exec(new URL(request.url).pathname);
    return request.method === 'POST' && shown ? show(Number(shown[1])) : assets(request);
  };
  const show = async (photoId: number): Promise<Response> => {
    const headers = {
      ...securityHeaders(connectSources),
      'Content-Type': 'text/plain; charset=utf-8',
      'Cache-Control': 'no-store',
    };
    try {
      await options.showFile((await options.call('host.photoPath', { photoId })).path);
      return new Response(null, { status: 204, headers });
    } catch (error) {
      const told = error instanceof KithError ? error.message : 'The file cannot be shown.';
      return new Response(told, { status: 409, headers });
    }
  };
  server.on('request', (incoming, outgoing) => {
    void answer(incoming).then((response) => sendResponse(response, outgoing));
  });
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refuse = (status: string) =>
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    socket.on('error', () => socket.destroy());
    if (!access.check(incoming.headers, true).allowed) return refuse('403 Forbidden');
    if (incoming.url?.split('?')[0] !== '/socket') return refuse('404 Not Found');
    sockets.handleUpgrade(incoming, socket, head, (webSocket) => {
      try {
        bridgeSocket(webSocket, options.connect());
      } catch {
        webSocket.close(1013, 'The library is not open');
      }
    });
  });

  return {
    port,
    address: `${access.origin}/?token=${access.token}`,
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The answer to a request that may not pass, or to one that brings the token; null lets it pass. */
function admit(
  incoming: IncomingMessage,
  access: Access,
  connectSources: readonly string[],
): Response | null {
  const refuse = (reason: Parameters<typeof refusalPage>[0]) =>
    new Response(incoming.method === 'HEAD' ? null : refusalPage(reason), {
      status: 403,
      headers: {
        ...securityHeaders(connectSources),
        'Content-Type': 'text/html; charset=utf-8',
        'Cache-Control': 'no-store',
      },
    });

  if (!access.isHost(incoming.headers)) return refuse('host');
  const url = URL.canParse(incoming.url ?? '/', access.origin)
    ? new URL(incoming.url ?? '/', access.origin)
    : null;
  const token = url?.pathname === '/' ? url.searchParams.get('token') : null;
  if (token !== null && incoming.method === 'GET') {
    if (!access.isToken(token)) return refuse('token');
    return new Response(null, {
      status: 303,
      headers: {
        ...securityHeaders(connectSources),
        Location: '/',
        'Set-Cookie': access.setCookie,
        'Cache-Control': 'no-store',
      },
    });
  }
  const verdict = access.check(
    incoming.headers,
    incoming.method !== 'GET' && incoming.method !== 'HEAD',
  );
  if (!verdict.allowed) return refuse(verdict.reason);
  return null;
}

import type { WebSocket } from 'ws';
import { RequestMessage } from '../contract/messages.ts';
import type { Connection, ServerMessage } from '../contract/messages.ts';

/** Limits of one browser connection. */
export const socketLimits = {
  /** Bytes of one request; an action on a million faces is about 8 MB of JSON. */
  messageBytes: 16 * 1024 * 1024,
  /** Requests under way before reading pauses: no interface waits for more at once. */
  requestsInFlight: 64,
  /** Bytes waiting to be sent beyond which progress is left out, as a newer one follows. */
  congestedBytes: 1024 * 1024,
  /** Bytes waiting beyond which the reader is taken for dead and the line is closed. */
  stalledBytes: 64 * 1024 * 1024,
  /** A browser that answers no ping within this time is gone. */
  heartbeatMilliseconds: 30_000,
} as const;

const closeCodes = { unreadable: 1007, restart: 1012 } as const;

/** An engine's line for one renderer, which this side ends when its browser is gone. */
export type RendererConnection = Connection & { close(): void };

/** Carries one engine connection over one WebSocket, JSON both ways. */
export function bridgeSocket(socket: WebSocket, connection: RendererConnection): void {
  let inFlight = 0;
  let answered = true;

  const heartbeat = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, socketLimits.heartbeatMilliseconds);
  heartbeat.unref();
  socket.on('pong', () => (answered = true));

  const send = (message: ServerMessage) => {
    if (socket.readyState !== socket.OPEN) return;
    const waiting = socket.bufferedAmount;
    if (waiting > socketLimits.stalledBytes) {
      // A reader that stands still would not answer a closing frame either.
      socket.terminate();
      return;
    }
    const replaceable = 'event' in message && message.event === 'scan.progress';
    if (replaceable && waiting > socketLimits.congestedBytes) return;
    socket.send(JSON.stringify(message));
  };

  connection.onMessage((message) => {
    if (!('event' in message)) {
      inFlight--;
      if (socket.isPaused && inFlight < socketLimits.requestsInFlight) socket.resume();
    }
    send(message);
  });
  connection.onClose(() => socket.close(closeCodes.restart, 'The library restarts'));

  socket.on('message', (data, isBinary) => {
    const request = isBinary ? null : parseRequest(data.toString());
    if (!request) {
      socket.close(closeCodes.unreadable, 'Not a request');
      return;
    }
    inFlight++;
    if (inFlight >= socketLimits.requestsInFlight) socket.pause();
    connection.send(request);
  });
  // An oversized message or a broken frame; ws closes the socket itself after this.
  socket.on('error', () => undefined);
  socket.once('close', () => {
    clearInterval(heartbeat);
    connection.close();
  });
}

function parseRequest(text: string): RequestMessage | null {
  try {
    return RequestMessage.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

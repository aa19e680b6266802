import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startServer } from '../../electron/browser-host/server.ts';
import type { BrowserHostServer } from '../../electron/browser-host/server.ts';
import { socketLimits } from '../../electron/browser-host/socket.ts';
import type { ServerMessage } from '../../electron/contract/messages.ts';
import { ask, hostCalls, testConnection } from './fixture.ts';

const open: { server: BrowserHostServer; sockets: WebSocket[] }[] = [];

afterEach(async () => {
  for (const { server, sockets } of open.splice(0)) {
    for (const socket of sockets) socket.terminate();
    await server.close();
  }
});

async function start(connect?: () => never) {
  const engine = testConnection();
  const server = await startServer({
    port: 0,
    rendererFolder: import.meta.dirname,
    call: hostCalls('none').call,
    showFile: () => Promise.resolve(),
    connect: connect ?? (() => engine.connection),
  });
  const sockets: WebSocket[] = [];
  open.push({ server, sockets });
  const entrance = await ask(server.port, `/${new URL(server.address).search}`);
  const cookie = entrance.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  const origin = `http://127.0.0.1:${server.port}`;
  const dial = (headers: Record<string, string> = { cookie, origin }, path = '/socket') => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers });
    // Refused and broken connections show in what the tests wait for.
    socket.on('error', () => undefined);
    sockets.push(socket);
    return socket;
  };
  return { server, engine, dial, cookie, origin, left: engine.left };
}

const refusal = (socket: WebSocket): Promise<number> =>
  new Promise((resolve) => {
    socket.once('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
  });
const nextMessage = async (socket: WebSocket): Promise<ServerMessage> => {
  const [data] = (await once(socket, 'message')) as [Buffer];
  return JSON.parse(data.toString()) as ServerMessage;
};
const closeCode = (socket: WebSocket): Promise<number> =>
  new Promise((resolve) => {
    socket.once('close', resolve);
  });

describe('the WebSocket', () => {
  it('needs cookie, Origin and its own path', async () => {
    const { dial, cookie, origin } = await start();
    expect(await refusal(dial({ origin }))).toBe(403);
    expect(await refusal(dial({ cookie }))).toBe(403);
    expect(await refusal(dial({ cookie, origin: 'http://evil.example' }))).toBe(403);
    expect(await refusal(dial({ cookie, origin, host: 'evil.example' }))).toBe(403);
    expect(await refusal(dial({ cookie, origin }, '/other'))).toBe(404);
  });

  it('carries requests, replies and events', async () => {
    const { dial, engine } = await start();
    const socket = dial();
    await once(socket, 'open');
    const request = { id: 1, channel: 'people.list', args: {} };
    const asked = new Promise((resolve) => engine.whenRequest(resolve));
    socket.send(JSON.stringify(request));
    expect(await asked).toEqual(request);
    const reply = { id: 1, ok: true, result: [] } as const;
    const received = nextMessage(socket);
    engine.deliver(reply);
    expect(await received).toEqual(reply);
    const event = { event: 'notice', payload: { level: 'info', message: 'Hello' } };
    const heard = nextMessage(socket);
    engine.deliver(event);
    expect(await heard).toEqual(event);
  });

  it.each(['no json', '[]', '{"id":-1,"channel":"x","args":{}}', '{"id":1,"args":{}}'])(
    'closes on %s and asks the engine nothing',
    async (text) => {
      const { dial, engine, left } = await start();
      const socket = dial();
      await once(socket, 'open');
      socket.send(text);
      expect(await closeCode(socket)).toBe(1007);
      expect(engine.requests).toEqual([]);
      await left;
    },
  );

  it('closes on binary frames and on messages beyond the limit', async () => {
    const { dial, engine } = await start();
    const binary = dial();
    await once(binary, 'open');
    binary.send(Buffer.from('{"id":1,"channel":"people.list","args":{}}'));
    expect(await closeCode(binary)).toBe(1007);
    const large = dial();
    await once(large, 'open');
    large.send('x'.repeat(socketLimits.messageBytes + 1));
    expect(await closeCode(large)).not.toBe(1000);
    expect(engine.requests).toEqual([]);
  });

  it('stops reading while too many requests wait, and goes on after', async () => {
    const { dial, engine } = await start();
    const socket = dial();
    await once(socket, 'open');
    const limit = socketLimits.requestsInFlight;
    const total = limit + 40;
    const reached = (count: number) =>
      new Promise<void>((resolve) => {
        engine.whenRequest(() => {
          if (engine.requests.length === count) resolve();
        });
      });
    const full = reached(limit);
    // Larger than what one read from the network brings, since that much is parsed at once.
    const args = { padding: 'x'.repeat(200_000) };
    for (let id = 1; id <= total; id++) {
      socket.send(JSON.stringify({ id, channel: 'people.list', args }));
    }
    await full;
    const done = reached(total);
    const heard = nextMessage(socket);
    engine.deliver({ event: 'notice', payload: null });
    await heard;
    expect(engine.requests.length).toBeLessThan(limit + 5);
    for (let id = 1; id <= total - 1; id++) engine.deliver({ id, ok: true, result: [] });
    await done;
    expect(engine.requests.map((request) => request.id)).toEqual(
      Array.from({ length: total }, (_, index) => index + 1),
    );
  });

  it('leaves progress out for a slow reader, and gives up one that stands still', async () => {
    const { dial, engine, left } = await start();
    const socket = dial();
    await once(socket, 'open');
    socket.pause();
    const text = 'x'.repeat(4 * 1024 * 1024);
    const notice = { event: 'notice', payload: { level: 'info', message: text } };
    for (let count = 0; count < 8; count++) engine.deliver(notice);
    for (let done = 0; done < 100; done++) {
      engine.deliver({ event: 'scan.progress', payload: { done } });
    }
    engine.deliver({ event: 'notice', payload: 'last' });
    const events: string[] = [];
    const last = new Promise<void>((resolve) => {
      socket.on('message', (data: Buffer) => {
        const message = JSON.parse(data.toString()) as { event: string; payload: unknown };
        events.push(message.event);
        if (message.payload === 'last') resolve();
      });
    });
    socket.resume();
    await last;
    expect(events).toEqual(Array.from({ length: 9 }, () => 'notice'));

    socket.pause();
    for (let sent = 0; sent < 2 * socketLimits.stalledBytes; sent += text.length) {
      engine.deliver(notice);
    }
    await left;
  });

  it('closes for a restart when the engine goes', async () => {
    const { dial, engine } = await start();
    const socket = dial();
    await once(socket, 'open');
    engine.end();
    expect(await closeCode(socket)).toBe(1012);
  });

  it('says to come back where no engine runs', async () => {
    const { dial } = await start(() => {
      throw new Error('none');
    });
    const socket = dial();
    await once(socket, 'open');
    expect(await closeCode(socket)).toBe(1013);
  });

  it('ends with the server', async () => {
    const { dial, server, left } = await start();
    const socket = dial();
    await once(socket, 'open');
    const closed = closeCode(socket);
    await server.close();
    expect(await closed).toBe(1006);
    await left;
  });
});

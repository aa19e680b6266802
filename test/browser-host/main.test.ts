import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { ask } from './fixture.ts';

const posix = process.platform !== 'win32';
const hosts: { child: ChildProcess; library: string }[] = [];

afterEach(async () => {
  for (const { child, library } of hosts.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    rmSync(library, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
});

/** Runs the browser host with a real engine and an empty library of its own. */
function run(args: readonly string[] = [], detached = false) {
  const library = mkdtempSync(join(tmpdir(), 'kith-host-main-'));
  const main = join(import.meta.dirname, '..', '..', 'electron', 'browser-host', 'main.ts');
  const child = spawn(
    process.execPath,
    [main, '--no-open', '--library', join(library, 'library'), ...args],
    { stdio: ['ignore', 'pipe', 'pipe'], detached },
  );
  hosts.push({ child, library });
  const text = { out: '', error: '' };
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text.out += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (text.error += part));
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => resolve(code));
  });
  const address = () =>
    vi.waitFor(() => {
      const found = /http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/.exec(text.out)?.[0];
      if (!found) throw new Error(`no address yet: ${text.out}${text.error}`);
      return new URL(found);
    }, 20_000);
  return { child, library, text, ended, address };
}

const childrenOf = (processId: number): number[] =>
  spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .stdout.trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === processId)
    .map(([child]) => child ?? 0);
const isAlive = (processId: number): boolean => {
  // A process that has ended and waits to be collected counts as gone.
  const state = spawnSync('ps', ['-o', 'stat=', '-p', String(processId)], { encoding: 'utf8' });
  return state.stdout.trim() !== '' && !state.stdout.trim().startsWith('Z');
};
const gone = (processIds: readonly number[]) =>
  vi.waitFor(() => expect(processIds.filter(isAlive)).toEqual([]), 10_000);

/** Children of the host that are its engine, leaving out `ps` itself. */
const engineOf = (child: ChildProcess) =>
  vi.waitFor(() => {
    const engines = childrenOf(child.pid ?? 0).filter(isAlive);
    expect(engines).toHaveLength(1);
    return engines[0]!;
  }, 10_000);

async function connect(address: URL): Promise<WebSocket> {
  const port = Number(address.port);
  const entrance = await ask(port, `/${address.search}`);
  const cookie = entrance.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  const socket = new WebSocket(`ws://127.0.0.1:${port}/socket`, {
    headers: { cookie, origin: address.origin },
  });
  await once(socket, 'open');
  return socket;
}

async function call(socket: WebSocket, channel: string, args: object): Promise<unknown> {
  const replied = new Promise<unknown>((resolve) => {
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as { id?: number };
      if (message.id === 77) resolve(message);
    });
  });
  socket.send(JSON.stringify({ id: 77, channel, args }));
  return replied;
}

describe('the browser host as a process', () => {
  it('opens a library, answers a browser, and ends without leaving a process', async () => {
    const { child, address, ended, text } = run();
    const socket = await connect(await address());
    expect(await call(socket, 'library.status', {})).toMatchObject({
      ok: true,
      result: { photoCount: 0, folders: [] },
    });
    const engines = posix ? [await engineOf(child)] : [];
    const closed = once(socket, 'close');
    child.kill('SIGTERM');
    if (posix) expect(await ended).toBe(0);
    await closed;
    await gone(engines);
    expect(text.error).toBe('');
  });

  it('does not let a browser use what hosts may', async () => {
    const { address } = run();
    const socket = await connect(await address());
    for (const channel of ['host.addFolder', 'host.close', 'host.photo']) {
      expect(
        await call(socket, channel, { path: '/', photoId: 1, longestSide: null }),
      ).toMatchObject({ ok: false });
    }
    socket.terminate();
  });

  it.skipIf(!posix)('ends on Ctrl+C, which reaches its engine too', async () => {
    const { child, address, ended, text } = run([], true);
    await address();
    const engine = await engineOf(child);
    process.kill(-(child.pid ?? 0), 'SIGINT');
    expect(await ended).toBe(0);
    await gone([engine]);
    expect(text.error).toBe('');
  });

  it.skipIf(!posix)('takes its engine along when it is killed', async () => {
    const { child, address } = run();
    await address();
    const engine = await engineOf(child);
    child.kill('SIGKILL');
    await gone([engine]);
  });

  it.skipIf(!posix)('starts a lost engine once more, then ends with a message', async () => {
    const { child, address, ended, text } = run();
    const where = await address();
    const first = await connect(where);
    const engine = await engineOf(child);
    const [, closed] = [process.kill(engine, 'SIGKILL'), once(first, 'close')];
    expect((await closed)[0]).toBe(1012);
    await vi.waitFor(() => expect(text.error).toContain('Starting it again'), 10_000);
    const second = await engineOf(child);
    expect(second).not.toBe(engine);
    const again = await vi.waitFor(async () => {
      const socket = await connect(where);
      const code = Promise.race([
        once(socket, 'close').then(() => null),
        call(socket, 'library.status', {}),
      ]);
      expect(await code).toMatchObject({ ok: true });
      return socket;
    }, 15_000);
    again.terminate();
    process.kill(second, 'SIGKILL');
    expect(await ended).toBe(1);
    expect(text.error).toContain('Kith stops');
    await gone([second]);
  });

  it('says so where the port is taken', async () => {
    const first = run();
    const { port } = await first.address();
    const second = run(['--port', port]);
    expect(await second.ended).toBe(1);
    expect(second.text.error).toMatch(new RegExp(`^kith: Port ${port} cannot be used: .*\\n$`));
  });

  it('says so where a folder cannot be added, and stays open', async () => {
    const { address, text } = run([join(tmpdir(), 'kith-no-such-folder')]);
    await address();
    await vi.waitFor(() => expect(text.error).toContain('kith-no-such-folder'), 10_000);
    const socket = await connect(await address());
    expect(await call(socket, 'folders.list', {})).toMatchObject({ ok: true, result: [] });
    socket.terminate();
  });
});

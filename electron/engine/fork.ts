import { fork } from 'node:child_process';
import { join } from 'node:path';
import { createClient, type Client } from '../contract/client.ts';
import { KithError } from '../contract/errors.ts';
import type { Connection, ServerMessage } from '../contract/messages.ts';
import { entryPath } from './entry.ts';
import { applicationFolders } from './folders.ts';
import type { EngineConfiguration, EngineToHost, HostToEngine } from './line.ts';

/** An engine in a child process of Node, for hosts other than Electron. */
export interface RunningEngine {
  /** May ask everything. */
  readonly host: Client;
  /** A line for one renderer, which may ask what renderers may. */
  connect(): Connection & { close(): void };
  /** Called when the process is gone, with `expected` false unless it was closed. */
  onExit(listener: (exit: { readonly expected: boolean; readonly reason: string }) => void): void;
  /** Closes the library and ends the process. */
  close(): Promise<void>;
  readonly processId: number | undefined;
}

interface Line {
  receive: (message: ServerMessage) => void;
  close: () => void;
}

/** How long an engine may take to finish what it does when it is closed, milliseconds. */
const closingTime = 15_000;

function compiledModules(): string {
  return join(applicationFolders(import.meta.url).root, 'node_modules', '.cache', 'kith');
}

/**
 * Starts an engine and waits until its library is open.
 *
 * @throws KithError when the library cannot be opened, with the reason.
 */
export async function forkEngine(configuration: EngineConfiguration): Promise<RunningEngine> {
  const child = fork(entryPath(import.meta.url, './main'), [], {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // Neither debugger ports nor loaders of the host's are meant for the engine.
    execArgv: [],
    // Node keeps what it compiled there: reading it takes a third of the time of compiling anew.
    env: { NODE_COMPILE_CACHE: compiledModules(), ...process.env },
  });
  const lines = new Map<number, Line>();
  const exitListeners: Parameters<RunningEngine['onExit']>[0][] = [];
  let closing = false;
  let lastClient = -1;
  const send = (message: HostToEngine) => {
    if (child.connected) child.send(message);
  };

  const connect = (): Connection & { close(): void } => {
    const client = ++lastClient;
    const line: Line = { receive: () => undefined, close: () => undefined };
    lines.set(client, line);
    return {
      send: (message) => send({ kind: 'request', client, message }),
      onMessage: (listener) => void (line.receive = listener),
      onClose: (listener) => void (line.close = listener),
      close() {
        lines.delete(client);
        send({ kind: 'gone', client });
      },
    };
  };
  // The first line, number 0, is the host's own.
  const host = createClient(connect());

  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      for (const line of lines.values()) line.close();
      const reason = signal ? `it was ended by ${signal}` : `it ended with code ${code}`;
      for (const listener of exitListeners) listener({ expected: closing, reason });
      resolve();
    });
  });

  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new KithError('internal', 'The engine ended at its start.')));
    child.on('message', (message: EngineToHost) => {
      if (message.kind === 'ready') resolve();
      else if (message.kind === 'failed') {
        closing = true;
        child.kill();
        reject(new KithError('refused', message.message));
      } else if (message.client === null) {
        for (const line of lines.values()) line.receive(message.message);
      } else lines.get(message.client)?.receive(message.message);
    });
    send({ kind: 'start', configuration });
  });

  return {
    host,
    connect,
    onExit: (listener) => void exitListeners.push(listener),
    processId: child.pid,
    async close() {
      if (closing) return exited;
      closing = true;
      const timer = setTimeout(() => child.kill('SIGKILL'), closingTime);
      // The engine closes its library when its host lets go of the line.
      if (child.connected) child.disconnect();
      await exited;
      clearTimeout(timer);
    },
  };
}

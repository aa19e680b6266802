import { utilityProcess } from 'electron';
import type { MessagePortMain } from 'electron';
import { createClient } from '../contract/client.ts';
import type { Client } from '../contract/client.ts';
import { KithError } from '../contract/errors.ts';
import type { ServerMessage } from '../contract/messages.ts';
import { entryPath } from '../engine/entry.ts';
import type { HostedEngine } from '../engine/keeper.ts';
import type { EngineConfiguration, EngineToHost, HostToEngine } from '../engine/line.ts';

/** An engine in a utility process of Electron. */
export interface UtilityEngine extends HostedEngine {
  readonly host: Client;
  /** Gives the engine one renderer's port; from then on the two speak without the shell. */
  connect(port: MessagePortMain): void;
}

/** How long an engine may take to close its library, milliseconds. */
const closingTime = 15_000;

/**
 * Starts an engine and waits until its library is open.
 *
 * @throws KithError when the library cannot be opened, with the reason.
 */
export async function forkUtilityEngine(
  configuration: EngineConfiguration,
): Promise<UtilityEngine> {
  const child = utilityProcess.fork(entryPath(import.meta.url, '../engine/main'), [], {
    serviceName: 'Kith library',
    stdio: 'inherit',
  });
  let receive: (message: ServerMessage) => void = () => undefined;
  let disconnect: () => void = () => undefined;
  let closing = false;
  const exitListeners: Parameters<HostedEngine['onExit']>[0][] = [];
  const send = (message: HostToEngine, ports?: MessagePortMain[]) =>
    child.postMessage(message, ports);

  const host = createClient({
    send: (message) => send({ kind: 'request', client: 0, message }),
    onMessage: (listener) => void (receive = listener),
    onClose: (listener) => void (disconnect = listener),
  });

  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code) => {
      disconnect();
      for (const listener of exitListeners) {
        listener({ expected: closing, reason: `it ended with code ${code}` });
      }
      resolve();
    });
  });

  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new KithError('internal', 'The engine ended at its start.')));
    child.on('message', (message: EngineToHost) => {
      if (message.kind === 'ready') resolve();
      else if (message.kind === 'failed') {
        closing = true;
        child.kill();
        reject(new KithError('refused', message.message));
      } else if (message.client === null || message.client === 0) receive(message.message);
    });
    // Messages wait in the port until the new process reads them.
    send({ kind: 'start', configuration });
  });

  return {
    host,
    connect: (port) => send({ kind: 'connect' }, [port]),
    onExit: (listener) => void exitListeners.push(listener),
    async close() {
      if (closing) return exited;
      closing = true;
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, closingTime)));
      // The library is closed first, since kill() may not leave the process the time to do it.
      const closed = host.call('host.close', {}).catch(() => undefined);
      await Promise.race([closed, exited, patience]);
      clearTimeout(timer);
      child.kill();
      await exited;
    },
  };
}

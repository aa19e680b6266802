import { KithError } from '../contract/errors.ts';
import type { Call, Connection } from '../contract/messages.ts';

/** What the host needs of an engine process; `forkEngine` gives one. */
export interface HostedEngine {
  readonly host: { readonly call: Call };
  connect(): Connection & { close?(): void };
  onExit(listener: (reason: string) => void): void;
  close(): Promise<void>;
}

export interface KeeperOptions {
  fork(): Promise<HostedEngine>;
  say(line: string): void;
  /** Called once when the engine is gone for good, with one sentence for the user. */
  onLost(message: string): void;
  now?(): number;
}

export interface EngineKeeper {
  /** Asks the engine that runs now; waits for one that is being restarted. */
  readonly call: Call;
  connect(): { readonly connection: Connection; leave(): void };
  close(): Promise<void>;
}

/** A second end within this time means that restarting does not help. */
const restartWindowMilliseconds = 10 * 60_000;

/**
 * Starts the engine and keeps it: an engine that ends by itself is reported and started once more,
 * and given up when it ends again soon after. Rejects where the first start fails.
 */
export async function keepEngine(options: KeeperOptions): Promise<EngineKeeper> {
  const now = options.now ?? Date.now;
  let closing = false;
  let lastEnd = -Infinity;
  let engine: Promise<HostedEngine>;
  let running: HostedEngine | null = null;

  const lost = (message: string) => {
    if (!closing) options.onLost(message);
  };

  const start = async (): Promise<HostedEngine> => {
    const started = await options.fork();
    running = started;
    started.onExit((reason) => {
      running = null;
      if (closing) return;
      const ended = now();
      if (ended - lastEnd < restartWindowMilliseconds) {
        engine = Promise.reject(new KithError('refused', 'The library is closed.'));
        engine.catch(() => undefined);
        lost(`The engine ended again (${reason}), so Kith stops. Nothing that was saved is lost.`);
        return;
      }
      lastEnd = ended;
      options.say(`The engine ended (${reason}); starting it again.`);
      engine = start();
      engine.catch((error: unknown) => lost(`The engine did not start again: ${sentence(error)}`));
    });
    return started;
  };

  engine = start();
  await engine;

  return {
    call: async (channel, args) => (await engine).host.call(channel, args),
    connect() {
      if (!running) throw new KithError('refused', 'The library is not open.');
      const connection = running.connect();
      return { connection, leave: () => connection.close?.() };
    },
    async close() {
      closing = true;
      await engine.then(
        (started) => started.close(),
        () => undefined,
      );
    },
  };
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

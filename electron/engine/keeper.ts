import { KithError } from '../contract/errors.ts';
import type { Call } from '../contract/messages.ts';

/** What a host needs of an engine process, whatever runs it. */
export interface HostedEngine {
  readonly host: { readonly call: Call };
  /** Called when the process is gone; `reason` is a clause such as "it ended with code 1". */
  onExit(listener: (exit: { readonly expected: boolean; readonly reason: string }) => void): void;
  close(): Promise<void>;
}

export interface KeeperOptions<E extends HostedEngine> {
  fork(): Promise<E>;
  say(line: string): void;
  /** Called once when the engine is gone for good, with one sentence for the user. */
  onLost(message: string): void;
  now?(): number;
}

export interface EngineKeeper<E extends HostedEngine> {
  /** Asks the engine that runs now; waits for one that is being restarted. */
  readonly call: Call;
  /** The engine that runs now. Throws `refused` while none does. */
  running(): E;
  close(): Promise<void>;
}

/** A second end within this time means that restarting does not help. */
const restartWindowMilliseconds = 10 * 60_000;

/**
 * Starts the engine and keeps it: an engine that ends by itself is reported and started once more,
 * and given up when it ends again soon after. Rejects where the first start fails.
 */
export async function keepEngine<E extends HostedEngine>(
  options: KeeperOptions<E>,
): Promise<EngineKeeper<E>> {
  const now = options.now ?? Date.now;
  let closing = false;
  let lastEnd = -Infinity;
  let running: E | null = null;

  const lose = (message: string) => {
    if (!closing) options.onLost(message);
  };

  const onExit = ({ expected, reason }: { expected: boolean; reason: string }) => {
    running = null;
    if (closing || expected) return;
    const ended = now();
    if (ended - lastEnd < restartWindowMilliseconds) {
      engine = Promise.reject(new KithError('refused', 'The library is closed.'));
      engine.catch(() => undefined);
      lose(`The engine is gone again: ${reason}. Kith stops; nothing that was saved is lost.`);
      return;
    }
    lastEnd = ended;
    options.say(`The engine is gone: ${reason}. Starting it again.`);
    engine = start();
    engine.catch((error: unknown) => lose(`The engine did not start again: ${sentence(error)}`));
  };

  const start = async (): Promise<E> => {
    const started = await options.fork();
    running = started;
    started.onExit(onExit);
    return started;
  };

  let engine = start();
  await engine;

  return {
    call: async (channel, args) => (await engine).host.call(channel, args),
    running() {
      if (!running) throw new KithError('refused', 'The library is not open.');
      return running;
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

import { fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProviderName } from '../protocol.ts';
import type { TrialResult } from './judge.ts';
import type { Measurement } from './measure.ts';

export interface TrialTask {
  readonly encoderPath: string;
  readonly provider: ProviderName;
}

/** What the trial's process answers. */
export type TrialAnswer =
  | { readonly ok: true; readonly measurement: Measurement }
  | { readonly ok: false; readonly message: string };

const ENTRY = fileURLToPath(new URL(`./trial-process${extname(import.meta.url)}`, import.meta.url));

/**
 * Tries a provider out in a process of its own: a driver may crash or hang, and what it allocates
 * is gone afterwards.
 *
 * @param timeLimit milliseconds, after which the process is ended.
 * @param entry module that the process runs; the real one unless a test says otherwise.
 */
export function tryProvider(
  task: TrialTask,
  timeLimit: number,
  entry: string = ENTRY,
): Promise<TrialResult> {
  return new Promise((resolve) => {
    const child = fork(entry, {
      // Drivers and the runtime write to standard error as they like.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
    });
    let result: TrialResult | undefined;
    const timer = setTimeout(() => {
      result ??= { kind: 'too-slow', milliseconds: timeLimit };
      child.kill('SIGKILL');
    }, timeLimit);
    child.once('message', (message) => {
      const answer = message as TrialAnswer;
      result ??= answer.ok
        ? { kind: 'measured', measurement: answer.measurement }
        : { kind: 'failed', message: answer.message };
      // Drivers are known to hang when they are unloaded, too.
      child.kill('SIGKILL');
    });
    const finish = (how: string) => {
      clearTimeout(timer);
      resolve(result ?? { kind: 'crashed', how });
    };
    child.once('error', (error) => finish(error.message));
    child.once('exit', (code, signal) => finish(signal ?? `exit code ${code ?? 'unknown'}`));
    child.send(task, () => undefined);
  });
}

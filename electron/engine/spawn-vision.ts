import { fork } from 'node:child_process';
import type { FromVision } from '../vision/port.ts';
import { entryPath } from './entry.ts';
import type { VisionChild } from './vision-worker.ts';

/**
 * Starts a vision process as a child process of this one.
 *
 * @param entry Path of the module it runs; the real one unless a test says otherwise.
 * @param onWords Called with what the process writes to its standard error.
 */
export function spawnVision(
  onWords: (text: string) => void,
  entry: string = entryPath(import.meta.url, '../vision/process'),
): VisionChild {
  const child = fork(entry, {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
    // The GNU C library keeps memory apart for each thread and seldom gives it back: with one pool
    // large photos need half as much. Other systems do not know the variable.
    env: { MALLOC_ARENA_MAX: '1', ...process.env },
  });
  let tail = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-4096);
    onWords(text);
  });
  // A message to a process that has just died; its exit is reported anyway.
  const ignoreSendError = () => undefined;
  return {
    pid: child.pid,
    send: (message) => {
      if (child.connected) child.send(message, ignoreSendError);
    },
    onMessage: (listener) => {
      child.on('message', (message) => listener(message as FromVision));
    },
    onExit: (listener) => {
      // 'close' follows 'exit' when standard error has been read to its end.
      child.once('close', (code, signal) => listener(describeExit(code, signal, tail)));
      child.once('error', (error) => listener(error.message));
    },
    end: () => {
      if (child.connected) child.disconnect();
      setTimeout(() => child.kill('SIGKILL'), millisecondsToEnd).unref();
    },
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}

/** An idle process ends at once; one that does not has lost its way. */
const millisecondsToEnd = 2_000;

function describeExit(code: number | null, signal: NodeJS.Signals | null, words: string): string {
  const how = signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`;
  const errorLine = /^\s*(?:\w*Error\b.*|FATAL.*)$/m.exec(words)?.[0].trim();
  return errorLine === undefined ? how : `${how}: ${errorLine}`;
}

import { join } from 'node:path';
import { applicationFolders } from '../engine/folders.ts';
import { forkEngine, type RunningEngine } from '../engine/fork.ts';
import type { EngineConfiguration } from '../engine/line.ts';

export interface SharedOptions {
  readonly library: string;
  readonly json: boolean;
  readonly provider?: NonNullable<EngineConfiguration['overrides']['provider']>;
  readonly processes?: number;
}

/** The work could not be done; the message is for the user. */
export class WorkFailure extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

const folders = applicationFolders(import.meta.url);
export const installedVersion = folders.version;

/** Opens the library, does the work, and closes it, however the work ends. */
export async function withEngine<T>(
  options: SharedOptions,
  work: (engine: RunningEngine) => Promise<T>,
): Promise<T> {
  const { provider, processes } = options;
  const engine = await forkEngine({
    libraryFolder: options.library,
    modelsFolder: folders.models,
    samplesFolder: folders.samples,
    version: folders.version,
    logFile: join(options.library, 'kith.log'),
    overrides: {
      ...(provider === undefined ? {} : { provider }),
      ...(processes === undefined ? {} : { processes }),
    },
  });
  let interrupted = false;
  const interrupt = () => {
    if (interrupted) process.exit(130);
    interrupted = true;
    void engine.close();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    return await work(engine);
  } catch (error) {
    if (interrupted) throw new WorkFailure('Interrupted. What was done is kept.', 130);
    throw error;
  } finally {
    await engine.close();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

export function printLine(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  printLine(JSON.stringify(value));
}

/** "1 face", "1,204 faces". */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? singular : plural}`;
}

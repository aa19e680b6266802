import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { providerTuning } from '../../core/tuning.ts';
import type { ProviderName } from '../protocol.ts';
import type { TrialResult } from './judge.ts';

const FILE = 'providers.json';

const result = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('measured'),
    measurement: z.object({
      cosineToCpu: z.number(),
      millisecondsPerFace: z.number(),
      cpuMillisecondsPerFace: z.number(),
    }),
  }),
  z.object({ kind: z.literal('failed'), message: z.string() }),
  z.object({ kind: z.literal('crashed'), how: z.string() }),
  z.object({ kind: z.literal('too-slow'), milliseconds: z.number() }),
]);

const memory = z.object({
  /** Runtime, machine and model that the results hold for. */
  key: z.string(),
  results: z.record(z.string(), z.object({ triedAt: z.number(), result })),
});

/** Results of trials, kept in a file for one runtime, machine and model. */
export class TrialMemory {
  readonly #folder: string | null;
  readonly #key: string;

  /** @param folder null keeps nothing. */
  constructor(folder: string | null, key: string) {
    this.#folder = folder;
    this.#key = key;
  }

  /** @param now milliseconds since 1970; a trial that failed is forgotten after a day. */
  async recall(provider: ProviderName, now: number): Promise<TrialResult | undefined> {
    const entry = (await this.#read())[provider];
    if (entry === undefined) return undefined;
    const fresh =
      entry.result.kind === 'measured' ||
      Math.abs(now - entry.triedAt) < providerTuning.millisecondsToRetry;
    return fresh ? entry.result : undefined;
  }

  /** A file that cannot be written costs another trial next time, and nothing else. */
  async keep(provider: ProviderName, trialResult: TrialResult, now: number): Promise<void> {
    if (this.#folder === null) return;
    const results = { ...(await this.#read()), [provider]: { triedAt: now, result: trialResult } };
    const temporary = join(this.#folder, `.${FILE}.${randomUUID()}`);
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeFile(temporary, JSON.stringify({ key: this.#key, results }, null, 2));
      await rename(temporary, join(this.#folder, FILE));
    } catch {
      await rm(temporary, { force: true });
    }
  }

  async #read(): Promise<z.infer<typeof memory>['results']> {
    if (this.#folder === null) return {};
    try {
      const parsed = memory.parse(JSON.parse(await readFile(join(this.#folder, FILE), 'utf8')));
      return parsed.key === this.#key ? parsed.results : {};
    } catch {
      // Missing or damaged: as if nothing had been tried.
      return {};
    }
  }
}

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { providerTuning } from '../../core/tuning.ts';
import type { ProviderName, ProviderOutcome, VisionConfiguration } from '../protocol.ts';
import { hasProvider, runtimeVersion } from '../runtime.ts';
import { exclusively } from './lock.ts';
import { judge, type TrialResult } from './judge.ts';
import { machineFingerprint } from './machine.ts';
import { TrialMemory } from './memory.ts';
import { candidateProviders, providerTitles } from './order.ts';
import { tryProvider, type TrialTask } from './trial.ts';

export type ProviderWishes = Pick<
  VisionConfiguration,
  'modelsFolder' | 'provider' | 'acceptSlowProvider' | 'cacheFolder'
>;

/** The outside world, replaceable in tests. */
export interface ProviderWorld {
  readonly platform: NodeJS.Platform;
  readonly has: (provider: ProviderName) => boolean;
  readonly attempt: (task: TrialTask, timeLimit: number) => Promise<TrialResult>;
  readonly fingerprint: () => Promise<string>;
  readonly now: () => number;
}

const realWorld: ProviderWorld = {
  platform: process.platform,
  has: hasProvider,
  attempt: tryProvider,
  fingerprint: machineFingerprint,
  now: Date.now,
};

export interface ProviderChoice {
  readonly chosen: ProviderName;
  /** One for each provider looked at, the CPU last. */
  readonly outcomes: readonly ProviderOutcome[];
}

/**
 * The first provider, in the platform's order, that loads, computes what the CPU computes and is
 * faster than all of the CPU's cores. Each is tried out in its own process; results are remembered
 * in the cache folder for the runtime's version, the machine's drivers and the model.
 *
 * @param log gets one line for each provider.
 * @throws Error when the encoder is not there.
 */
export async function chooseProvider(
  wishes: ProviderWishes,
  log: (line: string) => void,
  world: ProviderWorld = realWorld,
): Promise<ProviderChoice> {
  const candidates = candidateProviders(wishes.provider, world.platform);
  const encoderPath = join(wishes.modelsFolder, 'converted', 'encoder.onnx');
  const outcomes: ProviderOutcome[] = [];
  if (candidates.length > 1) {
    const model = createHash('sha256')
      .update(await readFile(encoderPath))
      .digest('hex');
    const key = `${runtimeVersion} ${await world.fingerprint()} ${model}`;
    const memory = new TrialMemory(wishes.cacheFolder, key);
    for (const provider of candidates) {
      if (provider === 'cpu') break;
      const result = await resultOf({ provider, encoderPath }, wishes, memory, world);
      const outcome = judge(provider, result, wishes.acceptSlowProvider);
      outcomes.push(outcome);
      log(outcome.reason);
      if (outcome.status === 'used') break;
    }
  }
  const used = outcomes.find(({ status }) => status === 'used');
  return { chosen: used?.provider ?? 'cpu', outcomes: [...outcomes, cpuOutcome(outcomes)] };
}

async function resultOf(
  task: TrialTask,
  wishes: ProviderWishes,
  memory: TrialMemory,
  world: ProviderWorld,
): Promise<TrialResult> {
  const { provider } = task;
  if (!world.has(provider)) {
    const message = `this version is built without ${providerTitles[provider]} for this system`;
    return { kind: 'failed', message };
  }
  const recalled = async () => {
    const known = await memory.recall(provider, world.now());
    // Whoever accepts a slow provider gives it more time than it had.
    return known?.kind === 'too-slow' && wishes.acceptSlowProvider ? undefined : known;
  };
  const attempt = async () => (await recalled()) ?? tryNow(task, wishes, memory, world);
  const { cacheFolder } = wishes;
  const known = await recalled();
  if (known !== undefined) return known;
  if (cacheFolder === null) return attempt();
  const lockPath = join(cacheFolder, 'providers.lock');
  return exclusively(lockPath, providerTuning.millisecondsPerSlowTrial, attempt);
}

async function tryNow(
  task: TrialTask,
  wishes: ProviderWishes,
  memory: TrialMemory,
  world: ProviderWorld,
): Promise<TrialResult> {
  const limit = wishes.acceptSlowProvider
    ? providerTuning.millisecondsPerSlowTrial
    : providerTuning.millisecondsPerTrial;
  const result = await world.attempt(task, limit);
  await memory.keep(task.provider, result, world.now());
  return result;
}

function cpuOutcome(others: readonly ProviderOutcome[]): ProviderOutcome {
  const used = others.find(({ status }) => status === 'used');
  const measured = others.find(({ cpuMillisecondsPerFace }) => cpuMillisecondsPerFace !== null);
  const milliseconds = measured?.cpuMillisecondsPerFace ?? null;
  return {
    provider: 'cpu',
    status: used === undefined ? 'used' : 'available',
    reason:
      used === undefined
        ? 'The CPU does the work: it works everywhere.'
        : `${providerTitles[used.provider]} does the work.`,
    cosineToCpu: 1,
    millisecondsPerFace: milliseconds,
    cpuMillisecondsPerFace: milliseconds,
  };
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applicationFolders } from '../../electron/engine/folders.ts';
import { forkEngine } from '../../electron/engine/fork.ts';
import { machineBusySeconds, sampleTree } from './process-tree.ts';

export interface MemorySample {
  readonly residentBytes: number;
  /** Photos looked at when it was taken. */
  readonly photosDone: number;
}

export interface KithScan {
  readonly photos: number;
  readonly failed: number;
  readonly faces: number;
  /** From the wish to scan until people are grouped; starting the vision processes is in it. */
  readonly seconds: number;
  /** Of these, after the last photo: the final grouping. */
  readonly groupingSeconds: number;
  /** Engine and vision processes together, or null where this cannot be told. */
  readonly cpuSeconds: number | null;
  /** Processor time of the whole machine meanwhile. */
  readonly machineSeconds: number;
  readonly memory: MemorySummary | null;
}

export interface MemorySummary {
  readonly peakBytes: number;
  /** Medians while the second and the last quarter of the photos were looked at. */
  readonly secondQuarterBytes: number;
  readonly lastQuarterBytes: number;
}

/** How often memory is looked at, milliseconds. */
const samplingInterval = 200;

/** Scans a folder into a new library with the product's own engine, on the CPU. */
export async function scanWithKith(folder: string, processes: number): Promise<KithScan> {
  const work = await mkdtemp(join(tmpdir(), 'kith-bench-'));
  const { models, version } = applicationFolders(import.meta.url);
  const engine = await forkEngine({
    libraryFolder: join(work, 'library'),
    modelsFolder: models,
    samplesFolder: null,
    version,
    logFile: join(work, 'kith.log'),
    overrides: { provider: 'cpu', processes },
  });
  const { host, processId } = engine;
  const samples: MemorySample[] = [];
  const cpuSeconds = new Map<number, number>();
  let photosDone = 0;
  let lastPhotoAt = 0;
  const problems: string[] = [];
  host.on('scan.progress', ({ done }) => {
    if (done > photosDone) lastPhotoAt = performance.now();
    photosDone = done;
  });
  host.on('notice', ({ level, message }) => void (level === 'error' && problems.push(message)));
  const sample = async () => {
    if (processId === undefined || process.platform === 'win32') return;
    const tree = await sampleTree(processId);
    samples.push({ residentBytes: tree.residentBytes, photosDone });
    for (const [id, seconds] of tree.cpuSeconds) cpuSeconds.set(id, seconds);
  };
  const total = () => cpuSeconds.values().reduce((sum, seconds) => sum + seconds, 0);
  try {
    await sample();
    const cpuBefore = total();
    const busyBefore = machineBusySeconds();
    const start = performance.now();
    const sampling = new AbortController();
    const sampled = sampleUntil(sampling.signal, sample);
    const { folderId } = await host.call('host.addFolder', { path: folder });
    await host.call('scan.start', { folderIds: [folderId] });
    const { found, failed, faces } = await host.call('host.idle', {});
    const end = performance.now();
    const machineSeconds = machineBusySeconds() - busyBefore;
    sampling.abort();
    await sampled;
    await sample();
    if (problems.length > 0) throw new Error(problems.join('; '));
    return {
      photos: found,
      failed,
      faces,
      seconds: (end - start) / 1000,
      groupingSeconds: (end - lastPhotoAt) / 1000,
      cpuSeconds: samples.length > 0 ? total() - cpuBefore : null,
      machineSeconds,
      memory: samples.length > 0 ? summarizeMemory(samples, found) : null,
    };
  } finally {
    await engine.close();
    await rm(work, { recursive: true, force: true });
  }
}

async function sampleUntil(signal: AbortSignal, sample: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await sample();
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, samplingInterval);
      signal.addEventListener('abort', done);
    });
  }
}

export function summarizeMemory(samples: readonly MemorySample[], photos: number): MemorySummary {
  const medianBetween = (from: number, to: number) =>
    median(
      samples
        .filter(({ photosDone }) => photosDone >= from * photos && photosDone < to * photos)
        .map(({ residentBytes }) => residentBytes),
    );
  return {
    peakBytes: samples.reduce((peak, { residentBytes }) => Math.max(peak, residentBytes), 0),
    secondQuarterBytes: medianBetween(0.25, 0.5),
    lastQuarterBytes: medianBetween(0.75, 1),
  };
}

/** NaN of nothing. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle]!;
  return (sorted[middle - 1]! + sorted[middle]!) / 2;
}

import { availableParallelism } from 'node:os';
import { providerTuning } from '../../core/tuning.ts';
import type { ProviderName } from '../protocol.ts';
import type { SessionFactory, TensorValue, VisionSession } from '../runtime.ts';

/** How a provider did on the reference batch, beside the CPU. */
export interface Measurement {
  /** Smallest cosine similarity of a face's two embeddings, −1 to 1. */
  readonly cosineToCpu: number;
  readonly millisecondsPerFace: number;
  /** The CPU with all its cores, since the provider would stand in for all of them. */
  readonly cpuMillisecondsPerFace: number;
}

const SIDE = 112;
const WANTED = ['embedding'];

/**
 * Runs the encoder on the provider and on the CPU over the same pictures. A provider that takes
 * hopelessly long over one picture (software drivers do) is compared on that one alone.
 *
 * @param encoderPath encoder.onnx.
 * @throws what the runtime throws when the provider does not load or does not run.
 */
export async function measureProvider(
  createSession: SessionFactory,
  encoderPath: string,
  provider: ProviderName,
): Promise<Measurement> {
  const threads = availableParallelism();
  const cpu = await createSession(encoderPath, { provider: 'cpu', threads });
  const session = await createSession(encoderPath, { provider });
  const one = referenceBatch(1);
  // The first run loads and compiles.
  await session.run({ input: one }, WANTED);
  const single = await compare(session, cpu, one);
  const hopeless =
    single.millisecondsPerFace > providerTuning.hopelessRatio * single.cpuMillisecondsPerFace;
  const measurement = hopeless
    ? single
    : await compare(session, cpu, referenceBatch(providerTuning.batchSize));
  await session.release();
  await cpu.release();
  return measurement;
}

async function compare(
  session: VisionSession,
  cpu: VisionSession,
  input: TensorValue,
): Promise<Measurement> {
  const expected = await timedRuns(cpu, input);
  const found = await timedRuns(session, input);
  const [faces = 1] = input.dims;
  return {
    cosineToCpu: smallestCosine(found.embedding, expected.embedding),
    millisecondsPerFace: found.milliseconds / faces,
    cpuMillisecondsPerFace: expected.milliseconds / faces,
  };
}

/** The same pictures on every machine: soft shapes and noise, values −1 to 1. */
export function referenceBatch(count: number): TensorValue {
  const data = new Float32Array(count * 3 * SIDE * SIDE);
  let state = 0x9e3779b9;
  for (let i = 0; i < data.length; i += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const noise = (state >>> 0) / 2 ** 31 - 1;
    const x = i % SIDE;
    const y = Math.floor(i / SIDE) % SIDE;
    const plane = Math.floor(i / (SIDE * SIDE));
    data[i] = 0.3 * noise + 0.6 * Math.sin(x / (5 + plane)) * Math.cos(y / (7 + plane));
  }
  return { data, dims: [count, 3, SIDE, SIDE] };
}

/** The result, and the time of the fastest of some runs. */
async function timedRuns(
  session: VisionSession,
  input: TensorValue,
): Promise<{ embedding: TensorValue; milliseconds: number }> {
  let embedding: TensorValue | undefined;
  let milliseconds = Infinity;
  const start = performance.now();
  for (let run = 0; run < providerTuning.maxTimedRuns; run += 1) {
    const before = performance.now();
    ({ embedding } = await session.run({ input }, WANTED));
    const after = performance.now();
    milliseconds = Math.min(milliseconds, after - before);
    if (after - start >= providerTuning.millisecondsToTime) break;
  }
  if (embedding === undefined) throw new Error('The encoder has no output embedding.');
  return { embedding, milliseconds };
}

/** Smallest cosine similarity of two lists' rows; −1 where they are not comparable numbers. */
export function smallestCosine(a: TensorValue, b: TensorValue): number {
  const length = b.dims[1] ?? 0;
  if (a.data.length !== b.data.length || length === 0) return -1;
  let smallest = 1;
  for (let from = 0; from < b.data.length; from += length) {
    let product = 0;
    let squareA = 0;
    let squareB = 0;
    for (let i = from; i < from + length; i += 1) {
      const x = a.data[i] ?? NaN;
      const y = b.data[i] ?? NaN;
      product += x * y;
      squareA += x * x;
      squareB += y * y;
    }
    const cosine = product / Math.sqrt(squareA * squareB);
    // NaN is no agreement either.
    if (!(cosine >= smallest)) smallest = Number.isNaN(cosine) ? -1 : cosine;
  }
  return smallest;
}

import { env, InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import type { ProviderName } from './protocol.ts';

/** Float32 numbers in row-major order; `dims` multiply to `data.length`. */
export interface TensorValue {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

export interface SessionOptions {
  readonly provider: ProviderName;
  /**
   * Threads that one run is spread over, 1 if not said: as many vision processes run as there are
   * cores, and two of one thread each do more than one of two.
   */
  readonly threads?: number;
}

/** One loaded model. `run` blocks the calling thread: a vision process has nothing else to do. */
export interface VisionSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /**
   * @param wanted names of the outputs to compute; all if not said.
   * @throws Error when a feed is missing or has a shape that the model does not take.
   */
  run(
    feeds: Readonly<Record<string, TensorValue>>,
    wanted?: readonly string[],
  ): Promise<Record<string, TensorValue>>;
  /** Frees the model's memory; the session must not be used afterwards. */
  release(): Promise<void>;
}

export type SessionFactory = (
  model: string | Uint8Array,
  options: SessionOptions,
) => Promise<VisionSession>;

/** Version of ONNX Runtime: a provider's outcome holds for one version. */
export const runtimeVersion = env.versions.node ?? env.versions.common;

/**
 * Loads an ONNX model from a file or its bytes.
 *
 * @throws Error when the model cannot be read, or the provider is not to be had on this machine.
 */
export const createSession: SessionFactory = async (model, { provider, threads = 1 }) => {
  if (!hasProvider(provider)) {
    // Left to itself, ONNX Runtime would say nothing and take the CPU.
    throw new Error(`ONNX Runtime for ${process.platform} ${process.arch} has no ${provider}.`);
  }
  const options: InferenceSession.SessionOptions = {
    // What the provider cannot do, the CPU does.
    executionProviders: [...new Set([BACKENDS[provider], 'cpu'])],
    executionMode: 'sequential',
    // Photos come in all shapes, and for each ONNX Runtime would keep memory ready: two processes
    // peak at 1.07 GB on 12-megapixel photos instead of 2.28, for 8 % more time of the processor.
    // DirectML refuses memory patterns anyway.
    enableMemPattern: false,
    enableCpuMemArena: false,
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // Warnings go to stderr past any log; errors are thrown as well.
    logSeverityLevel: 4,
    // Idle threads that spin take the cores from the other processes.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
  const session = await (typeof model === 'string'
    ? InferenceSession.create(model, options)
    : InferenceSession.create(model, options));
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    run: async (feeds, wanted) => {
      const tensors = Object.fromEntries(
        Object.entries(feeds).map(([name, { data, dims }]) => [
          name,
          new Tensor('float32', data, dims),
        ]),
      );
      const results = await (wanted === undefined
        ? session.run(tensors)
        : session.run(tensors, [...wanted]));
      return Object.fromEntries(
        Object.entries(results).map(([name, tensor]) => [name, floats(name, tensor)]),
      );
    },
    release: () => session.release(),
  };
};

/** What ONNX Runtime calls them. */
const BACKENDS: Readonly<Record<ProviderName, string>> = {
  cuda: 'cuda',
  directml: 'dml',
  coreml: 'coreml',
  webgpu: 'webgpu',
  cpu: 'cpu',
};

/** Whether this platform's build of ONNX Runtime has the provider; it may still not load. */
export function hasProvider(provider: ProviderName): boolean {
  return listSupportedBackends().some(({ name }) => name === BACKENDS[provider]);
}

function floats(name: string, tensor: Tensor): TensorValue {
  if (!(tensor.data instanceof Float32Array)) {
    throw new TypeError(`Output ${name} is ${tensor.type}, not float32.`);
  }
  return { data: tensor.data, dims: tensor.dims };
}

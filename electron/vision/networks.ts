import { join } from 'node:path';
import type { ProviderName } from './protocol.ts';
import { createSession, type VisionSession } from './runtime.ts';

/** What the pipeline asks of each model, free of the runtime's tensors. All inputs are planar RGB. */
export interface Networks {
  /** One picture of `width` × `height`: anchors × 2 probabilities, anchors × 4 regressions. */
  propose(input: Float32Array, width: number, height: number): Promise<RawDetections>;
  /** One picture of `width` × `height`: cells × 2 and cells × 4, row by row. */
  scan(input: Float32Array, width: number, height: number): Promise<RawDetections>;
  /** `count` crops of 24 × 24. */
  refine(input: Float32Array, count: number): Promise<RawJudgements>;
  /** `count` crops of 48 × 48; landmarks are count × 10: five x, then five y. */
  verify(input: Float32Array, count: number): Promise<RawVerifications>;
  /** `count` aligned 112 × 112 faces: count × 512 features. */
  encode(input: Float32Array, count: number): Promise<Float32Array>;
}

export interface RawDetections {
  readonly probabilities: Float32Array;
  readonly regressions: Float32Array;
}

/** Two logits for each crop, no face and face: probabilities saturate and tell less. */
export interface RawJudgements {
  readonly logits: Float32Array;
  readonly regressions: Float32Array;
}

export interface RawVerifications extends RawJudgements {
  readonly landmarks: Float32Array;
}

export interface NetworkOptions {
  /** Folder that holds converted/. */
  readonly modelsFolder: string;
  readonly provider: ProviderName;
  /** Threads of one model, 1 when absent: the product runs a process for each core instead. */
  readonly threads?: number;
}

const DETECTIONS = ['probabilities', 'regressions'];
const JUDGEMENTS = ['logits', 'regressions'];
const VERIFICATIONS = ['logits', 'regressions', 'landmarks'];
const FEATURES = ['features'];

/** Loads the five models. @throws what the runtime throws when one cannot be loaded. */
export async function createNetworks({
  modelsFolder,
  ...sessionOptions
}: NetworkOptions): Promise<Networks> {
  const load = (name: string) =>
    createSession(join(modelsFolder, 'converted', `${name}.onnx`), sessionOptions);
  const [rfb, pnet, rnet, onet, encoder] = await Promise.all([
    load('rfb'),
    load('pnet'),
    load('rnet'),
    load('onet'),
    load('encoder'),
  ]);
  const detect = async (
    session: VisionSession,
    data: Float32Array,
    dims: readonly number[],
  ): Promise<RawDetections> => {
    const output = await session.run({ input: { data, dims } }, DETECTIONS);
    return {
      probabilities: numbersOf(output, 'probabilities'),
      regressions: numbersOf(output, 'regressions'),
    };
  };
  return {
    propose: (input, width, height) => detect(rfb, input, [1, 3, height, width]),
    scan: (input, width, height) => detect(pnet, input, [1, 3, height, width]),
    async refine(data, count) {
      const output = await rnet.run({ input: { data, dims: [count, 3, 24, 24] } }, JUDGEMENTS);
      return { logits: numbersOf(output, 'logits'), regressions: numbersOf(output, 'regressions') };
    },
    async verify(data, count) {
      const output = await onet.run({ input: { data, dims: [count, 3, 48, 48] } }, VERIFICATIONS);
      return {
        logits: numbersOf(output, 'logits'),
        regressions: numbersOf(output, 'regressions'),
        landmarks: numbersOf(output, 'landmarks'),
      };
    },
    async encode(data, count) {
      const output = await encoder.run({ input: { data, dims: [count, 3, 112, 112] } }, FEATURES);
      return numbersOf(output, 'features');
    },
  };
}

function numbersOf(
  output: Readonly<Record<string, { readonly data: Float32Array }>>,
  name: string,
): Float32Array {
  const values = output[name]?.data;
  if (values === undefined) throw new Error(`The model has no output ${name}`);
  return values;
}

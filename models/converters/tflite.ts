import { ByteBuffer } from 'flatbuffers';

/**
 * Reads what Kith needs of a TensorFlow Lite file: one graph of float32 tensors. Field numbers are
 * those of TensorFlow's `tensorflow/lite/schema/schema.fbs`.
 */
export interface TfliteGraph {
  readonly tensors: readonly TfliteTensor[];
  readonly operators: readonly TfliteOperator[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

export interface TfliteTensor {
  readonly name: string;
  /** Channels last: N, H, W, C for pictures; out, H, W, in for convolution weights. */
  readonly shape: readonly number[];
  /** The constant's values; null for what is computed. Integer constants are in `integers`. */
  readonly values: Float32Array | null;
  readonly integers: Int32Array | null;
}

interface Wiring {
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

export type Padding = 'same' | 'valid';
export type FusedActivation = 'none' | 'relu' | 'relu6';

interface Window {
  readonly padding: Padding;
  readonly strideWidth: number;
  readonly strideHeight: number;
  readonly activation: FusedActivation;
}

export type TfliteOperator =
  | (Wiring & Window & { readonly kind: 'convolution' })
  | (Wiring & Window & { readonly kind: 'depthwise-convolution' })
  | (Wiring & Window & { readonly kind: 'max-pool'; readonly size: Size })
  | (Wiring & {
      readonly kind: 'add' | 'subtract' | 'multiply' | 'fully-connected';
      readonly activation: FusedActivation;
    })
  | (Wiring & { readonly kind: 'relu' | 'absolute' | 'negate' | 'l2-normalize' })
  | (Wiring & {
      readonly kind:
        | 'softmax'
        | 'reshape'
        | 'squeeze'
        | 'transpose'
        | 'exponential'
        | 'reduce-sum'
        | 'reduce-max'
        | 'divide';
    });

export interface Size {
  readonly width: number;
  readonly height: number;
}

const FLOAT32 = 0;
const INT32 = 2;

/** Builtin operator numbers of the schema. */
const OPERATORS: Readonly<Record<number, TfliteOperator['kind']>> = {
  0: 'add',
  3: 'convolution',
  4: 'depthwise-convolution',
  9: 'fully-connected',
  11: 'l2-normalize',
  17: 'max-pool',
  18: 'multiply',
  19: 'relu',
  22: 'reshape',
  25: 'softmax',
  39: 'transpose',
  41: 'subtract',
  43: 'squeeze',
  59: 'negate',
  42: 'divide',
  47: 'exponential',
  74: 'reduce-sum',
  82: 'reduce-max',
  101: 'absolute',
};

const ACTIVATIONS: Readonly<Record<number, FusedActivation>> = { 0: 'none', 1: 'relu', 3: 'relu6' };

/**
 * @throws Error when the bytes are no TensorFlow Lite file, or hold something that none of Kith's
 * models has: several graphs, an unknown operator, a quantized tensor.
 */
export function readTflite(bytes: Uint8Array): TfliteGraph {
  const buffer = new ByteBuffer(bytes);
  if (bytes.length < 8 || !buffer.__has_identifier('TFL3')) {
    throw new Error('Not a TensorFlow Lite file: the mark TFL3 is missing.');
  }
  const model = new Table(buffer, buffer.readInt32(0));
  const codes = model.tables(1).map((code) => Math.max(code.int8(0), code.int32(3)));
  const graphs = model.tables(2);
  const graph = graphs[0];
  if (graph === undefined || graphs.length !== 1) throw new Error('One graph was expected.');
  const buffers = model.tables(4).map((entry) => entry.bytes(0));
  return {
    tensors: graph.tables(0).map((tensor) => readTensor(tensor, buffers)),
    inputs: graph.integers(1),
    outputs: graph.integers(2),
    operators: graph.tables(3).map((operator) => {
      const code = codes[operator.int32(0)] ?? -1;
      const kind = OPERATORS[code];
      if (kind === undefined) throw new Error(`Operator ${code} is not known to this converter.`);
      return readOperator(kind, operator);
    }),
  };
}

function readTensor(tensor: Table, buffers: readonly Uint8Array[]): TfliteTensor {
  const type = tensor.int8(1);
  const bytes = buffers[tensor.int32(2)] ?? new Uint8Array();
  const name = tensor.text(3);
  const constant = bytes.length > 0;
  if (type !== FLOAT32 && type !== INT32) {
    throw new Error(`Tensor ${name} has type ${type}; only float32 and int32 are known.`);
  }
  return {
    name,
    shape: tensor.integers(0),
    values: constant && type === FLOAT32 ? readFloats(bytes) : null,
    integers: constant && type === INT32 ? Int32Array.from(readWords(bytes, 'getInt32')) : null,
  };
}

function readFloats(bytes: Uint8Array): Float32Array {
  return Float32Array.from(readWords(bytes, 'getFloat32'));
}

function readWords(bytes: Uint8Array, read: 'getInt32' | 'getFloat32'): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 4 }, (_, i) => view[read](i * 4, true));
}

function readOperator(kind: TfliteOperator['kind'], operator: Table): TfliteOperator {
  const wiring = { inputs: operator.integers(1), outputs: operator.integers(2) };
  const options = operator.table(4);
  switch (kind) {
    case 'convolution':
      return { ...wiring, kind, ...readWindow(options, 3) };
    case 'depthwise-convolution':
      return { ...wiring, kind, ...readWindow(options, 4) };
    case 'max-pool':
      return {
        ...wiring,
        kind,
        ...readWindow(options, 5),
        size: { width: options?.int32(3) ?? 0, height: options?.int32(4) ?? 0 },
      };
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'fully-connected':
      return { ...wiring, kind, activation: readActivation(options, 0) };
    default:
      return { ...wiring, kind };
  }
}

function readWindow(options: Table | null, activationField: number): Window {
  return {
    padding: (options?.int8(0) ?? 0) === 0 ? 'same' : 'valid',
    strideWidth: options?.int32(1) ?? 1,
    strideHeight: options?.int32(2) ?? 1,
    activation: readActivation(options, activationField),
  };
}

function readActivation(options: Table | null, field: number): FusedActivation {
  const code = options?.int8(field) ?? 0;
  const activation = ACTIVATIONS[code];
  if (activation === undefined) throw new Error(`Activation ${code} is not known.`);
  return activation;
}

/** A flatbuffer table read by field number: the schema is small enough not to generate code for. */
class Table {
  readonly #buffer: ByteBuffer;
  readonly #position: number;

  constructor(buffer: ByteBuffer, position: number) {
    this.#buffer = buffer;
    this.#position = position;
  }

  /** Absolute position of a field, 0 if the file leaves it at its default. */
  #field(index: number): number {
    const offset = this.#buffer.__offset(this.#position, 4 + 2 * index);
    return offset === 0 ? 0 : this.#position + offset;
  }

  int8(index: number): number {
    const at = this.#field(index);
    return at === 0 ? 0 : this.#buffer.readInt8(at);
  }

  int32(index: number): number {
    const at = this.#field(index);
    return at === 0 ? 0 : this.#buffer.readInt32(at);
  }

  text(index: number): string {
    const at = this.#field(index);
    return at === 0 ? '' : String(this.#buffer.__string(at));
  }

  table(index: number): Table | null {
    const at = this.#field(index);
    return at === 0 ? null : new Table(this.#buffer, this.#buffer.__indirect(at));
  }

  tables(index: number): Table[] {
    return this.#vector(index, 4).map((at) => new Table(this.#buffer, this.#buffer.__indirect(at)));
  }

  integers(index: number): number[] {
    return this.#vector(index, 4).map((at) => this.#buffer.readInt32(at));
  }

  bytes(index: number): Uint8Array {
    const at = this.#field(index);
    if (at === 0) return new Uint8Array();
    const start = this.#buffer.__vector(at);
    return this.#buffer.bytes().subarray(start, start + this.#buffer.__vector_len(at));
  }

  /** Positions of a vector's elements of `size` bytes. */
  #vector(index: number, size: number): number[] {
    const at = this.#field(index);
    if (at === 0) return [];
    const start = this.#buffer.__vector(at);
    const length = this.#buffer.__vector_len(at);
    return Array.from({ length }, (_, i) => start + i * size);
  }
}

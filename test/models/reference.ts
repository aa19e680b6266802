import type { TfliteGraph, TfliteOperator, TfliteTensor } from '../../models/converters/tflite.ts';

/** Channels-last numbers, as TensorFlow Lite has them. */
export interface Grid {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/**
 * Runs a TensorFlow Lite graph as it stands, step by step, in double precision, with plain loops:
 * slow, and nothing in common with the converters but the reader. Shapes follow the input, not the
 * file, so that networks without fixed size run at any.
 */
export function runReference(graph: TfliteGraph, input: Grid): (tensorName: string) => Grid {
  const values = new Map<number, Grid>();
  graph.tensors.forEach((tensor, index) => {
    const constant = tensor.values ?? tensor.integers;
    if (constant !== null) {
      values.set(index, { shape: tensor.shape, data: Float64Array.from(constant) });
    }
  });
  values.set(graph.inputs[0]!, input);
  for (const operator of graph.operators) {
    const inputs = operator.inputs.map((index) => {
      const value = values.get(index);
      if (value === undefined) throw new Error(`Tensor ${index} has no value`);
      return value;
    });
    values.set(operator.outputs[0]!, compute(operator, inputs));
  }
  return (name) => {
    const index = graph.tensors.findIndex((tensor: TfliteTensor) => tensor.name === name);
    const value = values.get(index);
    if (value === undefined) throw new Error(`No tensor ${name}`);
    return value;
  };
}

function compute(operator: TfliteOperator, inputs: readonly Grid[]): Grid {
  const [a, b, c] = inputs as [Grid, Grid, Grid];
  switch (operator.kind) {
    case 'convolution':
      return convolve(a, b, c, operator, false);
    case 'depthwise-convolution':
      return convolve(a, b, c, operator, true);
    case 'max-pool':
      return pool(a, operator);
    case 'fully-connected':
      return multiplyMatrix(a, b, c);
    case 'relu':
      return each(a, (x) => (x > 0 ? x : 0));
    case 'absolute':
      return each(a, Math.abs);
    case 'negate':
      return each(a, (x) => -x);
    case 'exponential':
      return each(a, Math.exp);
    case 'add':
      return both(a, b, (x, y) => x + y);
    case 'subtract':
      return both(a, b, (x, y) => x - y);
    case 'multiply':
      return both(a, b, (x, y) => x * y);
    case 'divide':
      return both(a, b, (x, y) => x / y);
    case 'reduce-max':
      return reduceLast(a, (x, y) => Math.max(x, y));
    case 'reduce-sum':
      return reduceLast(a, (x, y) => x + y);
    case 'reshape':
      return { shape: Array.from(b.data), data: a.data };
    default:
      throw new Error(`The reference does not know ${operator.kind}`);
  }
}

interface Steps {
  readonly padding: 'same' | 'valid';
  readonly strideHeight: number;
  readonly strideWidth: number;
}

/** Output length and how many rows (or columns) of padding come first. */
function along(length: number, window: number, stride: number, padding: Steps['padding']) {
  if (padding === 'valid') return { count: Math.floor((length - window) / stride) + 1, before: 0 };
  const count = Math.ceil(length / stride);
  const total = Math.max(0, (count - 1) * stride + window - length);
  return { count, before: Math.floor(total / 2) };
}

function convolve(x: Grid, weights: Grid, bias: Grid, steps: Steps, depthwise: boolean): Grid {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const [first, rows, columns, last] = weights.shape as [number, number, number, number];
  const outputs = depthwise ? last : first;
  const vertical = along(height, rows, steps.strideHeight, steps.padding);
  const horizontal = along(width, columns, steps.strideWidth, steps.padding);
  const data = new Float64Array(batch * vertical.count * horizontal.count * outputs);
  let to = 0;
  for (let n = 0; n < batch; n += 1) {
    for (let top = 0; top < vertical.count; top += 1) {
      for (let left = 0; left < horizontal.count; left += 1) {
        for (let o = 0; o < outputs; o += 1, to += 1) {
          let sum = bias.data[o]!;
          for (let r = 0; r < rows; r += 1) {
            const y = top * steps.strideHeight - vertical.before + r;
            if (y < 0 || y >= height) continue;
            for (let k = 0; k < columns; k += 1) {
              const z = left * steps.strideWidth - horizontal.before + k;
              if (z < 0 || z >= width) continue;
              const from = ((n * height + y) * width + z) * channels;
              if (depthwise) {
                sum += x.data[from + o]! * weights.data[(r * columns + k) * last + o]!;
              } else {
                const at = ((o * rows + r) * columns + k) * channels;
                for (let i = 0; i < channels; i += 1) {
                  sum += x.data[from + i]! * weights.data[at + i]!;
                }
              }
            }
          }
          data[to] = sum;
        }
      }
    }
  }
  return { shape: [batch, vertical.count, horizontal.count, outputs], data };
}

function pool(x: Grid, steps: Steps & { size: { width: number; height: number } }): Grid {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const vertical = along(height, steps.size.height, steps.strideHeight, steps.padding);
  const horizontal = along(width, steps.size.width, steps.strideWidth, steps.padding);
  const shape = [batch, vertical.count, horizontal.count, channels];
  const data = new Float64Array(shape.reduce((product, size) => product * size)).fill(-Infinity);
  let to = 0;
  for (let n = 0; n < batch; n += 1) {
    for (let top = 0; top < vertical.count; top += 1) {
      for (let left = 0; left < horizontal.count; left += 1) {
        for (let channel = 0; channel < channels; channel += 1, to += 1) {
          for (let r = 0; r < steps.size.height; r += 1) {
            const y = top * steps.strideHeight - vertical.before + r;
            for (let k = 0; k < steps.size.width; k += 1) {
              const z = left * steps.strideWidth - horizontal.before + k;
              if (y < 0 || y >= height || z < 0 || z >= width) continue;
              const value = x.data[((n * height + y) * width + z) * channels + channel]!;
              if (value > data[to]!) data[to] = value;
            }
          }
        }
      }
    }
  }
  return { shape, data };
}

function multiplyMatrix(x: Grid, weights: Grid, bias: Grid): Grid {
  const [outputs, inputs] = weights.shape as [number, number];
  const batch = x.data.length / inputs;
  const data = new Float64Array(batch * outputs);
  for (let n = 0; n < batch; n += 1) {
    for (let o = 0; o < outputs; o += 1) {
      let sum = bias.data[o]!;
      for (let i = 0; i < inputs; i += 1) {
        sum += x.data[n * inputs + i]! * weights.data[o * inputs + i]!;
      }
      data[n * outputs + o] = sum;
    }
  }
  return { shape: [batch, outputs], data };
}

function each(x: Grid, f: (x: number) => number): Grid {
  return { shape: x.shape, data: x.data.map((value) => f(value)) };
}

/** The shorter one is repeated: a constant a channel, or one number a row of the last axis. */
function both(x: Grid, y: Grid, f: (x: number, y: number) => number): Grid {
  const shape = x.data.length >= y.data.length ? x.shape : y.shape;
  const length = Math.max(x.data.length, y.data.length);
  const read = (grid: Grid, i: number) => {
    if (grid.data.length === length) return grid.data[i]!;
    const perRow = grid.shape.length === shape.length && grid.shape.at(-1) === 1;
    return perRow ? grid.data[Math.floor(i / shape.at(-1)!)]! : grid.data[i % grid.data.length]!;
  };
  return { shape, data: Float64Array.from({ length }, (_, i) => f(read(x, i), read(y, i))) };
}

function reduceLast(x: Grid, f: (x: number, y: number) => number): Grid {
  const channels = x.shape.at(-1)!;
  const data = Float64Array.from({ length: x.data.length / channels }, (_, row) =>
    x.data.subarray(row * channels, (row + 1) * channels).reduce(f),
  );
  return { shape: [...x.shape.slice(0, -1), 1], data };
}

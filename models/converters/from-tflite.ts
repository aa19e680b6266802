import {
  floatTensor,
  floatValue,
  newModel,
  newNode,
  type Dimension,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from './onnx.ts';
import * as piecewise from './piecewise.ts';
import { addPrelu, type PreluForm } from './prelu.ts';
import type { TfliteGraph, TfliteOperator, TfliteTensor } from './tflite.ts';

export interface ConversionOptions {
  readonly name: string;
  /**
   * The original takes pictures with rows and columns exchanged. The converted graph takes upright
   * ones: the exchange is moved into the weights.
   */
  readonly transposed: boolean;
  /** Height and width of the input may be chosen on each run. */
  readonly freeSize: boolean;
  readonly outputs: readonly OutputRequest[];
  readonly preluForm: PreluForm;
}

export interface OutputRequest {
  readonly name: string;
  /** Name of the tensor in the TensorFlow Lite file. */
  readonly tensor: string;
  /** 'row': N × channels of a 1 × 1 picture; 'grid': N × height × width × channels. */
  readonly layout: 'row' | 'grid';
  /** Turn logits into probabilities. */
  readonly softmax?: boolean;
}

/** Where the original keeps the weight of an output, input, row and column. */
type KernelReader = (output: number, input: number, row: number, column: number) => number;

interface Kernel {
  readonly values: Float32Array;
  readonly biases: Float32Array | null;
  readonly shape: readonly [outputs: number, inputs: number, rows: number, columns: number];
  readonly at: KernelReader;
  /** Multiplied into the weights of each output. */
  readonly factors?: readonly number[];
  readonly attributes: Readonly<Record<string, readonly number[] | string>>;
  readonly group: number;
}

/**
 * The part of a TensorFlow Lite graph that the outputs need, as ONNX with planar pictures
 * (N × channels × height × width) and free N. Fully connected layers become convolutions over the
 * whole picture, so that everything stays in ONNX Runtime's blocked layout.
 *
 * @throws Error when the graph has something that cannot be converted exactly.
 */
export function convertTflite(graph: TfliteGraph, options: ConversionOptions): OnnxModel {
  return new Conversion(graph, options).run();
}

function findTensor(graph: TfliteGraph, name: string): number {
  const index = graph.tensors.findIndex((tensor) => tensor.name === name);
  if (index < 0) throw new Error(`There is no tensor '${name}'.`);
  return index;
}

class Conversion {
  readonly #graph: TfliteGraph;
  readonly #options: ConversionOptions;
  readonly #nodes: OnnxNode[] = [];
  readonly #constants: OnnxTensor[] = [];
  /** What is known of each tensor: piecewise linear in an ONNX value named after its base. */
  readonly #forms = new Map<number, piecewise.Piecewise>();
  readonly #names = new Map<number, string>();

  constructor(graph: TfliteGraph, options: ConversionOptions) {
    this.#graph = graph;
    this.#options = options;
  }

  run(): OnnxModel {
    const { name, freeSize, outputs } = this.#options;
    const [inputIndex] = this.#graph.inputs;
    if (inputIndex === undefined) throw new Error('The graph has no input.');
    const [, height = 0, width = 0, channels = 0] = this.#tensor(inputIndex).shape;
    const size: Dimension[] = freeSize ? ['height', 'width'] : [height, width];
    this.#define(inputIndex, 'input');
    const wanted = outputs.map((output) => findTensor(this.#graph, output.tensor));
    const needed = operatorsNeeded(this.#graph, wanted);
    for (const operator of this.#graph.operators) {
      if (needed.has(operator)) this.#convert(operator);
    }
    return newModel(name, {
      node: this.#nodes,
      initializer: this.#constants,
      input: [floatValue('input', ['batch', channels, ...size])],
      output: outputs.map((output, i) => this.#addOutput(output, wanted[i] ?? -1)),
    });
  }

  #convert(operator: TfliteOperator): void {
    const [x = -1, y = -1] = operator.inputs;
    const [output = -1] = operator.outputs;
    switch (operator.kind) {
      case 'convolution':
      case 'depthwise-convolution':
        this.#addConvolution(operator, output);
        break;
      case 'fully-connected':
        this.#addFullyConnected(operator.inputs, output);
        break;
      case 'max-pool':
        this.#addMaxPool(operator, output);
        break;
      case 'relu':
        this.#forms.set(output, piecewise.relu(this.#form(x)));
        break;
      case 'absolute':
        this.#forms.set(output, piecewise.absolute(this.#form(x)));
        break;
      case 'negate':
        this.#forms.set(output, piecewise.negate(this.#form(x)));
        break;
      case 'multiply':
        this.#addProduct(x, y, output);
        break;
      case 'add':
      case 'subtract':
        this.#addSum(x, y, operator.kind === 'add' ? 1 : -1, output);
        break;
      case 'reshape':
        // Only the last [N, 1, 1, C] → [N, C]; the wanted layout is made at the output.
        this.#forms.set(output, this.#form(x));
        break;
      default:
        throw new Error(`Converting '${operator.kind}' is not supported.`);
    }
    if ('activation' in operator && operator.activation !== 'none') {
      throw new Error(`A fused ${operator.activation} is not supported.`);
    }
  }

  #addConvolution(
    operator: TfliteOperator & { kind: 'convolution' | 'depthwise-convolution' },
    output: number,
  ): void {
    const [x = -1, weightIndex = -1, biasIndex = -1] = operator.inputs;
    const weights = this.#tensor(weightIndex);
    const depthwise = operator.kind === 'depthwise-convolution';
    const [first = 0, rows = 0, columns = 0, last = 0] = weights.shape;
    if (depthwise && (first !== 1 || last !== this.#channels(x))) {
      throw new Error('A depthwise convolution that multiplies channels is not supported.');
    }
    const [outputs, inputs] = depthwise ? [last, 1] : [first, last];
    const at: KernelReader = depthwise
      ? (o: number, _: number, r: number, c: number) => (r * columns + c) * last + o
      : (o: number, i: number, r: number, c: number) => ((o * rows + r) * columns + c) * last + i;
    const kernel: Kernel = {
      values: constant(weights),
      biases: constant(this.#tensor(biasIndex)),
      shape: [outputs, inputs, rows, columns],
      at,
      attributes: {
        strides: this.#swap([operator.strideHeight, operator.strideWidth]),
        ...this.#pads(operator, x, output, [rows, columns]),
      },
      group: depthwise ? outputs : 1,
    };
    const form = this.#form(x);
    const name = `t${output}`;
    const folds = this.#options.preluForm === 'fused' && !this.#names.has(x);
    if (depthwise && folds && !piecewise.isIdentity(form)) {
      this.#addFoldedPrelu(form, kernel, name);
    } else {
      this.#addKernel(this.#value(x), kernel, name);
    }
    this.#define(output, name);
  }

  /**
   * PReLU, then a depthwise convolution W: W(a · x + (1 − a) · Relu(x)) is the sum of two depthwise
   * convolutions whose weights have taken up the factors. Two passes over the data less.
   */
  #addFoldedPrelu(form: piecewise.Piecewise, kernel: Kernel, name: string): void {
    const slopes = piecewise.preluSlopes(form);
    const x = this.#names.get(form.base) ?? '';
    this.#nodes.push(newNode('Relu', [x], `${name}.above`));
    const above = { ...kernel, biases: null, factors: slopes.map((a) => 1 - a) };
    this.#addKernel(`${name}.above`, above, `${name}.rest`);
    this.#addKernel(x, { ...kernel, factors: slopes }, `${name}.linear`);
    this.#nodes.push(newNode('Add', [`${name}.linear`, `${name}.rest`], name));
  }

  #addFullyConnected(inputs: readonly number[], output: number): void {
    const [x = -1, weightIndex = -1, biasIndex = -1] = inputs;
    const weights = this.#tensor(weightIndex);
    const shape = this.#tensor(x).shape;
    const [outputs = 0, length = 0] = weights.shape;
    const [rows, columns] = shape.length === 4 ? [shape[1] ?? 0, shape[2] ?? 0] : [1, 1];
    const channels = this.#channels(x);
    if (length !== rows * columns * channels) throw new Error('Weights do not fit their input.');
    const name = `t${output}`;
    this.#addKernel(
      this.#value(x),
      {
        values: constant(weights),
        biases: constant(this.#tensor(biasIndex)),
        shape: [outputs, channels, rows, columns],
        at: (o, i, r, c) => o * length + (r * columns + c) * channels + i,
        attributes: { strides: [1, 1] },
        group: 1,
      },
      name,
    );
    this.#define(output, name);
  }

  #addKernel(x: string, kernel: Kernel, name: string): void {
    const [outputs, inputs, rows, columns] = kernel.shape;
    const [height = 0, width = 0] = this.#swap([rows, columns]);
    const weights = new Float32Array(outputs * inputs * height * width);
    let to = 0;
    for (let o = 0; o < outputs; o += 1) {
      const factor = kernel.factors?.[o] ?? 1;
      for (let i = 0; i < inputs; i += 1) {
        for (let y = 0; y < height; y += 1) {
          for (let z = 0; z < width; z += 1, to += 1) {
            const [row = 0, column = 0] = this.#swap([y, z]);
            weights[to] = factor * (kernel.values[kernel.at(o, i, row, column)] ?? NaN);
          }
        }
      }
    }
    const names = [x, `${name}.weights`];
    this.#constants.push(floatTensor(`${name}.weights`, [outputs, inputs, height, width], weights));
    if (kernel.biases !== null) {
      names.push(`${name}.biases`);
      this.#constants.push(floatTensor(`${name}.biases`, [outputs], kernel.biases));
    }
    this.#nodes.push(
      newNode('Conv', names, name, {
        kernel_shape: [height, width],
        ...kernel.attributes,
        group: kernel.group,
      }),
    );
  }

  #addMaxPool(operator: TfliteOperator & { kind: 'max-pool' }, output: number): void {
    const [x = -1] = operator.inputs;
    const window = [operator.size.height, operator.size.width];
    const name = `t${output}`;
    this.#nodes.push(
      newNode('MaxPool', [this.#value(x)], name, {
        kernel_shape: this.#swap(window),
        strides: this.#swap([operator.strideHeight, operator.strideWidth]),
        ...this.#pads(operator, x, output, window),
      }),
    );
    this.#define(output, name);
  }

  /** TensorFlow's 'same' padding puts an odd pixel at the end, as SAME_UPPER does. */
  #pads(
    operator: { padding: string; strideHeight: number; strideWidth: number },
    x: number,
    output: number,
    window: readonly number[],
  ): Record<string, readonly number[] | string> {
    if (operator.padding === 'valid') return {};
    if (this.#options.freeSize) return { auto_pad: 'SAME_UPPER' };
    const from = this.#tensor(x).shape.slice(1, 3);
    const to = this.#tensor(output).shape.slice(1, 3);
    const strides = [operator.strideHeight, operator.strideWidth];
    const totals = [0, 1].map((side) =>
      Math.max(
        0,
        ((to[side] ?? 0) - 1) * (strides[side] ?? 1) + (window[side] ?? 0) - (from[side] ?? 0),
      ),
    );
    const starts = this.#swap(totals.map((total) => total >> 1));
    const ends = this.#swap(totals.map((total) => total - (total >> 1)));
    return { pads: [...starts, ...ends] };
  }

  #addProduct(x: number, y: number, output: number): void {
    const factors = this.#tensor(x).values ?? this.#tensor(y).values;
    const other = this.#tensor(x).values === null ? x : y;
    if (factors?.length !== this.#channels(other)) {
      throw new Error('Only products with one constant a channel are supported.');
    }
    this.#forms.set(output, piecewise.scale(this.#form(other), factors));
  }

  #addSum(x: number, y: number, sign: 1 | -1, output: number): void {
    const [f, g] = [this.#form(x), this.#form(y)];
    if (f.base === g.base) {
      this.#forms.set(output, piecewise.combine(f, g, sign));
      return;
    }
    const name = `t${output}`;
    this.#nodes.push(newNode(sign === 1 ? 'Add' : 'Sub', [this.#value(x), this.#value(y)], name));
    this.#define(output, name);
  }

  #addOutput({ name, layout, softmax }: OutputRequest, tensor: number): OnnxValue {
    const channels = this.#channels(tensor);
    const last = softmax === true ? `${name}.logits` : name;
    this.#nodes.push(
      layout === 'row'
        ? newNode('Flatten', [this.#value(tensor)], last, { axis: 1 })
        : newNode('Transpose', [this.#value(tensor)], last, { perm: [0, 2, 3, 1] }),
    );
    if (softmax === true) this.#nodes.push(newNode('Softmax', [last], name, { axis: -1 }));
    const shape: Dimension[] = layout === 'row' ? [] : ['rows', 'columns'];
    return floatValue(name, ['batch', ...shape, channels]);
  }

  /** Name of the ONNX value that holds a tensor; PReLUs met on the way are written out. */
  #value(tensor: number): string {
    const form = this.#form(tensor);
    const base = this.#names.get(form.base) ?? '';
    if (piecewise.isIdentity(form)) return base;
    const known = this.#names.get(tensor);
    if (known !== undefined) return known;
    const name = addPrelu(
      { nodes: this.#nodes, constants: this.#constants },
      base,
      piecewise.preluSlopes(form),
      this.#options.preluForm,
    );
    this.#names.set(tensor, name);
    return name;
  }

  #form(tensor: number): piecewise.Piecewise {
    const form = this.#forms.get(tensor);
    if (form === undefined) throw new Error(`Tensor ${tensor} is used before it is made.`);
    return form;
  }

  #define(tensor: number, name: string): void {
    this.#names.set(tensor, name);
    this.#forms.set(tensor, piecewise.identity(tensor, this.#channels(tensor)));
  }

  #swap<T>(pair: readonly T[]): T[] {
    return this.#options.transposed ? [...pair].reverse() : [...pair];
  }

  #tensor(index: number): TfliteTensor {
    const tensor = this.#graph.tensors[index];
    if (tensor === undefined) throw new Error(`There is no tensor ${index}.`);
    return tensor;
  }

  #channels(tensor: number): number {
    return this.#tensor(tensor).shape.at(-1) ?? 1;
  }
}

function constant(tensor: TfliteTensor): Float32Array {
  if (tensor.values === null) throw new Error(`Tensor '${tensor.name}' is no constant.`);
  return tensor.values;
}

function operatorsNeeded(graph: TfliteGraph, wanted: readonly number[]): Set<TfliteOperator> {
  const tensors = new Set(wanted);
  const needed = new Set<TfliteOperator>();
  for (const operator of [...graph.operators].reverse()) {
    if (!operator.outputs.some((output) => tensors.has(output))) continue;
    needed.add(operator);
    for (const input of operator.inputs) tensors.add(input);
  }
  return needed;
}

import { floatTensor, newNode, type OnnxNode, type OnnxTensor } from './onnx.ts';

/**
 * Ways to write PReLU, a·x below zero, in ONNX. They differ in speed alone: ONNX Runtime leaves its
 * blocked layout for operators it has no blocked kernel for.
 */
export type PreluForm =
  /** PRelu(x). */
  | 'prelu'
  /** Max(x, 0) + a · Min(x, 0). */
  | 'max-min'
  /** a · x + (1 − a) · Relu(x), as products. */
  | 'products'
  /** a · x + (1 − a) · Relu(x), the products as depthwise 1 × 1 convolutions. */
  | 'depthwise'
  /** a · x + Relu((1 − a) · x): one pass less, since Relu is fused; for a ≤ 1 only. */
  | 'fused';

export interface GraphParts {
  readonly nodes: OnnxNode[];
  readonly constants: OnnxTensor[];
}

/** Adds PReLU of the value `x` with one slope a channel; returns the name of the result. */
export function addPrelu(
  parts: GraphParts,
  x: string,
  slopes: readonly number[],
  form: PreluForm,
): string {
  const { nodes, constants } = parts;
  const name = `${x}.prelu`;
  const complements = slopes.map((a) => 1 - a);
  const perChannel = (suffix: string, values: readonly number[], rank: 3 | 4) => {
    const dims = rank === 3 ? [values.length, 1, 1] : [values.length, 1, 1, 1];
    constants.push(floatTensor(`${name}.${suffix}`, dims, values));
    return `${name}.${suffix}`;
  };
  const depthwise = (input: string, suffix: string, values: readonly number[]) => {
    const weights = perChannel(suffix, values, 4);
    const output = `${name}.${suffix}.x`;
    nodes.push(
      newNode('Conv', [input, weights], output, { kernel_shape: [1, 1], group: values.length }),
    );
    return output;
  };
  const add = (operator: string, inputs: readonly string[], output: string) => {
    nodes.push(newNode(operator, inputs, output));
    return output;
  };

  if (form === 'prelu') return add('PRelu', [x, perChannel('a', slopes, 3)], name);
  if (form === 'max-min') {
    constants.push(floatTensor(`${name}.zero`, [], [0]));
    const above = add('Max', [x, `${name}.zero`], `${name}.above`);
    const below = add('Min', [x, `${name}.zero`], `${name}.below`);
    const product = add('Mul', [below, perChannel('a', slopes, 3)], `${name}.product`);
    return add('Add', [above, product], name);
  }
  if (form === 'products') {
    const linear = add('Mul', [x, perChannel('a', slopes, 3)], `${name}.linear`);
    const above = add('Relu', [x], `${name}.above`);
    const rest = add('Mul', [above, perChannel('b', complements, 3)], `${name}.rest`);
    return add('Add', [linear, rest], name);
  }
  if (form === 'fused' && slopes.every((a) => a <= 1)) {
    const linear = depthwise(x, 'a', slopes);
    const rest = add('Relu', [depthwise(x, 'b', complements)], `${name}.rest`);
    return add('Add', [linear, rest], name);
  }
  const linear = depthwise(x, 'a', slopes);
  const rest = depthwise(add('Relu', [x], `${name}.above`), 'b', complements);
  return add('Add', [linear, rest], name);
}

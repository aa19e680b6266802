import {
  decodeModel,
  floatValue,
  integerTensor,
  newModel,
  newNode,
  type OnnxModel,
  type OnnxNode,
} from './onnx.ts';

/** Tensors of the original: logits, and regressions before the baked-in anchors are applied. */
const LOGITS = '461';
const REGRESSIONS = '462';

/**
 * The RFB-320 detector without its anchors, which fit 320 × 240 alone: class probabilities and raw
 * regressions for any batch, height and width.
 *
 * @throws Error when the graph is not the one that this was written for.
 */
export function convertRfb(source: Uint8Array): OnnxModel {
  const { graph } = decodeModel(source);
  const makers = new Map(graph.node.flatMap((node) => node.output.map((name) => [name, node])));
  const constants = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  const nodes: OnnxNode[] = [];
  const done = new Map<string, string>();

  /** Writes what makes a value; returns its name in the new graph. */
  const write = (name: string, columns: string): string => {
    const known = done.get(name);
    if (known !== undefined) return known;
    const maker = makers.get(name);
    let result = name;
    if (maker?.op_type === 'Reshape') {
      // The batch is copied (0), the number of anchors follows (−1); the original asks Shape for it.
      nodes.push(newNode('Reshape', [write(maker.input[0] ?? '', columns), columns], name));
    } else if (maker?.op_type === 'Mul') {
      if (!isOne(makers.get(maker.input[1] ?? ''))) throw new Error('A scale of 1 was expected.');
      result = write(maker.input[0] ?? '', columns);
    } else if (maker !== undefined) {
      nodes.push({ ...maker, name, input: maker.input.map((input) => write(input, columns)) });
    } else if (name !== 'input' && !constants.has(name)) {
      throw new Error(`The detector's graph has nothing that makes '${name}'.`);
    }
    done.set(name, result);
    return result;
  };

  write(LOGITS, 'two');
  write(REGRESSIONS, 'four');
  nodes.push(newNode('Softmax', [LOGITS], 'probabilities', { axis: -1 }));
  nodes.push(newNode('Identity', [REGRESSIONS], 'regressions'));
  const used = new Set(nodes.flatMap((node) => node.input));
  return newModel('rfb', {
    node: nodes,
    initializer: [
      ...graph.initializer.filter((tensor) => used.has(tensor.name)),
      integerTensor('two', [0, -1, 2]),
      integerTensor('four', [0, -1, 4]),
    ],
    input: [floatValue('input', ['batch', 3, 'height', 'width'])],
    output: [
      floatValue('probabilities', ['batch', 'anchors', 2]),
      floatValue('regressions', ['batch', 'anchors', 4]),
    ],
  });
}

/** A constant that holds the one number 1. */
function isOne(maker: OnnxNode | undefined): boolean {
  const bytes = maker?.attribute.find((attribute) => attribute.name === 'value')?.t?.raw_data;
  if (maker?.op_type !== 'Constant' || bytes?.length !== 4) return false;
  return new DataView(bytes.buffer, bytes.byteOffset).getFloat32(0, true) === 1;
}

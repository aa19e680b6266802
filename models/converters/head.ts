import type { TfliteGraph } from './tflite.ts';

/**
 * The layer that Kith trains: embedding = weights · features + biases.
 * @param layer name of the tensor that a 1 × 1 convolution makes.
 * @returns float32, little-endian: the weights row by row (outputs × inputs), then the biases.
 * @throws Error when there is no such layer.
 */
export function extractHead(
  graph: TfliteGraph,
  layer: string,
): { readonly bytes: Uint8Array; readonly outputs: number; readonly inputs: number } {
  const index = graph.tensors.findIndex((tensor) => tensor.name === layer);
  const operator = graph.operators.find(({ outputs }) => outputs.includes(index));
  const weights = graph.tensors[operator?.inputs[1] ?? -1];
  const biases = graph.tensors[operator?.inputs[2] ?? -1];
  const [outputs = 0, height, width, inputs = 0] = weights?.shape ?? [];
  if (operator?.kind !== 'convolution' || height !== 1 || width !== 1) {
    throw new Error(`'${layer}' is not made by a 1 × 1 convolution.`);
  }
  const values = [...(weights?.values ?? []), ...(biases?.values ?? [])];
  if (values.length !== outputs * (inputs + 1)) throw new Error(`'${layer}' has other weights.`);
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => view.setFloat32(i * 4, value, true));
  return { bytes, outputs, inputs };
}

import { encodeModel } from './onnx.ts';
import { convertTflite, type OutputRequest } from './from-tflite.ts';
import { extractHead } from './head.ts';
import type { PreluForm } from './prelu.ts';
import { convertRfb } from './rfb.ts';
import { readTflite } from './tflite.ts';

/** The form of PReLU that was fastest, see models/README.md. */
const PRELU_FORM: PreluForm = 'fused';

const FEATURES = 'MobileFaceNet/Logits/Conv/BatchNorm/FusedBatchNorm';
const EMBEDDING = 'MobileFaceNet/Logits/LinearConv1x1/BatchNorm/FusedBatchNorm';

/** How each converted file is made of its source's bytes; named by the manifest's `recipe`. */
export const recipes: Readonly<Record<string, (source: Uint8Array) => Uint8Array>> = {
  rfb: (source) => encodeModel(convertRfb(source)),
  pnet: (source) =>
    convertMtcnn('pnet', source, [
      ...scores('pnet/conv4-1/BiasAdd', 'grid'),
      { name: 'regressions', tensor: 'pnet/conv4-2/BiasAdd', layout: 'grid' },
    ]),
  rnet: (source) =>
    convertMtcnn('rnet', source, [
      ...scores('rnet/conv5-1/conv5-1', 'row'),
      { name: 'regressions', tensor: 'rnet/conv5-2/conv5-2', layout: 'row' },
    ]),
  onet: (source) =>
    convertMtcnn('onet', source, [
      ...scores('onet/conv6-1/conv6-1', 'row'),
      { name: 'regressions', tensor: 'onet/conv6-2/conv6-2', layout: 'row' },
      { name: 'landmarks', tensor: 'onet/conv6-3/conv6-3', layout: 'row' },
    ]),
  encoder: (source) => encodeModel(convertEncoder(source, PRELU_FORM)),
  head: (source) => extractHead(readTflite(source), EMBEDDING).bytes,
  'head-description': (source) => {
    const { outputs, inputs } = extractHead(readTflite(source), EMBEDDING);
    const description = { version: 'head-0', outputs, inputs, file: 'head-0.bin' };
    return new TextEncoder().encode(`${JSON.stringify(description, null, 2)}\n`);
  },
};

export function convertEncoder(source: Uint8Array, preluForm: PreluForm) {
  return convertTflite(readTflite(source), {
    name: 'encoder',
    transposed: false,
    freeSize: false,
    preluForm,
    outputs: [
      { name: 'features', tensor: FEATURES, layout: 'row' },
      { name: 'embedding', tensor: EMBEDDING, layout: 'row' },
    ],
  });
}

function convertMtcnn(
  name: string,
  source: Uint8Array,
  outputs: readonly OutputRequest[],
): Uint8Array {
  return encodeModel(
    convertTflite(readTflite(source), {
      name,
      transposed: true,
      freeSize: name === 'pnet',
      preluForm: PRELU_FORM,
      outputs,
    }),
  );
}

function scores(tensor: string, layout: OutputRequest['layout']): OutputRequest[] {
  return [
    { name: 'logits', tensor, layout },
    { name: 'probabilities', tensor, layout, softmax: true },
  ];
}

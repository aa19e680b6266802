import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSession, type TensorValue } from '../../electron/vision/runtime.ts';
import { encodeModel } from '../../models/converters/onnx.ts';
import { convertEncoder } from '../../models/converters/recipes.ts';
import { readTflite, type TfliteGraph } from '../../models/converters/tflite.ts';
import { ensureModels } from '../../models/make.ts';
import { runReference, type Grid } from './reference.ts';
import { largestDifference, modelsFolder, noise, sourceOf } from './sources.ts';

const TOLERANCE = 1e-3;

beforeAll(() => ensureModels({ modelsFolder, log: () => undefined }), 120_000);

/** Planar pictures, upright. */
function pictures(count: number, height: number, width: number): TensorValue {
  return { data: noise(count * 3 * height * width, 7), dims: [count, 3, height, width] };
}

/** Picture `index` as the original takes it: channels last, rows and columns exchanged if so. */
function original({ data, dims }: TensorValue, index: number, transposed: boolean): Grid {
  const [, channels, height, width] = dims as [number, number, number, number];
  const shape = transposed ? [1, width, height, channels] : [1, height, width, channels];
  const values = new Float64Array(channels * height * width);
  for (let c = 0; c < channels; c += 1) {
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const pixel = transposed ? x * height + y : y * width + x;
        values[pixel * channels + c] = data[((index * channels + c) * height + y) * width + x]!;
      }
    }
  }
  return { shape, data: values };
}

/** Rows and columns of channels-last numbers exchanged back. */
function upright({ shape, data }: Grid): number[] {
  const [, columns, rows, channels] = shape as [number, number, number, number];
  const values: number[] = [];
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < columns; x += 1) {
      for (let c = 0; c < channels; c += 1) values.push(data[(x * rows + y) * channels + c]!);
    }
  }
  return values;
}

async function runConverted(id: string, input: TensorValue) {
  const path = join(modelsFolder, 'converted', `${id}.onnx`);
  const session = await createSession(path, { provider: 'cpu' });
  try {
    return await session.run({ input });
  } finally {
    await session.release();
  }
}

function row(output: TensorValue | undefined, index: number): Float32Array {
  const length = output!.data.length / output!.dims[0]!;
  return output!.data.subarray(index * length, (index + 1) * length);
}

describe.each([
  { id: 'rnet', size: 24, logits: 'rnet/conv5-1/conv5-1', boxes: 'rnet/conv5-2/conv5-2' },
  { id: 'onet', size: 48, logits: 'onet/conv6-1/conv6-1', boxes: 'onet/conv6-2/conv6-2' },
])('the converted $id', ({ id, size, logits, boxes }) => {
  let graph: TfliteGraph;
  beforeAll(async () => {
    graph = readTflite(await sourceOf(id));
  }, 120_000);

  it('says of upright pictures what the original says of transposed ones', async () => {
    const input = pictures(3, size, size);
    const output = await runConverted(id, input);
    for (let i = 0; i < 3; i += 1) {
      const reference = runReference(graph, original(input, i, true));
      const expectRow = (name: string, tensor: string) =>
        expect(largestDifference(row(output[name], i), reference(tensor).data)).toBeLessThan(
          TOLERANCE,
        );
      expectRow('logits', logits);
      expectRow('probabilities', `${id}/prob1`);
      expectRow('regressions', boxes);
      if (id === 'onet') expectRow('landmarks', 'onet/conv6-3/conv6-3');
    }
  });

  it('differs from the original when the picture is not transposed for that', async () => {
    const input = pictures(1, size, size);
    const output = await runConverted(id, input);
    const reference = runReference(graph, original(input, 0, false));
    expect(largestDifference(row(output['regressions'], 0), reference(boxes).data)).toBeGreaterThan(
      TOLERANCE,
    );
  });
});

describe('the converted pnet', () => {
  it.each([
    [12, 12],
    [31, 26],
    [26, 45],
  ])(
    'agrees with the original on %i × %i',
    async (height, width) => {
      const graph = readTflite(await sourceOf('pnet'));
      const input = pictures(2, height, width);
      const output = await runConverted('pnet', input);
      for (let i = 0; i < 2; i += 1) {
        const reference = runReference(graph, original(input, i, true));
        for (const [name, tensor] of [
          ['logits', 'pnet/conv4-1/BiasAdd'],
          ['probabilities', 'pnet/prob1'],
          ['regressions', 'pnet/conv4-2/BiasAdd'],
        ] as const) {
          const expected = upright(reference(tensor));
          expect(largestDifference(row(output[name], i), expected)).toBeLessThan(TOLERANCE);
        }
      }
    },
    120_000,
  );
});

describe('the converted encoder', () => {
  const input = pictures(2, 112, 112);
  let source: Uint8Array;
  let expected: { features: Float64Array; embedding: Float64Array }[];
  beforeAll(async () => {
    source = await sourceOf('encoder');
    const graph = readTflite(source);
    expected = [0, 1].map((i) => {
      const reference = runReference(graph, original(input, i, false));
      return {
        features: reference('MobileFaceNet/Logits/Conv/BatchNorm/FusedBatchNorm').data,
        embedding: reference('MobileFaceNet/Logits/LinearConv1x1/BatchNorm/FusedBatchNorm').data,
      };
    });
  }, 120_000);

  const expectAgreement = (output: Record<string, TensorValue>) => {
    for (let i = 0; i < 2; i += 1) {
      const { features, embedding } = expected[i]!;
      expect(largestDifference(row(output['features'], i), features)).toBeLessThan(TOLERANCE);
      expect(largestDifference(row(output['embedding'], i), embedding)).toBeLessThan(TOLERANCE);
    }
  };

  it('agrees with the original', async () => {
    expectAgreement(await runConverted('encoder', input));
  });

  it.each(['prelu', 'max-min', 'products', 'depthwise'] as const)(
    'would agree with PReLU written as %s',
    async (form) => {
      const model = encodeModel(convertEncoder(source, form));
      const session = await createSession(model, { provider: 'cpu' });
      expectAgreement(await session.run({ input }));
      await session.release();
    },
  );
});

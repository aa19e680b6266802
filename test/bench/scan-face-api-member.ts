/**
 * Child process of the scan benchmark: finds faces with face-api on TensorFlow.js's WebAssembly
 * backend, which uses SIMD, and in Node one thread: there is a process for each core.
 */
import { createRequire, registerHooks } from 'node:module';
import { dirname, join, sep } from 'node:path';
import type * as FaceApi from '@vladmandic/face-api';
import type * as WasmBackend from '@tensorflow/tfjs-backend-wasm';
import type * as Tensorflow from '@tensorflow/tfjs-core';
import { detectionTuning } from '../../electron/core/tuning.ts';
import { openPhoto } from '../../electron/vision/decode/open-photo.ts';
import { VisionFailure } from '../../electron/vision/failure.ts';
import { readPhotoFile } from '../../electron/vision/read-file.ts';
import { serveTasks } from './crew.ts';
import { benchLimits } from './setting.ts';

// face-api asks for all of TensorFlow.js; its core and one backend are enough.
registerHooks({
  resolve: (name, context, next) =>
    next(name === '@tensorflow/tfjs' ? '@tensorflow/tfjs-core' : name, context),
});
const require = createRequire(import.meta.url);
const { setWasmPaths } = require('@tensorflow/tfjs-backend-wasm') as typeof WasmBackend;
const faceApi = require('@vladmandic/face-api/dist/face-api.node-wasm.js') as typeof FaceApi;
// What it was given as TensorFlow.js.
const tf = faceApi.tf as unknown as typeof Tensorflow;
addTensorMethods();
setWasmPaths(join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')), sep));
await tf.setBackend('wasm');
await tf.ready();
const modelFolder = join(dirname(require.resolve('@vladmandic/face-api')), '../model');
await faceApi.nets.ssdMobilenetv1.loadFromDisk(modelFolder);
await faceApi.nets.faceLandmark68Net.loadFromDisk(modelFolder);
await faceApi.nets.faceRecognitionNet.loadFromDisk(modelFolder);

/** The methods of tensors that face-api calls, which the core alone does not add. */
function addTensorMethods(): void {
  type Method = (this: Tensorflow.Tensor, ...args: never[]) => Tensorflow.Tensor;
  const reshape = (tensor: Tensorflow.Tensor, shape: number[]) => tf.reshape(tensor, shape);
  const toShape: Method = function (this: Tensorflow.Tensor, ...shape: number[]) {
    return reshape(this, shape);
  };
  const methods: Record<string, Method> = {
    as1D() {
      return reshape(this, [this.size]);
    },
    as2D: toShape,
    as3D: toShape,
    as4D: toShape,
  };
  Object.assign(tf.Tensor.prototype, methods);
  for (const name of ['sub', 'mul', 'div', 'mean'] as const) {
    const operation = tf[name] as (...args: unknown[]) => Tensorflow.Tensor;
    Object.assign(tf.Tensor.prototype, {
      [name](this: Tensorflow.Tensor, ...args: unknown[]) {
        return operation(this, ...args);
      },
    });
  }
}

/** How many faces of a photo were found, landmarked and described; null if it cannot be opened. */
serveTasks<string, number | null>(async (path) => {
  try {
    const photo = await openPhoto(await readPhotoFile(path), benchLimits);
    // The same view that Kith looks at: larger photos would only slow face-api down.
    const { data, width, height } = await photo.view(detectionTuning.viewSide);
    const pixels = faceApi.tf.tensor3d(data, [height, width, 3], 'int32');
    const faces = await faceApi
      .detectAllFaces(pixels, new faceApi.SsdMobilenetv1Options())
      .withFaceLandmarks()
      .withFaceDescriptors();
    pixels.dispose();
    return faces.length;
  } catch (error) {
    if (error instanceof VisionFailure) return null;
    throw error;
  }
});

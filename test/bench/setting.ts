import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EMBEDDING_SIZE, FEATURE_SIZE, type Head } from '../../electron/core/head.ts';
import { scanTuning } from '../../electron/core/tuning.ts';
import type { VisionLimits } from '../../electron/vision/protocol.ts';

export const modelsFolder = fileURLToPath(new URL('../../models', import.meta.url));

export const benchLimits: VisionLimits = {
  maxPixels: scanTuning.maxPixels,
  millisecondsPerPhoto: scanTuning.millisecondsPerPhoto,
};

/** The head that the encoder came with: weights, then biases, 32-bit floats. */
export function initialHead(): Head {
  const bytes = readFileSync(join(modelsFolder, 'converted', 'head-0.bin'));
  const numbers = new Float32Array(new Uint8Array(bytes).buffer);
  const weightCount = EMBEDDING_SIZE * FEATURE_SIZE;
  return {
    version: '0',
    weights: numbers.slice(0, weightCount),
    bias: numbers.slice(weightCount),
  };
}

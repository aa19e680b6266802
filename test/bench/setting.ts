import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { unpackHead, type Head } from '../../electron/core/head.ts';
import { scanTuning } from '../../electron/core/tuning.ts';
import { headPath, PRETRAINED_HEAD, SHIPPED_HEAD } from '../../electron/engine/heads.ts';
import type { VisionLimits } from '../../electron/vision/protocol.ts';

export const modelsFolder = fileURLToPath(new URL('../../models', import.meta.url));

export const benchLimits: VisionLimits = {
  maxPixels: scanTuning.maxPixels,
  millisecondsPerPhoto: scanTuning.millisecondsPerPhoto,
};

/** The encoder's own last layer, from which training starts. */
export function pretrainedHead(): Head {
  return unpackHead(PRETRAINED_HEAD, readFileSync(headPath(modelsFolder, PRETRAINED_HEAD)));
}

/** The head that Kith comes with. */
export function shippedHead(): Head {
  return unpackHead(SHIPPED_HEAD, readFileSync(headPath(modelsFolder, SHIPPED_HEAD)));
}

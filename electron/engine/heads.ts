import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LearningRecord } from '../contract/learning.ts';
import { unpackHead, type Head } from '../core/head.ts';
import type { HeadRow } from '../store/heads.ts';
import type { Store } from '../store/store.ts';

/** The encoder's own last layer. */
export const PRETRAINED_HEAD = 'pretrained';

/** The head that Kith trained for everyone, in use until a library has learnt one of its own. */
export const SHIPPED_HEAD = 'head-1';

export function headPath(modelsFolder: string, version: string): string {
  return version === PRETRAINED_HEAD
    ? join(modelsFolder, 'converted', 'head-0.bin')
    : join(modelsFolder, version, 'head.bin');
}

/**
 * The first of the heads that lie beside the program and can be read.
 *
 * @param onDamage is told why one cannot.
 */
export async function readShippedHead(
  modelsFolder: string,
  onDamage: (version: string, error: unknown) => void,
): Promise<Head | undefined> {
  for (const version of [SHIPPED_HEAD, PRETRAINED_HEAD]) {
    try {
      return unpackHead(version, await readFile(headPath(modelsFolder, version)));
    } catch (error) {
      onDamage(version, error);
    }
  }
  return undefined;
}

/** As it is kept in a library. */
export function rowOfHead({ version, weights, bias }: Head, madeAt: number): HeadRow {
  const bytes = ({ buffer, byteOffset, byteLength }: Float32Array) =>
    new Uint8Array(buffer, byteOffset, byteLength);
  return { version, weights: bytes(weights), bias: bytes(bias), madeAt };
}

export function headOfRow({ version, weights, bias }: HeadRow): Head {
  // Copies, since the bytes may start at an odd place.
  const floats = (packed: Uint8Array) => new Float32Array(Uint8Array.from(packed).buffer);
  return { version, weights: floats(weights), bias: floats(bias) };
}

/** What its training found that a head adds to the thresholds of grouping, cosine similarity. */
export function thresholdShiftOf({ heads }: Pick<Store, 'heads'>, version: string): number {
  const training = heads.trainingOf(version);
  return training ? ((JSON.parse(training.record) as LearningRecord).thresholdShift ?? 0) : 0;
}

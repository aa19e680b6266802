import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { HeadCalibration, type LearningRecord } from '../contract/learning.ts';
import { unpackHead, type Head } from '../core/head.ts';
import type { HeadRow } from '../store/heads.ts';
import type { Store } from '../store/store.ts';
import { calibrationTuning } from '../core/tuning.ts';

/** The encoder's own last layer. */
export const PRETRAINED_HEAD = 'pretrained';

/** The head that Kith trained for everyone, in use until a library has learnt one of its own. */
export const SHIPPED_HEAD = 'head-2';

export function headPath(modelsFolder: string, version: string): string {
  return version === PRETRAINED_HEAD
    ? join(modelsFolder, 'converted', 'head-0.bin')
    : join(modelsFolder, version, 'head.bin');
}

/** What a trained head's `head.json` tells of it. */
export const HeadCard = z.strictObject({
  version: z.string(),
  /** Of `head.bin`, lower-case hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  calibration: HeadCalibration,
});
export type HeadCard = z.infer<typeof HeadCard>;

/** @throws Error when the card is missing, damaged, or another head's. */
export function readHeadCard(modelsFolder: string, version: string): HeadCard {
  const path = join(modelsFolder, version, 'head.json');
  const parsed = HeadCard.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!parsed.success) throw new Error(`${path} is damaged: ${z.prettifyError(parsed.error)}`);
  if (parsed.data.version !== version) {
    throw new Error(`${path} tells of ${parsed.data.version}, not of ${version}`);
  }
  return parsed.data;
}

/** @throws Error when it is missing, or not byte for byte the head that its card tells of. */
async function readHead(modelsFolder: string, version: string): Promise<Head> {
  const path = headPath(modelsFolder, version);
  const bytes = await readFile(path);
  // The encoder's own is made, and checked, with the other models.
  if (version !== PRETRAINED_HEAD) {
    const { sha256 } = readHeadCard(modelsFolder, version);
    const found = createHash('sha256').update(bytes).digest('hex');
    if (found !== sha256) {
      throw new Error(
        `${path} was changed and is not used: its SHA-256 is ${found}, not ${sha256}. Install Kith again.`,
      );
    }
  }
  return unpackHead(version, bytes);
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
      return await readHead(modelsFolder, version);
    } catch (error) {
      onDamage(version, error);
    }
  }
  return undefined;
}

/**
 * The head that a library's settings name, which is one that it learnt or the user chose; else the one
 * that Kith comes with. That one is kept in the library too, to be chosen later.
 *
 * @param onDamage is told why a head of the models cannot be used.
 * @returns nothing when the models are missing and none was chosen.
 */
export async function currentHead(
  { heads, settings }: Pick<Store, 'heads' | 'settings'>,
  modelsFolder: string,
  now: number,
  onDamage: (version: string, error: unknown) => void,
): Promise<Head | undefined> {
  const chosen = settings.get('head') as string | undefined;
  const shipped = await readShippedHead(modelsFolder, onDamage);
  if (shipped) heads.insert(rowOfHead(shipped, now));
  const row = heads.get(chosen ?? SHIPPED_HEAD);
  return row ? headOfRow(row) : shipped;
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

/** How a head's similarities are read: as its training found, or as its card says; else as the encoder's own. */
export function calibrationOf(
  { heads }: Pick<Store, 'heads'>,
  modelsFolder: string,
  version: string,
): HeadCalibration {
  const training = heads.trainingOf(version);
  if (training) return (JSON.parse(training.record) as LearningRecord).calibration ?? usual;
  if (version === PRETRAINED_HEAD) return usual;
  try {
    return readHeadCard(modelsFolder, version).calibration;
  } catch {
    // Without its card the head itself is not taken from the models: it was kept in the library.
    return usual;
  }
}

const usual: HeadCalibration = calibrationTuning.encoder;

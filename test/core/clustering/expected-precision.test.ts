import { describe, expect, it } from 'vitest';
import { expectedPrecision } from '../../../electron/core/clustering/expected-precision.ts';
import { createRandom } from '../../../electron/core/random.ts';

function vectorsNear(count: number, spread: number, seed: number): Float32Array[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const vector = Float32Array.from({ length: 8 }, (_, i) =>
      i === 0 ? 1 : spread * (random() - 0.5),
    );
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  });
}

const odds = { evenSimilarity: 0.54, slope: 20 };

describe('expectedPrecision', () => {
  it('is the mean over all offered faces of what their likeness to the others says', () => {
    const vectors = vectorsNear(9, 2, 1);
    const [confirmed, offered] = [vectors.slice(0, 2), vectors.slice(2)];
    let sum = 0;
    for (const face of offered) {
      const others = vectors.filter((other) => other !== face);
      const dots = others.map((other) => other.reduce((dot, v, i) => dot + v * face[i]!, 0));
      const mean = dots.reduce((a, b) => a + b) / dots.length;
      sum += 1 / (1 + Math.exp(-odds.slope * (mean - odds.evenSimilarity)));
    }
    expect(expectedPrecision(confirmed, offered, odds)).toBeCloseTo(sum / offered.length, 5);
  });

  it('is higher for faces that are more alike, and says nothing about nothing', () => {
    const near = vectorsNear(10, 0.5, 2);
    const far = vectorsNear(10, 3, 2);
    expect(expectedPrecision(near.slice(0, 1), near.slice(1), odds)).toBeGreaterThan(0.95);
    expect(expectedPrecision(far.slice(0, 1), far.slice(1), odds)).toBeLessThan(0.6);
    expect(expectedPrecision(near, [], odds)).toBeNull();
    expect(expectedPrecision([], near, odds)).toBeNull();
  });
});

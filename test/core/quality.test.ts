import { describe, expect, it } from 'vitest';
import { measureSharpness, overallQuality } from '../../electron/core/quality.ts';

const SIDE = 112;
/** Bright and dark stripes of a given width, softened by a running mean of `blur` pixels. */
function stripes(width: number, blur: number, contrast = 1): Float32Array {
  const picture = new Float32Array(SIDE * SIDE * 3);
  for (let x = 0; x < SIDE; x += 1) {
    let sum = 0;
    for (let i = 0; i < blur; i += 1) sum += Math.floor((x + i + 1000) / width) % 2;
    for (let row = 0; row < SIDE * 3; row += 1)
      picture[row * SIDE + x] = (sum / blur - 0.5) * contrast;
  }
  return picture;
}
const frontal = { yaw: 0, pitch: 0, roll: 0 };

describe('measureSharpness', () => {
  it('falls with blur and lies between 0 and 1', () => {
    const values = [2, 4, 6, 8].map((blur) => measureSharpness(stripes(12, blur), SIDE));
    for (let i = 1; i < values.length; i += 1) expect(values[i]).toBeLessThan(values[i - 1]!);
    expect(Math.max(...values)).toBeLessThanOrEqual(1);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
  });

  it('does not take contrast for sharpness; a flat picture has none', () => {
    const strong = measureSharpness(stripes(12, 3, 1), SIDE);
    expect(measureSharpness(stripes(12, 3, 0.2), SIDE)).toBeCloseTo(strong, 4);
    expect(measureSharpness(new Float32Array(SIDE * SIDE * 3), SIDE)).toBe(0);
  });
});

describe('overallQuality', () => {
  it('falls with each thing that makes a face harder to recognise', () => {
    const best = overallQuality(200, 1, frontal, 1);
    expect(best).toBeCloseTo(1);
    expect(overallQuality(30, 1, frontal, 1)).toBeLessThan(best);
    expect(overallQuality(200, 0.2, frontal, 1)).toBeLessThan(best);
    expect(overallQuality(200, 1, { ...frontal, yaw: -60 }, 1)).toBeLessThan(0.5);
    expect(overallQuality(200, 1, { ...frontal, pitch: 40 }, 1)).toBeLessThan(best);
    expect(overallQuality(200, 1, frontal, 0.6)).toBeLessThan(best);
  });

  it('does not mind the roll, which alignment undoes', () => {
    expect(overallQuality(200, 1, { ...frontal, roll: 80 }, 1)).toBeCloseTo(1);
  });
});

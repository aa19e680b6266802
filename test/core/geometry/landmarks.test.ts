import { describe, expect, it } from 'vitest';
import { arePlausible, usualLandmarks } from '../../../electron/core/geometry/landmarks.ts';

const box = [100, 200, 180, 300];

describe('landmarks in a box that was drawn', () => {
  it('are plausible where a frontal face has them', () => {
    expect(arePlausible(usualLandmarks(box), box)).toBe(true);
  });

  it('are not when they lie elsewhere, stand on their head, or in one place', () => {
    const usual = usualLandmarks(box);
    const elsewhere = usual.map((value) => value + 60);
    const upsideDown = usual.map((value, i) => (i % 2 === 0 ? value : 500 - value));
    const oneSpot = usual.map((_, i) => (i % 2 === 0 ? 140 : 250));
    for (const landmarks of [elsewhere, upsideDown, oneSpot, usual.map(() => NaN)]) {
      expect(arePlausible(landmarks, box)).toBe(false);
    }
  });
});

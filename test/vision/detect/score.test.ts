import { describe, expect, it } from 'vitest';
import type { CandidateSigns } from '../../../electron/vision/detect/find-candidates.ts';
import { detectionScore } from '../../../electron/vision/detect/score.ts';

/** What a clear face and a patch of wallpaper look like to the detectors. */
const clear: CandidateSigns = {
  firstLogit: 9,
  secondLogit: 8,
  mirroredLogit: 8,
  proposalScore: 1,
  refinedLogit: 6,
  size: 80,
};
const wallpaper: CandidateSigns = {
  firstLogit: -1,
  secondLogit: -2,
  mirroredLogit: -2,
  proposalScore: 0,
  refinedLogit: 1,
  size: 30,
};

describe('detectionScore', () => {
  it('is sure of a clear face and of wallpaper', () => {
    expect(detectionScore(clear)).toBeGreaterThan(0.97);
    expect(detectionScore(wallpaper)).toBeLessThan(0.05);
  });

  it('rises with every sign', () => {
    const base = { ...wallpaper, firstLogit: 2, proposalScore: 0.5 };
    for (const name of Object.keys(base) as (keyof CandidateSigns)[]) {
      expect(detectionScore({ ...base, [name]: base[name] + 0.4 })).toBeGreaterThan(
        detectionScore(base),
      );
    }
  });

  it('does not prefer one large face to another', () => {
    expect(detectionScore({ ...clear, size: 900 })).toBe(detectionScore({ ...clear, size: 200 }));
  });
});

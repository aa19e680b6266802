import { describe, expect, it } from 'vitest';
import { anchorCount, decodeRfb, gathered, thinned } from '../../../electron/vision/detect/rfb.ts';

describe('anchorCount', () => {
  it('counts what the detector was published with', () => {
    expect(anchorCount(320, 240)).toBe(4420);
    expect(anchorCount(640, 480)).toBe(17640);
  });

  it('rounds part cells up', () => {
    // 9 × 7, 5 × 4, 3 × 2 and 2 × 1 cells.
    expect(anchorCount(65, 56)).toBe(9 * 7 * 3 + 5 * 4 * 2 + 3 * 2 * 2 + 2 * 1 * 3);
  });
});

describe('decodeRfb', () => {
  const width = 320;
  const height = 240;
  const anchors = 4420;
  // The third anchor of cell (row 2, column 5) at stride 8 has side 24 and centre 44, 20.
  const fineAnchor = (2 * 40 + 5) * 3 + 2;
  // After 3600 fine ones: the second anchor of cell (row 3, column 4) at stride 16: side 48, centre 72, 56.
  const coarseAnchor = 3600 + (3 * 20 + 4) * 2 + 1;

  function outputs(): { probabilities: Float32Array; regressions: Float32Array } {
    const probabilities = new Float32Array(anchors * 2);
    const regressions = new Float32Array(anchors * 4);
    probabilities[fineAnchor * 2 + 1] = 0.6;
    regressions.set([1, -2, 5 * Math.log(1.5), 0], fineAnchor * 4);
    probabilities[coarseAnchor * 2 + 1] = 0.9;
    return { probabilities, regressions };
  }

  it('lays each regression on its anchor, best first', () => {
    const { probabilities, regressions } = outputs();
    const { boxes, scores } = decodeRfb(probabilities, regressions, width, height, 0.5, 0.4);
    expect([...scores]).toEqual([Math.fround(0.9), Math.fround(0.6)]);
    expect([...boxes.subarray(0, 4)]).toEqual([48, 32, 96, 80]);
    // Moved by 0.1 · 1 · 24 and 0.1 · −2 · 24, 1.5 times as wide.
    const expected = [46.4 - 18, 15.2 - 12, 46.4 + 18, 15.2 + 12];
    expected.forEach((value, i) => expect(boxes[4 + i]).toBeCloseTo(value, 4));
  });

  it('leaves out what is below the score', () => {
    const { probabilities, regressions } = outputs();
    expect(decodeRfb(probabilities, regressions, width, height, 0.7, 0.4).scores.length).toBe(1);
    expect(decodeRfb(probabilities, regressions, width, height, 0.95, 0.4).scores.length).toBe(0);
  });

  it('refuses outputs of another size', () => {
    const { probabilities, regressions } = outputs();
    expect(() => decodeRfb(probabilities, regressions, 640, height, 0.5, 0.4)).toThrow(RangeError);
  });
});

describe('gathered and thinned', () => {
  it('bring lists to one scale and drop doubles', () => {
    const small = { boxes: Float32Array.from([1, 1, 5, 5]), scores: Float32Array.from([0.5]) };
    const large = {
      boxes: Float32Array.from([2, 3, 10, 15, 30, 30, 40, 40]),
      scores: Float32Array.from([0.75, 0.25]),
    };
    const all = gathered([
      { proposals: small, scaleX: 2, scaleY: 3 },
      { proposals: large, scaleX: 1, scaleY: 1 },
    ]);
    expect([...all.boxes.subarray(0, 4)]).toEqual([2, 3, 10, 15]);
    const { boxes, scores } = thinned(all, 0.5);
    expect([...scores]).toEqual([0.75, 0.25]);
    expect([...boxes]).toEqual([2, 3, 10, 15, 30, 30, 40, 40]);
  });
});

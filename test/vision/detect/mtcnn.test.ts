import { describe, expect, it } from 'vitest';
import { createPyramid } from '../../../electron/core/geometry/sampling.ts';
import {
  decodeScan,
  scanCells,
  squaresOf,
  verifyBoxes,
} from '../../../electron/vision/detect/mtcnn.ts';
import type { Networks, RawVerifications } from '../../../electron/vision/networks.ts';

describe('decodeScan', () => {
  it('counts the cells that P-Net makes', () => {
    expect(scanCells(12)).toBe(1);
    // 64 → 62 → pooled 31 → 29 → 27.
    expect(scanCells(64)).toBe(27);
    expect(scanCells(65)).toBe(28);
  });

  it('places cells row by row and corrects them', () => {
    const columns = scanCells(20);
    const rows = scanCells(16);
    const probabilities = new Float32Array(columns * rows * 2);
    const regressions = new Float32Array(columns * rows * 4);
    const cell = 1 * columns + 3;
    probabilities[cell * 2 + 1] = 0.8;
    regressions.set([0.25, 0, -0.25, 0.5], cell * 4);
    const { boxes, scores } = decodeScan({ probabilities, regressions }, 20, 16, 0.5);
    expect([...scores]).toEqual([Math.fround(0.8)]);
    expect([...boxes]).toEqual([9, 2, 15, 20]);
    expect(() => decodeScan({ probabilities, regressions }, 30, 16, 0.5)).toThrow(RangeError);
  });
});

describe('squaresOf', () => {
  it('squares copies', () => {
    const boxes = Float32Array.from([0, 0, 4, 10]);
    expect([...squaresOf(boxes)]).toEqual([-3, 0, 7, 10]);
    expect([...boxes]).toEqual([0, 0, 4, 10]);
  });
});

describe('verifyBoxes', () => {
  /** Answers with the brightest pixel of each crop as its nose, and records what it was given. */
  function brightestPoint(seen: number[]): Networks {
    const refuse = () => Promise.reject(new Error('not asked for'));
    return {
      propose: refuse,
      scan: refuse,
      refine: refuse,
      encode: refuse,
      verify(input, count): Promise<RawVerifications> {
        seen.push(count);
        const landmarks = new Float32Array(count * 10);
        const logits = new Float32Array(count * 2);
        const regressions = new Float32Array(count * 4);
        for (let i = 0; i < count; i += 1) {
          const red = input.subarray(i * 6912, i * 6912 + 2304);
          let brightest = 0;
          red.forEach((value, at) => {
            if (value > red[brightest]!) brightest = at;
          });
          landmarks[i * 10 + 2] = ((brightest % 48) + 0.5) / 48;
          landmarks[i * 10 + 7] = (Math.floor(brightest / 48) + 0.5) / 48;
          logits.set([0.5, 2], i * 2);
          regressions.set([0.1, 0, -0.2, 0], i * 4);
        }
        return Promise.resolve({ logits, regressions, landmarks });
      },
    };
  }
  const data = new Uint8Array(96 * 96 * 3);
  // A bright spot at x 60, y 30.
  data.fill(255, (30 * 96 + 60) * 3, (30 * 96 + 60) * 3 + 3);
  const pyramid = createPyramid({ data, width: 96, height: 96 });

  it('gives crops as the network wants them and brings its answers back to the picture', async () => {
    const squares = Float32Array.from([40, 10, 88, 58]);
    const { logits, boxes, landmarks } = await verifyBoxes(brightestPoint([]), pyramid, squares);
    expect(logits[0]).toBeCloseTo(1.5);
    expect(landmarks[4]).toBeCloseTo(60.5, 3);
    expect(landmarks[5]).toBeCloseTo(30.5, 3);
    [44.8, 10, 78.4, 58].forEach((value, i) => expect(boxes[i]).toBeCloseTo(value, 3));
  });

  it('exchanges left and right back when it looks in the mirror', async () => {
    const squares = Float32Array.from([40, 10, 88, 58]);
    const { boxes, landmarks } = await verifyBoxes(brightestPoint([]), pyramid, squares, true);
    expect(landmarks[4]).toBeCloseTo(60.5, 3);
    expect(landmarks[5]).toBeCloseTo(30.5, 3);
    [49.6, 10, 83.2, 58].forEach((value, i) => expect(boxes[i]).toBeCloseTo(value, 3));
  });

  it('answers the same however many boxes come at once', async () => {
    const many = Float32Array.from(
      Array.from({ length: 37 }, (_, i) => [30 + i / 4, 8, 78 + i / 4, 56]).flat(),
    );
    const seen: number[] = [];
    const all = await verifyBoxes(brightestPoint(seen), pyramid, many);
    expect(seen.reduce((a, b) => a + b)).toBe(37);
    const alone = await verifyBoxes(brightestPoint([]), pyramid, many.slice(36 * 4));
    expect([...all.landmarks.subarray(360)]).toEqual([...alone.landmarks]);
    expect(
      (await verifyBoxes(brightestPoint([]), pyramid, new Float32Array(0))).logits.length,
    ).toBe(0);
  });
});

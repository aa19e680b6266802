import { nonMaximumSuppression } from '../../core/geometry/boxes.ts';

/**
 * Anchors of RFB-320 (Ultra-Light-Fast-Generic-Face-Detector): on a grid of each stride, squares
 * of these sides in pixels. The regressions are scaled by the variances of SSD (arXiv 1512.02325).
 */
const LEVELS = [
  { stride: 8, sides: [10, 16, 24] },
  { stride: 16, sides: [32, 48] },
  { stride: 32, sides: [64, 96] },
  { stride: 64, sides: [128, 192, 256] },
] as const;
const CENTRE_VARIANCE = 0.1;
const SIZE_VARIANCE = 0.2;

/** Boxes packed as in core/geometry/boxes, in pixels of the input; scores 0 to 1. */
export interface Proposals {
  readonly boxes: Float32Array;
  readonly scores: Float32Array;
}

/** How many anchors the detector has for an input of this size in pixels. */
export function anchorCount(width: number, height: number): number {
  let count = 0;
  for (const { stride, sides } of LEVELS) {
    count += Math.ceil(width / stride) * Math.ceil(height / stride) * sides.length;
  }
  return count;
}

/**
 * Boxes whose face probability is at least `minScore`, overlapping ones thinned out.
 *
 * @param probabilities anchors × 2, background and face.
 * @param regressions anchors × 4: centre x, centre y, width, height, relative to the anchor.
 * @throws RangeError when the outputs do not fit an input of this size.
 */
export function decodeRfb(
  probabilities: Float32Array,
  regressions: Float32Array,
  width: number,
  height: number,
  minScore: number,
  suppressionOverlap: number,
): Proposals {
  const anchors = anchorCount(width, height);
  if (probabilities.length !== anchors * 2 || regressions.length !== anchors * 4) {
    throw new RangeError(
      `${anchors} anchors expected for ${width} × ${height}, not ${regressions.length / 4}`,
    );
  }
  const boxes: number[] = [];
  const scores: number[] = [];
  let anchorIndex = 0;
  for (const { stride, sides } of LEVELS) {
    const columns = Math.ceil(width / stride);
    const rows = Math.ceil(height / stride);
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        for (const side of sides) {
          const score = probabilities[anchorIndex * 2 + 1]!;
          if (score >= minScore) {
            const at = anchorIndex * 4;
            const centreX = (column + 0.5) * stride + regressions[at]! * CENTRE_VARIANCE * side;
            const centreY = (row + 0.5) * stride + regressions[at + 1]! * CENTRE_VARIANCE * side;
            const halfWidth = (side * Math.exp(regressions[at + 2]! * SIZE_VARIANCE)) / 2;
            const halfHeight = (side * Math.exp(regressions[at + 3]! * SIZE_VARIANCE)) / 2;
            boxes.push(
              centreX - halfWidth,
              centreY - halfHeight,
              centreX + halfWidth,
              centreY + halfHeight,
            );
            scores.push(score);
          }
          anchorIndex += 1;
        }
      }
    }
  }
  return thinned(
    { boxes: Float32Array.from(boxes), scores: Float32Array.from(scores) },
    suppressionOverlap,
  );
}

/** The proposals that non-maximum suppression keeps, best first. */
export function thinned(proposals: Proposals, overlap: number): Proposals {
  const kept = nonMaximumSuppression(proposals.boxes, proposals.scores, overlap);
  const boxes = new Float32Array(kept.length * 4);
  const scores = new Float32Array(kept.length);
  kept.forEach((from, to) => {
    boxes.set(proposals.boxes.subarray(from * 4, from * 4 + 4), to * 4);
    scores[to] = proposals.scores[from]!;
  });
  return { boxes, scores };
}

/** All proposals in one list, boxes multiplied by each list's factors. */
export function gathered(
  lists: readonly {
    readonly proposals: Proposals;
    readonly scaleX: number;
    readonly scaleY: number;
  }[],
): Proposals {
  const count = lists.reduce((sum, { proposals }) => sum + proposals.scores.length, 0);
  const boxes = new Float32Array(count * 4);
  const scores = new Float32Array(count);
  let to = 0;
  for (const { proposals, scaleX, scaleY } of lists) {
    for (let i = 0; i < proposals.scores.length; i += 1, to += 1) {
      boxes[to * 4] = proposals.boxes[i * 4]! * scaleX;
      boxes[to * 4 + 1] = proposals.boxes[i * 4 + 1]! * scaleY;
      boxes[to * 4 + 2] = proposals.boxes[i * 4 + 2]! * scaleX;
      boxes[to * 4 + 3] = proposals.boxes[i * 4 + 3]! * scaleY;
      scores[to] = proposals.scores[i]!;
    }
  }
  return { boxes, scores };
}

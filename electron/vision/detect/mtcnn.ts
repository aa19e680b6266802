import { makeSquare } from '../../core/geometry/boxes.ts';
import { sampleAffine, sampleResized, type ImagePyramid } from '../../core/geometry/sampling.ts';
import { ontoBox } from '../../core/geometry/transforms.ts';
import type { Networks } from '../networks.ts';
import { gathered, thinned, type Proposals } from './rfb.ts';

/** The three networks of MTCNN (Zhang et al. 2016, arXiv 1604.02878) take (byte − 127.5) / 128. */
export const MTCNN_INPUT = { mean: 127.5, scale: 1 / 128 } as const;

const CELL = 12;
const STRIDE = 2;
const REFINE_SIZE = 24;
const VERIFY_SIZE = 48;
/** Crops per call: more do not run faster, and the buffer stays in the processor's cache. */
const BATCH = 16;

export interface ScanOptions {
  /** Smallest face looked for, pixels of the pyramid's full size. */
  readonly minFace: number;
  /** Ratio of one scale to the one before. */
  readonly scaleFactor: number;
  readonly scanScore: number;
  readonly refineScore: number;
}

/** Proposals of P-Net over an image pyramid, refined by R-Net; pixels of the pyramid's full size. */
export async function proposeByPyramid(
  networks: Networks,
  pyramid: ImagePyramid,
  options: ScanOptions,
): Promise<Proposals> {
  const found: { proposals: Proposals; scaleX: number; scaleY: number }[] = [];
  const shorter = Math.min(pyramid.width, pyramid.height);
  let buffer = new Float32Array(0);
  for (let scale = CELL / options.minFace; shorter * scale >= CELL; scale *= options.scaleFactor) {
    const width = Math.ceil(pyramid.width * scale);
    const height = Math.ceil(pyramid.height * scale);
    const size = width * height * 3;
    if (buffer.length < size) buffer = new Float32Array(size);
    const input = buffer.subarray(0, size);
    sampleResized(pyramid, width, height, MTCNN_INPUT, input);
    const output = await networks.scan(input, width, height);
    const proposals = decodeScan(output, width, height, options.scanScore);
    found.push({
      proposals: thinned(proposals, 0.5),
      scaleX: pyramid.width / width,
      scaleY: pyramid.height / height,
    });
  }
  const proposals = thinned(gathered(found), 0.7);
  return refineProposals(networks, pyramid, proposals, options.refineScore);
}

/**
 * Boxes of P-Net's cells whose face probability is at least `minScore`, in input pixels, corrected
 * by its regressions.
 */
export function decodeScan(
  output: { readonly probabilities: Float32Array; readonly regressions: Float32Array },
  width: number,
  height: number,
  minScore: number,
): Proposals {
  const columns = scanCells(width);
  const rows = scanCells(height);
  const cells = columns * rows;
  const { probabilities, regressions } = output;
  if (probabilities.length !== cells * 2 || regressions.length !== cells * 4) {
    throw new RangeError(`${cells} cells expected for ${width} × ${height}`);
  }
  const boxes: number[] = [];
  const scores: number[] = [];
  for (let cell = 0; cell < cells; cell += 1) {
    const score = probabilities[cell * 2 + 1]!;
    if (!(score >= minScore)) continue;
    const left = (cell % columns) * STRIDE;
    const top = Math.floor(cell / columns) * STRIDE;
    boxes.push(
      left + regressions[cell * 4]! * CELL,
      top + regressions[cell * 4 + 1]! * CELL,
      left + CELL + regressions[cell * 4 + 2]! * CELL,
      top + CELL + regressions[cell * 4 + 3]! * CELL,
    );
    scores.push(score);
  }
  return { boxes: Float32Array.from(boxes), scores: Float32Array.from(scores) };
}

/** Cells of P-Net along a side: a 3 × 3 convolution, 2 × 2 pooling rounding up, two more convolutions. */
export function scanCells(side: number): number {
  return Math.ceil((side - 2) / 2) - 4;
}

async function refineProposals(
  networks: Networks,
  pyramid: ImagePyramid,
  proposals: Proposals,
  minScore: number,
): Promise<Proposals> {
  const count = proposals.scores.length;
  const squares = proposals.boxes.slice();
  for (let i = 0; i < count; i += 1) makeSquare(squares, i);
  const boxes = new Float32Array(count * 4);
  const scores = new Float32Array(count);
  await inBatches(pyramid, squares, REFINE_SIZE, async (input, from, size) => {
    const output = await networks.refine(input, size);
    for (let i = 0; i < size; i += 1) {
      scores[from + i] = probabilityOf(output.logits[i * 2 + 1]! - output.logits[i * 2]!);
      correctBox(squares, from + i, output.regressions, i, boxes, from + i);
    }
  });
  const passing: number[] = [];
  for (let i = 0; i < count; i += 1) if (scores[i]! >= minScore) passing.push(i);
  const chosen = new Float32Array(passing.length * 4);
  passing.forEach((from, to) => chosen.set(boxes.subarray(from * 4, from * 4 + 4), to * 4));
  return thinned({ boxes: chosen, scores: Float32Array.from(passing, (i) => scores[i]!) }, 0.7);
}

/** Logit of R-Net's face probability for each square box. */
export async function rateBoxes(
  networks: Networks,
  pyramid: ImagePyramid,
  squares: Float32Array,
): Promise<Float32Array> {
  const logits = new Float32Array(squares.length / 4);
  await inBatches(pyramid, squares, REFINE_SIZE, async (input, from, size) => {
    const output = await networks.refine(input, size);
    for (let i = 0; i < size; i += 1) {
      logits[from + i] = output.logits[i * 2 + 1]! - output.logits[i * 2]!;
    }
  });
  return logits;
}

/** What O-Net says of each box: logit of the face probability, corrected box, five landmarks (x, y). */
export interface Verifications {
  readonly logits: Float32Array;
  readonly boxes: Float32Array;
  readonly landmarks: Float32Array;
}

/**
 * Looks at each square box with O-Net; all in pixels of the pyramid's full size.
 * @param mirror looks at the crops left to right exchanged and exchanges the answers back.
 */
export async function verifyBoxes(
  networks: Networks,
  pyramid: ImagePyramid,
  squares: Float32Array,
  mirror = false,
): Promise<Verifications> {
  const count = squares.length / 4;
  const logits = new Float32Array(count);
  const boxes = new Float32Array(count * 4);
  const landmarks = new Float32Array(count * 10);
  await inBatches(
    pyramid,
    squares,
    VERIFY_SIZE,
    async (input, from, size) => {
      const output = await networks.verify(input, size);
      if (mirror) unmirror(output.regressions, output.landmarks, size);
      for (let i = 0; i < size; i += 1) {
        const target = from + i;
        logits[target] = output.logits[i * 2 + 1]! - output.logits[i * 2]!;
        correctBox(squares, target, output.regressions, i, boxes, target);
        const left = squares[target * 4]!;
        const top = squares[target * 4 + 1]!;
        const width = squares[target * 4 + 2]! - left;
        const height = squares[target * 4 + 3]! - top;
        for (let point = 0; point < 5; point += 1) {
          landmarks[target * 10 + point * 2] = left + output.landmarks[i * 10 + point]! * width;
          landmarks[target * 10 + point * 2 + 1] =
            top + output.landmarks[i * 10 + 5 + point]! * height;
        }
      }
    },
    mirror,
  );
  return { logits, boxes, landmarks };
}

function probabilityOf(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/** The boxes, each made square. */
export function squaresOf(boxes: Float32Array): Float32Array {
  const squares = boxes.slice();
  for (let i = 0; i < squares.length / 4; i += 1) makeSquare(squares, i);
  return squares;
}

const MIRRORED_POINTS = [1, 0, 2, 4, 3];

function unmirror(regressions: Float32Array, landmarks: Float32Array, count: number): void {
  for (let i = 0; i < count; i += 1) {
    const left = regressions[i * 4]!;
    regressions[i * 4] = -regressions[i * 4 + 2]!;
    regressions[i * 4 + 2] = -left;
    const points = landmarks.slice(i * 10, i * 10 + 10);
    for (let point = 0; point < 5; point += 1) {
      const other = MIRRORED_POINTS[point]!;
      landmarks[i * 10 + point] = 1 - points[other]!;
      landmarks[i * 10 + 5 + point] = points[5 + other]!;
    }
  }
}

function correctBox(
  squares: Float32Array,
  squareIndex: number,
  regressions: Float32Array,
  regressionIndex: number,
  target: Float32Array,
  targetIndex: number,
): void {
  const left = squares[squareIndex * 4]!;
  const top = squares[squareIndex * 4 + 1]!;
  const right = squares[squareIndex * 4 + 2]!;
  const bottom = squares[squareIndex * 4 + 3]!;
  const width = right - left;
  const height = bottom - top;
  target[targetIndex * 4] = left + regressions[regressionIndex * 4]! * width;
  target[targetIndex * 4 + 1] = top + regressions[regressionIndex * 4 + 1]! * height;
  target[targetIndex * 4 + 2] = right + regressions[regressionIndex * 4 + 2]! * width;
  target[targetIndex * 4 + 3] = bottom + regressions[regressionIndex * 4 + 3]! * height;
}

async function inBatches(
  pyramid: ImagePyramid,
  squares: Float32Array,
  size: number,
  look: (input: Float32Array, from: number, count: number) => Promise<void>,
  mirror = false,
): Promise<void> {
  const count = squares.length / 4;
  const length = size * size * 3;
  const buffer = new Float32Array(Math.min(BATCH, count) * length);
  for (let from = 0; from < count; from += BATCH) {
    const batch = Math.min(BATCH, count - from);
    for (let i = 0; i < batch; i += 1) {
      const at = (from + i) * 4;
      const left = squares[at]!;
      const right = squares[at + 2]!;
      const map = ontoBox(
        size,
        size,
        mirror ? right : left,
        squares[at + 1]!,
        mirror ? left : right,
        squares[at + 3]!,
      );
      sampleAffine(pyramid, map, size, size, MTCNN_INPUT, buffer, i * length);
    }
    await look(buffer.subarray(0, batch * length), from, batch);
  }
}

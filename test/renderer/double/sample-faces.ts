import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Folder of the sample photos that a development dependency brings. */
export const samplesFolder = join(
  dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')),
  'demo',
);

export interface SampleFace {
  readonly file: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Boxes read off the sample photos by eye, as fractions: [x, y, width, height]. */
const boxes: Record<string, readonly (readonly [number, number, number, number])[]> = {
  'sample1.jpg': [
    [0.21, 0.3, 0.097, 0.165],
    [0.445, 0.33, 0.104, 0.18],
    [0.76, 0.17, 0.11, 0.2],
  ],
  'sample2.jpg': [
    [0.2, 0.11, 0.1, 0.2],
    [0.467, 0.137, 0.1, 0.2],
    [0.76, 0.1, 0.11, 0.19],
  ],
  'sample3.jpg': [
    [0.3, 0.247, 0.105, 0.205],
    [0.56, 0.165, 0.12, 0.22],
    [0.78, 0.22, 0.11, 0.205],
  ],
  'sample4.jpg': [
    [0.128, 0.124, 0.1, 0.19],
    [0.34, 0.04, 0.1, 0.19],
    [0.51, 0.124, 0.095, 0.18],
    [0.65, 0.11, 0.097, 0.187],
  ],
  'sample5.jpg': [
    [0.168, 0.59, 0.103, 0.22],
    [0.302, 0.26, 0.1, 0.206],
    [0.4, 0.077, 0.095, 0.184],
    [0.57, 0.124, 0.097, 0.19],
    [0.733, 0.247, 0.113, 0.247],
  ],
  'sample6.jpg': [
    [0.132, 0.316, 0.106, 0.206],
    [0.348, 0.206, 0.106, 0.22],
    [0.586, 0.179, 0.114, 0.22],
    [0.755, 0.16, 0.115, 0.225],
  ],
};

export const sampleFaces: readonly SampleFace[] = Object.entries(boxes).flatMap(([file, list]) =>
  list.map(([x, y, width, height]) => ({ file, x, y, width, height })),
);

export const sampleFiles = Object.keys(boxes);
/** Width and height of each sample photo, in the order of `sampleFiles`. */
export const sampleSizes = [
  [1920, 1280],
  [1920, 1367],
  [1920, 1350],
  [1920, 1448],
  [1920, 1398],
  [1920, 1537],
] as const;

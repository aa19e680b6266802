import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../../electron/core/image.ts';
import {
  createPyramid,
  halve,
  sampleAffine,
  sampleResized,
} from '../../../electron/core/geometry/sampling.ts';
import { ontoBox } from '../../../electron/core/geometry/transforms.ts';

const RAW = { mean: 0, scale: 1 };

function image(
  width: number,
  height: number,
  value: (x: number, y: number, channel: number) => number,
): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      for (let channel = 0; channel < 3; channel += 1)
        data[(y * width + x) * 3 + channel] = value(x, y, channel);
  return { data, width, height };
}

const noise = (width: number, height: number) =>
  image(width, height, (x, y, channel) => (x * 73 + y * 151 + channel * 37 + x * y * 11) % 256);

describe('halve', () => {
  it('averages two by two pixels and drops an odd last row and column', () => {
    const source = image(5, 3, (x, y, channel) => x * 10 + y * 40 + channel);
    const half = halve(source);
    expect([half.width, half.height]).toEqual([2, 1]);
    expect([...half.data]).toEqual([25, 26, 27, 45, 46, 47]);
  });

  it('survives pictures of one pixel', () => {
    const half = halve(image(1, 1, () => 9));
    expect([half.width, half.height, ...half.data]).toEqual([1, 1, 9, 9, 9]);
  });
});

describe('createPyramid', () => {
  it('makes levels on demand down to some eight pixels and refuses others', () => {
    const pyramid = createPyramid(noise(64, 40));
    expect(pyramid.levelCount).toBe(3);
    expect(pyramid.level(2).width).toBe(16);
    expect(pyramid.level(1)).toBe(pyramid.level(1));
    expect(() => pyramid.level(3)).toThrow(RangeError);
    expect(createPyramid(noise(3, 2)).levelCount).toBe(1);
  });
});

describe('sampleAffine', () => {
  it('copies pixels where the map is the identity', () => {
    const source = noise(9, 7);
    const target = new Float32Array(9 * 7 * 3);
    sampleAffine(createPyramid(source), ontoBox(9, 7, 0, 0, 9, 7), 9, 7, RAW, target, 0);
    for (let i = 0; i < 63; i += 1)
      for (let channel = 0; channel < 3; channel += 1)
        expect(target[channel * 63 + i]).toBe(source.data[i * 3 + channel]);
  });

  it('keeps a plane of brightness a plane, at any scale inside the picture', () => {
    const source = image(96, 96, (x, y) => x + y);
    fc.assert(
      fc.property(
        fc.double({ min: 10, max: 30, noNaN: true }),
        fc.double({ min: 10, max: 30, noNaN: true }),
        fc.double({ min: 8, max: 50, noNaN: true }),
        (left, top, side) => {
          const target = new Float32Array(16 * 16 * 3);
          const map = ontoBox(16, 16, left, top, left + side, top + side);
          sampleAffine(createPyramid(source), map, 16, 16, RAW, target, 0);
          for (const [u, v] of [
            [0, 0],
            [15, 3],
            [7, 12],
          ] as const) {
            const x = left + ((u + 0.5) * side) / 16;
            const y = top + ((v + 0.5) * side) / 16;
            // The pixel at 3, 4 has its centre at 3.5, 4.5 and the value 7; halves are rounded.
            expect(Math.abs(target[v * 16 + u]! - (x + y - 1))).toBeLessThan(1.1);
          }
        },
      ),
    );
  });

  it('averages all pixels when it shrinks: a fine checkerboard turns grey', () => {
    const source = image(128, 128, (x, y) => ((x + y) % 2) * 255);
    const target = new Float32Array(8 * 8 * 3);
    sampleAffine(createPyramid(source), ontoBox(8, 8, 0, 0, 128, 128), 8, 8, RAW, target, 0);
    for (const value of target) expect(Math.abs(value - 127.5)).toBeLessThan(2);
  });

  it('is black outside, and normalises', () => {
    const pyramid = createPyramid(image(8, 8, () => 200));
    const normalisation = { mean: 100, scale: 0.01 };
    const target = new Float32Array(2 * 1 * 3 + 1);
    const map = ontoBox(2, 1, -8, 0, 8, 8);
    sampleAffine(pyramid, map, 2, 1, normalisation, target, 1);
    expect([...target]).toEqual([0, -1, 1, -1, 1, -1, 1]);
  });

  it('refuses a target that is too short', () => {
    const pyramid = createPyramid(noise(8, 8));
    const map = ontoBox(4, 4, 0, 0, 8, 8);
    expect(() => sampleAffine(pyramid, map, 4, 4, RAW, new Float32Array(47), 0)).toThrow(
      RangeError,
    );
    expect(() => sampleResized(pyramid, 4, 4, RAW, new Float32Array(47))).toThrow(RangeError);
  });
});

describe('sampleResized', () => {
  it.each([
    [20, 14],
    [13, 9],
    [33, 21],
    [5, 4],
  ])('equals sampleAffine with an upright map at %i × %i', (width, height) => {
    const pyramid = createPyramid(noise(20, 14));
    const expected = new Float32Array(width * height * 3);
    const rows = new Float32Array(width * height * 3);
    const map = ontoBox(width, height, 0, 0, 20, 14);
    sampleAffine(pyramid, map, width, height, RAW, expected, 0);
    sampleResized(pyramid, width, height, RAW, rows);
    for (let channel = 0; channel < 3; channel += 1)
      for (let y = 0; y < height; y += 1)
        for (let x = 0; x < width; x += 1) {
          const plane = channel * width * height;
          const value = expected[plane + y * width + x]!;
          expect(rows[plane + y * width + x]).toBeCloseTo(value, 3);
        }
  });
});

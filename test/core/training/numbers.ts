import { createRandom, normal } from '../../../electron/core/random.ts';

/** `count` random unit vectors, row by row. */
export function unitVectors(count: number, dimensions: number, seed: number): Float32Array {
  const random = createRandom(seed);
  const rows = Float32Array.from({ length: count * dimensions }, () => normal(random));
  for (let row = 0; row < count; row++) {
    const part = rows.subarray(row * dimensions, (row + 1) * dimensions);
    const length = Math.hypot(...part);
    part.forEach((value, i) => (part[i] = value / length));
  }
  return rows;
}

/** Slope of `f` by one number of `at`, by central differences. */
export function slopeAt(
  f: (values: Float32Array) => number,
  at: Float32Array,
  index: number,
  step = 1e-3,
): number {
  const moved = (by: number) => {
    const values = Float32Array.from(at);
    values[index]! += by;
    return { value: f(values), place: values[index]! };
  };
  const up = moved(step);
  const down = moved(-step);
  return (up.value - down.value) / (up.place - down.place);
}

/** Faces of separable people: a centre of length `apart` each, and noise of deviation 1 around it. */
export function separablePeople(
  people: number,
  facesEach: number,
  apart: number,
  seed: number,
): { readonly features: Float32Array; readonly persons: Int32Array; readonly photos: Int32Array } {
  const random = createRandom(seed);
  const count = people * facesEach;
  const features = new Float32Array(count * 512);
  for (let person = 0; person < people; person++) {
    const centre = Float32Array.from({ length: 512 }, () => apart * normal(random));
    for (let face = 0; face < facesEach; face++) {
      const at = (person * facesEach + face) * 512;
      for (let i = 0; i < 512; i++) features[at + i] = centre[i]! + normal(random);
    }
  }
  return {
    features,
    persons: Int32Array.from({ length: count }, (_, row) => Math.floor(row / facesEach)),
    photos: Int32Array.from({ length: count }, (_, row) => row),
  };
}

export function randomHead(seed: number) {
  const random = createRandom(seed);
  return {
    version: 'random',
    weights: Float32Array.from({ length: 192 * 512 }, () => normal(random) / 20),
    bias: Float32Array.from({ length: 192 }, () => normal(random) / 20),
  };
}

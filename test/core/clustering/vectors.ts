import { createRandom } from '../../../electron/core/random.ts';

/** Unit vectors without a pattern. */
export function randomVectors(count: number, dimensions: number, seed: number): number[][] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () =>
    unit(Array.from({ length: dimensions }, () => normal(random))),
  );
}

/** Faces of people: unit vectors around one centre a person, the nearer the smaller the spread. */
export function peopleVectors(
  sizes: readonly number[],
  dimensions: number,
  spread: number,
  seed: number,
): { readonly vectors: number[][]; readonly people: number[] } {
  const random = createRandom(seed);
  const vectors: number[][] = [];
  const people: number[] = [];
  for (const [person, size] of sizes.entries()) {
    const centre = unit(Array.from({ length: dimensions }, () => normal(random)));
    for (let face = 0; face < size; face++) {
      const scale = spread / Math.sqrt(dimensions);
      vectors.push(unit(centre.map((value) => value + scale * normal(random))));
      people.push(person);
    }
  }
  return { vectors, people };
}

export function unit(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

import { createRandom } from '../../electron/core/random.ts';

/** Random numbers that come out the same for the same seed. */
export interface Random {
  /** From 0 up to but not 1. */
  uniform(): number;
  /** Mean 0, variance 1. */
  normal(): number;
  /** A whole number from 0 to `count` − 1. */
  below(count: number): number;
}

/** Normal numbers by the method of Box and Muller. */
export function seededRandom(seed: number): Random {
  const uniform = createRandom(seed);
  let spare: number | undefined;
  return {
    uniform,
    normal() {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
      const angle = 2 * Math.PI * uniform();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
    below: (count) => Math.floor(uniform() * count),
  };
}

/** The numbers from 0 to `count` − 1 in random order (Fisher and Yates). */
export function shuffledOrder(count: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const other = random.below(i + 1);
    [order[i], order[other]] = [order[other]!, order[i]!];
  }
  return order;
}

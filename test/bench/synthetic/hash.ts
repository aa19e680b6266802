/** A whole number from 0 to 2³² − 1 for several of them, as seed of what belongs to just these (after splitmix32). */
export function hash(...numbers: readonly number[]): number {
  let state = 0x9e3779b9;
  for (const number of numbers) {
    state = (Math.imul(state, 31) + (number >>> 0) + 0x9e3779b9) >>> 0;
    state = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    state = Math.imul(state ^ (state >>> 15), 0x735a2d97);
    state = (state ^ (state >>> 15)) >>> 0;
  }
  return state;
}

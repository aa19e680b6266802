/**
 * Kendall's tau-b (1945): how far two lists rank alike; 1 the same, −1 reversed. Pairs that are tied
 * in one list count half.
 *
 * @throws RangeError when the lists are not equally long or a list ties everything.
 */
export function kendallTau(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) throw new RangeError(`${a.length} and ${b.length} cannot be compared`);
  let [agreement, untiedA, untiedB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < i; j++) {
      const [signA, signB] = [Math.sign(a[i]! - a[j]!), Math.sign(b[i]! - b[j]!)];
      agreement += signA * signB;
      untiedA += Math.abs(signA);
      untiedB += Math.abs(signB);
    }
  }
  if (untiedA === 0 || untiedB === 0)
    throw new RangeError('A list without differences ranks nothing');
  return agreement / Math.sqrt(untiedA * untiedB);
}

import { probabilityOf, type Odds } from '../verification.ts';

/**
 * How many of the faces that a group offers a person are expected to be that person, as a share, by
 * how alike each is to all the others that are said or offered to be the same.
 *
 * @param confirmed unit vectors of faces of the person.
 * @param offered unit vectors of faces that may be the person.
 * @param odds of the head that made the vectors.
 * @returns 0 to 1; null where nothing is offered, or there is nothing to compare with.
 */
export function expectedPrecision(
  confirmed: readonly Float32Array[],
  offered: readonly Float32Array[],
  odds: Odds,
): number | null {
  const all = [...confirmed, ...offered];
  if (offered.length === 0 || confirmed.length === 0) return null;
  const sum = new Float64Array(all[0]!.length);
  for (const vector of all) for (const [i, value] of vector.entries()) sum[i]! += value;
  let expected = 0;
  for (const vector of offered) {
    let withAll = 0;
    let withItself = 0;
    for (const [i, value] of vector.entries()) {
      withAll += value * sum[i]!;
      withItself += value * value;
    }
    const similarity = (withAll - withItself) / (all.length - 1);
    expected += probabilityOf(similarity, odds);
  }
  return expected / offered.length;
}

import { chooseSome, type Random } from '../random.ts';

/** Rows of each identity; rows of identity −1, which is nobody, are left out. */
export function rowsByIdentity(identities: ArrayLike<number>): Map<number, number[]> {
  const rows = new Map<number, number[]>();
  for (let row = 0; row < identities.length; row++) {
    const identity = identities[row]!;
    if (identity < 0) continue;
    const known = rows.get(identity);
    if (known) known.push(row);
    else rows.set(identity, [row]);
  }
  return rows;
}

/**
 * A batch of P identities × K faces each (Hermans et al., arXiv 1703.07737): rows, identity by
 * identity. Identities with a single face bring that one, as a negative for the others; only when
 * fewer than P have two faces are they chosen at all.
 */
export function sampleIdentities(
  rowsOf: ReadonlyMap<number, readonly number[]>,
  identityCount: number,
  faceCount: number,
  random: Random,
): number[] {
  const several: number[] = [];
  const single: number[] = [];
  for (const [identity, rows] of rowsOf) (rows.length > 1 ? several : single).push(identity);
  const chosen = chooseSome(several, identityCount, random);
  chosen.push(...chooseSome(single, identityCount - chosen.length, random));
  return chosen.flatMap((identity) => chooseSome(rowsOf.get(identity)!, faceCount, random));
}

/** Faces of a new group that were in one group before. */
export interface Overlap {
  /** Any number. */
  readonly group: number;
  /** Nothing for faces that were in none. */
  readonly oldId: number | undefined;
  readonly faces: number;
}

/**
 * Gives the groups of a new grouping the ids they had: each group takes the id of the old group it
 * shares most faces with, largest overlaps first; groups without one get new ids.
 *
 * @param overlaps all groups, in the order in which new ids are given out; those with the same group
 *   and id add up.
 * @param lastId the highest id ever given out.
 * @returns the id of each group, and the highest id given out now.
 */
export function keepGroupIds(
  overlaps: Iterable<Overlap>,
  lastId: number,
): { readonly idOfGroup: Map<number, number>; readonly lastId: number } {
  const groups = new Set<number>();
  const sums = new Map<string, { group: number; oldId: number; faces: number }>();
  for (const { group, oldId, faces } of overlaps) {
    groups.add(group);
    if (oldId === undefined) continue;
    const key = `${group} ${oldId}`;
    const sum = sums.get(key);
    if (sum) sum.faces += faces;
    else sums.set(key, { group, oldId, faces });
  }
  const idOfGroup = new Map<number, number>();
  const taken = new Set<number>();
  const ordered = [...sums.values()].sort(
    (a, b) => b.faces - a.faces || a.oldId - b.oldId || a.group - b.group,
  );
  for (const { group, oldId } of ordered) {
    if (idOfGroup.has(group) || taken.has(oldId)) continue;
    idOfGroup.set(group, oldId);
    taken.add(oldId);
  }
  let last = lastId;
  for (const group of groups) if (!idOfGroup.has(group)) idOfGroup.set(group, ++last);
  return { idOfGroup, lastId: last };
}

/**
 * Gives the groups of a new grouping the ids they had: each group takes the id of the old group it
 * shares most faces with, largest overlaps first; groups without one get new ids.
 *
 * @param groupOfFace face to its group in the new grouping, any numbers.
 * @param oldIds face to the id of its group before.
 * @param lastId the highest id ever given out.
 * @returns face to the id of its group, and the highest id given out now.
 */
export function keepGroupIds(
  groupOfFace: ReadonlyMap<number, number>,
  oldIds: ReadonlyMap<number, number>,
  lastId: number,
): { readonly ids: Map<number, number>; readonly lastId: number } {
  const overlaps = new Map<string, { group: number; oldId: number; faces: number }>();
  for (const [faceId, group] of groupOfFace) {
    const oldId = oldIds.get(faceId);
    if (oldId === undefined) continue;
    const key = `${group} ${oldId}`;
    const overlap = overlaps.get(key);
    if (overlap) overlap.faces++;
    else overlaps.set(key, { group, oldId, faces: 1 });
  }
  const idOfGroup = new Map<number, number>();
  const taken = new Set<number>();
  const ordered = [...overlaps.values()].sort(
    (a, b) => b.faces - a.faces || a.oldId - b.oldId || a.group - b.group,
  );
  for (const { group, oldId } of ordered) {
    if (idOfGroup.has(group) || taken.has(oldId)) continue;
    idOfGroup.set(group, oldId);
    taken.add(oldId);
  }
  let last = lastId;
  const ids = new Map<number, number>();
  for (const [faceId, group] of groupOfFace) {
    let id = idOfGroup.get(group);
    if (id === undefined) idOfGroup.set(group, (id = ++last));
    ids.set(faceId, id);
  }
  return { ids, lastId: last };
}

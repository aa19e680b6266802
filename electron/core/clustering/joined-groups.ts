/** Groups of one grouping that a group of another one took most of. */
export interface JoinedGroups {
  /** How often that happened. */
  readonly count: number;
  /** Some of them, the largest first: the parts, each a list of some of its faces. */
  readonly examples: readonly (readonly (readonly number[])[])[];
}

/**
 * Which groups came together from one grouping to another; the other way round, which fell apart.
 * A group counts when it has two faces and more, and goes where most of it goes.
 *
 * @param from group of each face before.
 * @param to group of each face after; faces that only one side knows are left out.
 */
export function joinedGroups(
  from: ReadonlyMap<number, number>,
  to: ReadonlyMap<number, number>,
  { examples, faces }: { readonly examples: number; readonly faces: number },
): JoinedGroups {
  const members = Map.groupBy(
    [...from.keys()].filter((faceId) => to.has(faceId)),
    (faceId) => from.get(faceId)!,
  );
  const partsOf = new Map<number, number[][]>();
  for (const group of members.values()) {
    if (group.length < 2) continue;
    for (const [target, part] of Map.groupBy(group, (faceId) => to.get(faceId)!)) {
      if (part.length <= group.length / 2) continue;
      partsOf.set(target, [...(partsOf.get(target) ?? []), part]);
    }
  }
  const joined = [...partsOf.values()].filter((parts) => parts.length > 1);
  // A part of few faces next to a large one shows as much as two large ones.
  const second = (parts: readonly number[][]) =>
    parts.map(({ length }) => length).toSorted((a, b) => b - a)[1]!;
  return {
    count: joined.length,
    examples: joined
      .sort((a, b) => second(b) - second(a) || a[0]![0]! - b[0]![0]!)
      .slice(0, examples)
      .map((parts) => parts.slice(0, examples).map((part) => part.slice(0, faces))),
  };
}

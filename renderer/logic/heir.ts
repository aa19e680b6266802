import { sectionOf, type Section } from './grid-layout.ts';

/** Where an item of a grid stands and what surrounds it, nearest first, those after it before those ahead. */
export interface Standing {
  readonly key: string;
  readonly section: string;
  readonly near: readonly string[];
}

/** Neighbours kept in mind on each side. */
const reach = 60;

export function standingOf(
  sections: readonly Section[],
  keyAt: (index: number) => string,
  index: number,
): Standing {
  const section = sectionOf(sections, index);
  const near: string[] = [];
  for (const direction of [1, -1]) {
    for (let step = 1; step <= reach; step++) {
      const other = index + step * direction;
      if (other >= 0 && sectionOf(sections, other) === section) near.push(keyAt(other));
    }
  }
  return { key: keyAt(index), section, near };
}

/**
 * Where the focus goes after the list has changed. It stays with its item; an item that has left
 * its section was dealt with, and the focus goes on to the one that followed it.
 *
 * @param total items of the new list, at least one
 * @returns an index, and whether it is still the same item
 */
export function heirOf(
  standing: Standing,
  sections: readonly Section[],
  keyAt: (index: number) => string,
  total: number,
  index: number,
): { readonly index: number; readonly same: boolean } {
  const { key, section, near } = standing;
  if (index < total && keyAt(index) === key && sectionOf(sections, index) === section) {
    return { index, same: true };
  }
  const places = new Map<string, number>();
  for (let other = 0; other < total; other++) {
    if (sectionOf(sections, other) === section) places.set(keyAt(other), other);
  }
  const own = places.get(key);
  if (own !== undefined) return { index: own, same: true };
  for (const neighbour of near) {
    const place = places.get(neighbour);
    if (place !== undefined) return { index: place, same: false };
  }
  return { index: Math.min(index, total - 1), same: false };
}

import { clusteringTuning } from '../tuning.ts';
import { conflict, noMarks, unite, type Marks } from './constraints.ts';

export interface GroupingFace {
  readonly faceId: number;
  readonly photoId: number;
  /** Geometric mean of box width and height, full-resolution pixels. */
  readonly size: number;
  /** 0 (blurred) to 1 (crisp). */
  readonly sharpness: number;
  /** Degrees, 0 frontal. */
  readonly yaw: number;
}

/** Faces that stay together, as far as joining with others needs to know them. */
export interface StandingGroup {
  readonly count: number;
  /** Sum of the faces' unit vectors. */
  readonly sum: Float32Array;
  /** Share of faces seen from the side, 0 to 1. */
  readonly profileShare: number;
  /** Whether any of them can be told apart well enough. */
  readonly isClear: boolean;
  readonly marks: Marks;
  /** Ascending, each once. */
  readonly photoIds: Float64Array;
}

/**
 * Sums faces up as a group.
 *
 * @param embedding unit vector of the face at an index.
 * @returns the group, and the indexes of faces that the user's words have driven out of it.
 */
export function standTogether(
  faces: readonly GroupingFace[],
  marksOf: (face: GroupingFace) => Marks,
  embedding: (index: number) => Float32Array,
  dimensions: number,
): { readonly group: StandingGroup; readonly drivenOut: readonly number[] } {
  const sum = new Float32Array(dimensions);
  const photoIds = new Set<number>();
  const drivenOut: number[] = [];
  let marks = noMarks;
  let profileShares = 0;
  let clear = false;
  for (const [index, face] of faces.entries()) {
    const ofFace = marksOf(face);
    if (conflict(marks, ofFace)) {
      drivenOut.push(index);
      continue;
    }
    marks = unite(marks, ofFace);
    const vector = embedding(index);
    for (let i = 0; i < dimensions; i++) sum[i]! += vector[i]!;
    photoIds.add(face.photoId);
    profileShares += profileShare(face);
    clear ||= isClear(face);
  }
  const count = faces.length - drivenOut.length;
  const group = {
    count,
    sum,
    profileShare: profileShares / count,
    isClear: clear,
    marks,
    photoIds: Float64Array.from(photoIds).sort(),
  };
  return { group, drivenOut };
}

/** One group of several. */
export function uniteStanding(groups: readonly StandingGroup[]): StandingGroup {
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  const shares = groups.reduce((sum, group) => sum + group.count * group.profileShare, 0);
  return {
    count,
    sum: groups[0]!.sum.map((_, i) => groups.reduce((sum, group) => sum + group.sum[i]!, 0)),
    profileShare: shares / count,
    isClear: groups.some((group) => group.isClear),
    marks: groups.reduce((marks, group) => unite(marks, group.marks), noMarks),
    photoIds: groups.map((group) => group.photoIds).reduce(uniteAscending),
  };
}

function uniteAscending(a: Float64Array, b: Float64Array): Float64Array {
  const united = new Float64Array(a.length + b.length);
  let [size, atA, atB] = [0, 0, 0];
  while (atA < a.length || atB < b.length) {
    const [valueA, valueB] = [a[atA] ?? Infinity, b[atB] ?? Infinity];
    united[size++] = Math.min(valueA, valueB);
    if (valueA <= valueB) atA++;
    if (valueB <= valueA) atB++;
  }
  return united.slice(0, size);
}

/** Whether a face can be told apart well enough to found a group. */
export function isClear({ size, sharpness }: Pick<GroupingFace, 'size' | 'sharpness'>): boolean {
  return size >= clusteringTuning.clearSize && sharpness >= clusteringTuning.clearSharpness;
}

/** How far a face counts as seen from the side: 0 up to one angle, 1 from another. */
export function profileShare({ yaw }: Pick<GroupingFace, 'yaw'>): number {
  const { frontalYaw, profileYaw } = clusteringTuning;
  return Math.min(1, Math.max(0, (Math.abs(yaw) - frontalYaw) / (profileYaw - frontalYaw)));
}

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
  /** Each once. */
  readonly photoIds: readonly number[];
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
    photoIds: [...photoIds],
  };
  return { group, drivenOut };
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

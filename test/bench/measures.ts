/** x1, y1, x2, y2 in pixels. */
export type Corners = readonly [number, number, number, number];

export interface ScoredBox {
  readonly box: Corners;
  readonly score: number;
}

/**
 * FDDB's annotators drew ellipses around whole heads, higher and taller than our boxes: shift down
 * and factors of width and height, as shares of the box, found on the development part.
 */
const ANNOTATED = { down: -0.077, width: 1.12, height: 1.26 } as const;

/** One of our boxes as FDDB's annotators would have drawn it. */
export function annotatedBox([x1, y1, x2, y2]: Corners): Corners {
  const width = x2 - x1;
  const height = y2 - y1;
  const x = (x1 + x2) / 2;
  const y = (y1 + y2) / 2 + ANNOTATED.down * height;
  const halfWidth = (width * ANNOTATED.width) / 2;
  const halfHeight = (height * ANNOTATED.height) / 2;
  return [x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight];
}

export function intersectionOverUnion(a: Corners, b: Corners): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (!(width > 0 && height > 0)) return 0;
  const areas = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]);
  return (width * height) / (areas - width * height);
}

/**
 * Recall at given counts of false positives over all photos together. In each photo the best
 * detections choose first, each the free marked face that it overlaps most.
 */
export function recallAtFalsePositives(
  photos: readonly { readonly faces: readonly Corners[]; readonly found: readonly ScoredBox[] }[],
  leastOverlap: number,
  counts: readonly number[],
): number[] {
  let total = 0;
  const outcomes: { score: number; hit: boolean }[] = [];
  for (const { faces, found } of photos) {
    total += faces.length;
    const free = new Set(faces.keys());
    for (const { box, score } of [...found].sort((a, b) => b.score - a.score)) {
      let best = -1;
      let most = leastOverlap;
      for (const index of free) {
        const overlap = intersectionOverUnion(box, faces[index]!);
        if (overlap >= most) {
          most = overlap;
          best = index;
        }
      }
      free.delete(best);
      outcomes.push({ score, hit: best >= 0 });
    }
  }
  outcomes.sort((a, b) => b.score - a.score);
  return counts.map((count) => {
    let hits = 0;
    let misses = 0;
    for (const { hit } of outcomes) {
      if (hit) hits += 1;
      else misses += 1;
      if (misses > count) break;
    }
    return hits / total;
  });
}

export interface ScoredPair {
  readonly fold: number;
  readonly similarity: number;
  readonly same: boolean;
}

/** Mean accuracy over folds, each judged at the threshold that is best for all other folds (LFW's protocol). */
export function foldedAccuracy(pairs: readonly ScoredPair[]): number {
  const folds = [...new Set(pairs.map(({ fold }) => fold))];
  let sum = 0;
  for (const fold of folds) {
    const threshold = bestThreshold(pairs.filter((pair) => pair.fold !== fold));
    const held = pairs.filter((pair) => pair.fold === fold);
    sum += held.filter((pair) => pair.similarity >= threshold === pair.same).length / held.length;
  }
  return sum / folds.length;
}

/** The least similarity to be called the same that makes the fewest mistakes; half way between two pairs. */
export function bestThreshold(pairs: readonly ScoredPair[]): number {
  const sorted = [...pairs].sort((a, b) => b.similarity - a.similarity);
  let right = pairs.filter(({ same }) => !same).length;
  let best = right;
  let threshold = Infinity;
  sorted.forEach(({ same, similarity }, i) => {
    right += same ? 1 : -1;
    const next = sorted[i + 1]?.similarity ?? -1;
    if (right > best && next < similarity) {
      best = right;
      threshold = (similarity + next) / 2;
    }
  });
  return threshold;
}

/** Share of same pairs accepted where at most `rate` of the different pairs are. */
export function acceptanceAtFalseAcceptance(pairs: readonly ScoredPair[], rate: number): number {
  const different = pairs
    .filter(({ same }) => !same)
    .map(({ similarity }) => similarity)
    .sort((a, b) => b - a);
  const limit = different[Math.floor(different.length * rate)] ?? -Infinity;
  const same = pairs.filter((pair) => pair.same);
  return same.filter(({ similarity }) => similarity > limit).length / same.length;
}

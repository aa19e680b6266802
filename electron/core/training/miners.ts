import { pairSquaredDistances, type LabelledBatch } from './distances.ts';
import type { Random } from '../random.ts';

/** Triplets as rows of a batch: anchor and positive are one person, the negative is another. */
export interface Triplets {
  readonly anchors: Uint32Array;
  readonly positives: Uint32Array;
  readonly negatives: Uint32Array;
}

/** Rows of identity −1 are nobody's and take no part; `margin` is on squared distances, 0 to 4. */
export type Miner = (batch: LabelledBatch, margin: number, random: Random) => Triplets;

/** For each pair of anchor and positive one negative by chance. */
export const mineRandom: Miner = (batch, _margin, random) =>
  collect(batch, (_anchor, _positive, negatives) => [
    negatives[Math.floor(random() * negatives.length)]!,
  ]);

/** All triplets that violate the margin: distance(a, p) + margin > distance(a, n). */
export const mineBatchAll: Miner = (batch, margin) => {
  const distance = distances(batch);
  return collect(batch, (anchor, positive, negatives) =>
    negatives.filter(
      (negative) => distance(anchor, positive) + margin > distance(anchor, negative),
    ),
  );
};

/**
 * For each pair of anchor and positive the nearest negative that is farther than the positive and
 * within the margin (Schroff et al., FaceNet, arXiv 1503.03832).
 */
export const mineSemiHard: Miner = (batch, margin) => {
  const distance = distances(batch);
  return collect(batch, (anchor, positive, negatives) => {
    const near = distance(anchor, positive);
    const within = negatives.filter((negative) => {
      const far = distance(anchor, negative);
      return far > near && far < near + margin;
    });
    return within.length === 0 ? [] : [least(within, (row) => distance(anchor, row))];
  });
};

/**
 * For each anchor its farthest positive and its nearest negative (Hermans et al.,
 * arXiv 1703.07737).
 */
export const mineBatchHard: Miner = (batch) => {
  const distance = distances(batch);
  const triplets: [number, number, number][] = [];
  forEachAnchor(batch, (anchor, positives, negatives) => {
    if (positives.length === 0 || negatives.length === 0) return;
    const positive = least(positives, (row) => -distance(anchor, row));
    triplets.push([anchor, positive, least(negatives, (row) => distance(anchor, row))]);
  });
  return pack(triplets);
};

function distances({ embeddings, dimensions }: LabelledBatch) {
  const matrix = pairSquaredDistances(embeddings, dimensions);
  const count = embeddings.length / dimensions;
  return (a: number, b: number): number => matrix[a * count + b]!;
}

function collect(
  batch: LabelledBatch,
  choose: (anchor: number, positive: number, negatives: readonly number[]) => readonly number[],
): Triplets {
  const triplets: [number, number, number][] = [];
  forEachAnchor(batch, (anchor, positives, negatives) => {
    if (negatives.length === 0) return;
    for (const positive of positives) {
      for (const negative of choose(anchor, positive, negatives)) {
        triplets.push([anchor, positive, negative]);
      }
    }
  });
  return pack(triplets);
}

function forEachAnchor(
  { identities }: LabelledBatch,
  visit: (anchor: number, positives: readonly number[], negatives: readonly number[]) => void,
): void {
  for (let anchor = 0; anchor < identities.length; anchor++) {
    if (identities[anchor]! < 0) continue;
    const positives: number[] = [];
    const negatives: number[] = [];
    for (let row = 0; row < identities.length; row++) {
      if (row === anchor || identities[row]! < 0) continue;
      (identities[row] === identities[anchor] ? positives : negatives).push(row);
    }
    visit(anchor, positives, negatives);
  }
}

function least(rows: readonly number[], measure: (row: number) => number): number {
  return rows.reduce((best, row) => (measure(row) < measure(best) ? row : best));
}

function pack(triplets: readonly (readonly [number, number, number])[]): Triplets {
  return {
    anchors: Uint32Array.from(triplets, ([anchor]) => anchor),
    positives: Uint32Array.from(triplets, ([, positive]) => positive),
    negatives: Uint32Array.from(triplets, ([, , negative]) => negative),
  };
}

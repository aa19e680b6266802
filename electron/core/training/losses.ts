import { rowProduct } from '../vectors.ts';
import type { Triplets } from './miners.ts';

/** What a loss says of a batch. */
export interface LossOutcome {
  /** Mean over the triplets or pairs; 0 for none. */
  readonly loss: number;
  /** Share of triplets or pairs that still pull or push, 0 to 1. */
  readonly active: number;
  /** Slope of the loss by each number of the embeddings: count × dimensions. */
  readonly gradient: Float32Array;
}

/** Pairs of rows, each with a weight ≥ 0 and whether both are one person. */
export interface WeightedPairs {
  readonly first: Uint32Array;
  readonly second: Uint32Array;
  /** Share of the loss; those of one kind should sum to 1. */
  readonly weights: Float32Array;
  /** 1 for one person, 0 for two. */
  readonly same: Uint8Array;
}

/**
 * mean of max(0, ‖a − p‖² − ‖a − n‖² + margin) over triplets of unit vectors (FaceNet,
 * arXiv 1503.03832).
 *
 * @param margin on squared distances, 0 to 4.
 */
export function tripletLoss(
  embeddings: Float32Array,
  dimensions: number,
  triplets: Triplets,
  margin: number,
): LossOutcome {
  return overTriplets(embeddings, dimensions, triplets, (violation) => {
    const cost = violation + margin;
    return cost > 0 ? [cost, 1] : [0, 0];
  });
}

/** mean of ln(1 + exp(‖a − p‖² − ‖a − n‖²)): never quite done (Hermans et al., arXiv 1703.07737). */
export function softMarginTripletLoss(
  embeddings: Float32Array,
  dimensions: number,
  triplets: Triplets,
): LossOutcome {
  return overTriplets(embeddings, dimensions, triplets, (violation) => [
    softplus(violation),
    logistic(violation),
  ]);
}

/**
 * Weighted sum over Siamese pairs: ‖a − b‖² for one person, max(0, margin − ‖a − b‖)² for two
 * (Hadsell, Chopra and LeCun 2006).
 *
 * @param margin on distances, 0 to 2.
 */
export function contrastiveLoss(
  embeddings: Float32Array,
  dimensions: number,
  pairs: WeightedPairs,
  margin: number,
): LossOutcome {
  return overPairs(embeddings, dimensions, pairs, (similarity, same) => {
    const square = Math.max(0, 2 - 2 * similarity);
    if (same) return [square, -2];
    const distance = Math.sqrt(square);
    const short = margin - distance;
    if (short <= 0) return [0, 0];
    // The slope of the distance by the similarity is −1 / distance.
    return [short * short, (2 * short) / Math.max(distance, 1e-6)];
  });
}

/**
 * Weighted sum over Siamese pairs of the negative log likelihood under
 * P(same) = σ(scale · (cosine similarity − threshold)).
 */
export function pairLogisticLoss(
  embeddings: Float32Array,
  dimensions: number,
  pairs: WeightedPairs,
  { scale, threshold }: { readonly scale: number; readonly threshold: number },
): LossOutcome {
  return overPairs(embeddings, dimensions, pairs, (similarity, same) => {
    const against = same ? scale * (threshold - similarity) : scale * (similarity - threshold);
    // Both from one exponential, without overflow.
    const small = Math.exp(-Math.abs(against));
    const cost = Math.max(against, 0) + Math.log1p(small);
    const slope = (scale * (against > 0 ? 1 : small)) / (1 + small);
    return [cost, same ? -slope : slope];
  });
}

/** Slopes this small are left out, and those below the second do not count as active. */
const negligible = 1e-6;
const idle = 1e-2;

function overTriplets(
  embeddings: Float32Array,
  dimensions: number,
  { anchors, positives, negatives }: Triplets,
  cost: (violation: number) => readonly [cost: number, slope: number],
): LossOutcome {
  const gradient = new Float32Array(embeddings.length);
  const count = anchors.length;
  let sum = 0;
  let active = 0;
  for (let index = 0; index < count; index++) {
    const a = anchors[index]! * dimensions;
    const p = positives[index]! * dimensions;
    const n = negatives[index]! * dimensions;
    let near = 0;
    let far = 0;
    for (let i = 0; i < dimensions; i++) {
      near += (embeddings[a + i]! - embeddings[p + i]!) ** 2;
      far += (embeddings[a + i]! - embeddings[n + i]!) ** 2;
    }
    const [value, slope] = cost(near - far);
    sum += value;
    if (slope <= negligible) continue;
    if (slope > idle) active++;
    const factor = (2 * slope) / count;
    for (let i = 0; i < dimensions; i++) {
      const atA = embeddings[a + i]!;
      const atP = embeddings[p + i]!;
      const atN = embeddings[n + i]!;
      gradient[a + i]! += factor * (atN - atP);
      gradient[p + i]! += factor * (atP - atA);
      gradient[n + i]! += factor * (atA - atN);
    }
  }
  return { loss: count && sum / count, active: count && active / count, gradient };
}

function overPairs(
  embeddings: Float32Array,
  dimensions: number,
  { first, second, weights, same }: WeightedPairs,
  cost: (similarity: number, same: boolean) => readonly [cost: number, slope: number],
): LossOutcome {
  const gradient = new Float32Array(embeddings.length);
  const count = first.length;
  let loss = 0;
  let active = 0;
  for (let index = 0; index < count; index++) {
    const a = first[index]! * dimensions;
    const b = second[index]! * dimensions;
    const similarity = rowProduct(embeddings, dimensions, first[index]!, second[index]!);
    const [value, slope] = cost(similarity, same[index] === 1);
    loss += weights[index]! * value;
    if (Math.abs(slope) <= negligible) continue;
    if (Math.abs(slope) > idle) active++;
    const factor = weights[index]! * slope;
    for (let i = 0; i < dimensions; i++) {
      gradient[a + i]! += factor * embeddings[b + i]!;
      gradient[b + i]! += factor * embeddings[a + i]!;
    }
  }
  return { loss, active: count && active / count, gradient };
}

export function logistic(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

/** ln(1 + exp(value)) without overflow. */
function softplus(value: number): number {
  return Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)));
}

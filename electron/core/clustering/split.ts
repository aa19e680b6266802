import { clusteringTuning } from '../tuning.ts';
import { cosineSimilarity } from '../vectors.ts';

/** Two sides of a group that are likely two people. */
export interface SplitProposal {
  /** Indexes of the smaller side. */
  readonly side: readonly number[];
  /** Mean cosine similarity of all pairs across, and the mean within the sides. */
  readonly between: number;
  readonly within: number;
}

/**
 * The best cut of a group in two: spherical 2-means (Dhillon and Modha 2001) from the pair of faces
 * that are farthest apart.
 *
 * @param embeddings unit vectors.
 * @returns nothing where one side would be empty.
 */
export function proposeSplit(embeddings: readonly Float32Array[]): SplitProposal | undefined {
  if (embeddings.length < 2) return undefined;
  // From any face the farthest, and from that one the farthest: far apart, without looking at all pairs.
  const first = farthest(embeddings, embeddings[0]!);
  const second = farthest(embeddings, embeddings[first]!);
  if (first === second) return undefined;
  let centres = [embeddings[first]!, embeddings[second]!];
  let sides = new Uint8Array(embeddings.length);
  for (let round = 0; round < clusteringTuning.splitRounds; round++) {
    const next = Uint8Array.from(embeddings, (embedding) =>
      cosineSimilarity(embedding, centres[1]!) > cosineSimilarity(embedding, centres[0]!) ? 1 : 0,
    );
    const same = round > 0 && next.every((side, at) => side === sides[at]);
    sides = next;
    if (same) break;
    centres = [0, 1].map((side) => unitMean(embeddings.filter((_, at) => sides[at] === side)));
  }
  const groups = [0, 1].map((side) => embeddings.filter((_, at) => sides[at] === side));
  if (groups[0]!.length === 0 || groups[1]!.length === 0) return undefined;
  const smaller = groups[1]!.length <= groups[0]!.length ? 1 : 0;
  const sums = groups.map(sum);
  const between = cosineSimilarity(sums[0]!, sums[1]!) / (groups[0]!.length * groups[1]!.length);
  let inside = 0;
  let pairs = 0;
  for (const [at, group] of groups.entries()) {
    inside += cosineSimilarity(sums[at]!, sums[at]!) - group.length;
    pairs += group.length * (group.length - 1);
  }
  return {
    side: [...sides.keys()].filter((at) => sides[at] === smaller),
    between,
    within: pairs > 0 ? inside / pairs : 1,
  };
}

function farthest(embeddings: readonly Float32Array[], from: Float32Array): number {
  let at = 0;
  let least = Infinity;
  for (const [index, embedding] of embeddings.entries()) {
    const similarity = cosineSimilarity(embedding, from);
    if (similarity < least) [at, least] = [index, similarity];
  }
  return at;
}

function sum(vectors: readonly Float32Array[]): Float32Array {
  const total = new Float32Array(vectors[0]!.length);
  for (const vector of vectors) for (let i = 0; i < total.length; i++) total[i]! += vector[i]!;
  return total;
}

function unitMean(vectors: readonly Float32Array[]): Float32Array {
  if (vectors.length === 0) return new Float32Array(0);
  const total = sum(vectors);
  const length = Math.sqrt(cosineSimilarity(total, total));
  return length > 0 ? total.map((value) => value / length) : total;
}

import type { HardTriplet } from '../../contract/learning.ts';
import { EMBEDDING_SIZE, embedFeatures, type Head } from '../../core/head.ts';
import { chooseSome, createRandom } from '../../core/random.ts';
import { mineBatchHard } from '../../core/training/miners.ts';
import { rowProduct } from '../../core/vectors.ts';
import { selectRows } from '../../core/training/training-faces.ts';
import { learningTuning } from '../../core/tuning.ts';
import type { GatheredFaces } from './gather.ts';

/** The named faces that were hardest to tell apart, with their distances before and after. */
export function hardestTriplets(
  { faces, faceIds }: GatheredFaces,
  before: Head,
  after: Head,
  seed: number,
): HardTriplet[] {
  const random = createRandom(seed);
  const named = [...faces.persons.keys()].filter((row) => faces.persons[row]! >= 0);
  const rows = chooseSome(named, learningTuning.tripletFaces, random);
  const features = selectRows(faces.features, rows);
  const old = embedFeatures(before, features);
  const fresh = embedFeatures(after, features);
  const identities = rows.map((row) => faces.persons[row]!);
  const batch = { embeddings: old, dimensions: EMBEDDING_SIZE, identities };
  const { anchors, positives, negatives } = mineBatchHard(batch, 0, random);
  const distance = (embeddings: Float32Array, a: number, b: number) =>
    Math.max(0, 2 - 2 * rowProduct(embeddings, EMBEDDING_SIZE, a, b));
  const triplets = Array.from(anchors, (anchor, at) => {
    const positive = positives[at]!;
    const negative = negatives[at]!;
    const distances = (embeddings: Float32Array) => ({
      positive: distance(embeddings, anchor, positive),
      negative: distance(embeddings, anchor, negative),
    });
    const faceId = (row: number) => faceIds[rows[row]!]!;
    return {
      anchor: faceId(anchor),
      positive: faceId(positive),
      negative: faceId(negative),
      before: distances(old),
      after: distances(fresh),
    };
  });
  const violation = ({ before: { positive, negative } }: HardTriplet) => positive - negative;
  return triplets
    .sort((a, b) => violation(b) - violation(a))
    .slice(0, learningTuning.shownTriplets);
}

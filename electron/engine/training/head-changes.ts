import type { PulledPair, TurnedFace } from '../../contract/learning.ts';
import { EMBEDDING_SIZE, embedFeatures, type Head } from '../../core/head.ts';
import { chooseSome, createRandom } from '../../core/random.ts';
import { rowProduct } from '../../core/vectors.ts';
import { selectRows } from '../../core/training/training-faces.ts';
import { learningTuning, verificationTuning } from '../../core/tuning.ts';
import { similarityOf, type Odds } from '../../core/verification.ts';
import type { GatheredFaces } from './gather.ts';

/** A head, and how the similarities of pairs are read that it gives. */
export interface ReadHead {
  readonly head: Head;
  readonly odds: Odds;
}

export interface HeadChanges {
  /** Named faces that resembled somebody else most, and now their own person. */
  readonly turned: TurnedFace[];
  readonly turnedRight: number;
  /** The other way round. */
  readonly turnedWrong: number;
  /** Faces of two people that passed for one, and are told apart now; one of each two people. */
  readonly pulled: PulledPair[];
}

/** What another head changes for the named faces. */
export function headChanges(
  { faces, faceIds }: GatheredFaces,
  before: ReadHead,
  after: ReadHead,
  seed: number,
): HeadChanges {
  const named = [...faces.persons.keys()].filter((row) => faces.persons[row]! >= 0);
  const rows = chooseSome(named, learningTuning.tripletFaces, createRandom(seed));
  const features = selectRows(faces.features, rows);
  const [old, fresh] = [before, after].map(({ head }) => embedFeatures(head, features)) as [
    Float32Array,
    Float32Array,
  ];
  const persons = rows.map((row) => faces.persons[row]!);
  const faceId = (at: number) => faceIds[rows[at]!]!;
  const [wasLike, isLike] = [nearestPersons(old, persons), nearestPersons(fresh, persons)];
  const all = [...persons.keys()];
  const right = all.filter((at) => wasLike[at] !== persons[at] && isLike[at] === persons[at]);
  const wrong = all.filter((at) => wasLike[at] === persons[at] && isLike[at] !== persons[at]);
  return {
    turned: right.slice(0, learningTuning.shownTurned).map((at) => ({
      faceId: faceId(at),
      personId: persons[at]!,
      beforePersonId: wasLike[at]!,
    })),
    turnedRight: right.length,
    turnedWrong: wrong.length,
    pulled: pulledPairs(old, fresh, persons, limitOf(before), limitOf(after)).map(
      ({ a, b, ...distances }) => ({
        faceId: faceId(a),
        otherFaceId: faceId(b),
        ...distances,
      }),
    ),
  };
}

/** The person whose other faces each face resembles most on average. */
function nearestPersons(embeddings: Float32Array, persons: readonly number[]): number[] {
  const sums = new Map<number, { readonly sum: Float64Array; count: number }>();
  for (const [row, person] of persons.entries()) {
    const known = sums.get(person) ?? { sum: new Float64Array(EMBEDDING_SIZE), count: 0 };
    sums.set(person, known);
    known.count++;
    for (let i = 0; i < EMBEDDING_SIZE; i++) known.sum[i]! += embeddings[row * EMBEDDING_SIZE + i]!;
  }
  return persons.map((own, row) => {
    let [nearest, best] = [own, -Infinity];
    for (const [person, { sum, count }] of sums) {
      const others = person === own ? count - 1 : count;
      if (others === 0) continue;
      let dot = person === own ? -1 : 0;
      for (let i = 0; i < EMBEDDING_SIZE; i++)
        dot += embeddings[row * EMBEDDING_SIZE + i]! * sum[i]!;
      if (dot / others > best) [nearest, best] = [person, dot / others];
    }
    return nearest;
  });
}

/** Squared distance up to which two faces pass for one person. */
const limitOf = ({ odds }: ReadHead) =>
  2 - 2 * similarityOf(verificationTuning.sameProbability, odds);

function pulledPairs(
  old: Float32Array,
  fresh: Float32Array,
  persons: readonly number[],
  limitBefore: number,
  limitAfter: number,
) {
  const distance = (embeddings: Float32Array, a: number, b: number) =>
    Math.max(0, 2 - 2 * rowProduct(embeddings, EMBEDDING_SIZE, a, b));
  const best = new Map<string, { a: number; b: number; before: number; after: number }>();
  for (const [a, person] of persons.entries()) {
    for (let b = 0; b < a; b++) {
      const other = persons[b]!;
      if (person === other) continue;
      const before = distance(old, a, b);
      if (before > limitBefore) continue;
      const after = distance(fresh, a, b);
      if (after <= limitAfter) continue;
      const key = `${Math.min(person, other)} ${Math.max(person, other)}`;
      const known = best.get(key);
      if (!known || after - before > known.after - known.before) {
        best.set(key, { a, b, before, after });
      }
    }
  }
  return [...best.values()]
    .sort((p, q) => q.after - q.before - (p.after - p.before))
    .slice(0, learningTuning.shownPulled);
}

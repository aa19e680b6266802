import { compactWithDirections } from '../../electron/core/compact.ts';
import { EMBEDDING_SIZE, embedFeatures, type Head } from '../../electron/core/head.ts';
import type { GenericFaces } from '../../electron/core/training/generic-faces.ts';
import {
  countPairs,
  mixCounts,
  type PairCounts,
} from '../../electron/core/training/calibration.ts';
import { mixHeads, readFaces } from '../../electron/core/training/head-layer.ts';
import { rowProduct } from '../../electron/core/vectors.ts';
import type { PairRecipe } from '../../electron/core/training/recipe.ts';
import { measureSeparation } from '../../electron/core/training/separation.ts';
import { trainHead, type ReadFeatures } from '../../electron/core/training/train-head.ts';
import { findWhitening } from '../../electron/core/training/whitening.ts';
import { trainingTuning } from '../../electron/core/tuning.ts';
import { joinAlbums, type MeasuredAlbum } from './identities.ts';
import { kinOf, numbered, selectFaces, type Album } from './learn-album.ts';
import { acceptanceAtFalseAcceptance, foldedAccuracy, type ScoredPair } from './measures.ts';

/** How the head that Kith comes with is trained, on all faces of people who are known. */
export interface EncoderRecipe {
  readonly pairs: PairRecipe;
  /** Share of the change that is taken, 0 to 1. */
  readonly share: number;
}

/** Trains a head on all faces of some albums, whose pairs of one person together weigh the same. */
export function trainEncoder(
  base: Head,
  albums: readonly Album[],
  { pairs: recipe, share }: EncoderRecipe,
  generic: readonly GenericFaces[],
  seed: number,
  version: string,
): Head {
  const { features, identities, photos } = joinAlbums(albums);
  const weights = Float32Array.from(albums.flatMap(weighFaces));
  const training = trainHead(
    base,
    {
      features,
      persons: numbered(identities),
      photos: numbered(photos),
      rejections: [],
      apart: [],
    },
    {
      recipe,
      doubts: trainingTuning.doubts,
      generic,
      weights,
      // Names are right here: what resembles others more is what there is to learn.
      known: { read: readEvenly(base, albums, features, recipe, seed), doubts: [] },
      seed,
      version,
    },
  );
  for (;;) {
    const next = training.next();
    if (next.done) return mixHeads(base, next.value.head, share);
  }
}

/** In directions in which the albums differ as if each had about as many faces as the largest. */
function readEvenly(
  base: Head,
  albums: readonly Album[],
  features: Float32Array,
  { rank, biasInput }: PairRecipe,
  seed: number,
): ReadFeatures {
  const most = Math.max(...albums.map((album) => album.identities.length));
  const repeated = albums.flatMap((album) =>
    new Array<Album>(Math.round(most / album.identities.length)).fill(album),
  );
  const whitening = findWhitening(joinAlbums(repeated).features, rank, biasInput, seed);
  const { head, directions } = compactWithDirections(base);
  return { whitening, directions, inputs: readFaces(head, whitening, features) };
}

/** Weights of faces, which multiply to those of pairs; the pairs of one person sum to 1. */
export function weighFaces({ identities }: Album): number[] {
  let pairs = 0;
  for (const rows of Map.groupBy(identities, (identity) => identity).values()) {
    pairs += (rows.length * (rows.length - 1)) / 2;
  }
  return identities.map(() => 1 / Math.sqrt(pairs));
}

/** What a head comes to on people that it has not seen. */
export interface EncoderFigures {
  /** Share of true pairs accepted at 1 false one in 1,000, all pairs of faces; mean over parts. */
  readonly accepted: number;
  /** BCubed F at the best threshold; mean over parts. */
  readonly grouped: number;
  /** Share of true pairs accepted at 1 false one in 100 among pairs of kin; null without kin. */
  readonly kin: number | null;
  /** Accuracy on the listed pairs, at the threshold best for the other folds; null without a list. */
  readonly listed: number | null;
}

/**
 * Measures each part of an album with the head that was trained on the others.
 *
 * @param headOfPart may be one head for all.
 */
export function measureParts(
  album: MeasuredAlbum,
  partOf: ArrayLike<number>,
  headOfPart: readonly Head[],
): EncoderFigures {
  const rows = [...album.identities.keys()];
  const separations: { accepted: number; grouped: number }[] = [];
  const kin: number[] = [];
  const scored: ScoredPair[] = [];
  for (const [part, head] of headOfPart.entries()) {
    const ofPart = rows.filter((row) => partOf[row] === part);
    if (ofPart.length === 0) continue;
    const { features, identities } = selectFaces(album, ofPart);
    const embeddings = embedFeatures(head, features);
    separations.push(measureSeparation(embeddings, EMBEDDING_SIZE, numbered(identities)));
    const related = acceptedAmongKin(embeddings, identities);
    if (related !== null) kin.push(related);
    const placeOf = new Map(ofPart.map((row, place) => [row, place]));
    scored.push(...scorePairs(album, embeddings, placeOf));
  }
  return {
    accepted: mean(separations.map(({ accepted }) => accepted)),
    grouped: mean(separations.map(({ grouped }) => grouped)),
    kin: kin.length === 0 ? null : mean(kin),
    listed: scored.length === 0 ? null : foldedAccuracy(scored),
  };
}

/** Pairs of an album's faces by similarity; half of those of two people are kin, where there are any. */
export function countKinPairs(head: Head, { features, identities }: Album): PairCounts {
  const embeddings = embedFeatures(head, features);
  const people = numbered(identities);
  const kin = identities.map(kinOf);
  const all = countPairs(embeddings, EMBEDDING_SIZE, people);
  const related = countPairs(embeddings, EMBEDDING_SIZE, people, (first, second) =>
    kin[first] === kin[second] ? 1 : 0,
  );
  return related.different.some((count) => count > 0) ? mixCounts([all, related]) : all;
}

/** Accuracy on an album's listed pairs, and true pairs accepted at 1 false one in 1,000. */
export function measureListedPairs(album: MeasuredAlbum, head: Head) {
  const embeddings = embedFeatures(head, album.features);
  const placeOf = new Map(album.identities.map((_, row) => [row, row]));
  const scored = scorePairs(album, embeddings, placeOf);
  return {
    accuracy: foldedAccuracy(scored),
    accepted: acceptanceAtFalseAcceptance(scored, 0.001),
  };
}

function scorePairs(
  { pairs }: MeasuredAlbum,
  embeddings: Float32Array,
  placeOf: ReadonlyMap<number, number>,
): ScoredPair[] {
  return pairs.flatMap(({ a, b, same, fold }) => {
    const [first, second] = [placeOf.get(a), placeOf.get(b)];
    if (first === undefined || second === undefined) return [];
    return [{ same, fold, similarity: rowProduct(embeddings, EMBEDDING_SIZE, first, second) }];
  });
}

function acceptedAmongKin(embeddings: Float32Array, identities: readonly string[]): number | null {
  const scored: ScoredPair[] = [];
  const rowsOfKin = Map.groupBy(identities.keys(), (row) => kinOf(identities[row]!));
  for (const rows of rowsOfKin.values()) {
    for (const [place, a] of rows.entries()) {
      for (const b of rows.slice(0, place)) {
        const similarity = rowProduct(embeddings, EMBEDDING_SIZE, a, b);
        scored.push({ fold: 0, similarity, same: identities[a] === identities[b] });
      }
    }
  }
  return scored.every(({ same }) => same) ? null : acceptanceAtFalseAcceptance(scored, 0.01);
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / (values.length || 1);

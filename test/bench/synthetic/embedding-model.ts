import { seededRandom } from '../random.ts';
import { hash } from './hash.ts';

/**
 * How embeddings come about: a person is a direction, kin share a part of it with their family;
 * modes of a person (ages, poses) stray from it, and each face strays from its mode, unclear ones
 * further.
 */
export interface EmbeddingModel {
  /** Root mean square of each axis of unit vectors, falling; axes beyond are next to nothing. */
  readonly axes: readonly number[];
  /** Mean cosine similarity of the directions of two people who are not kin. */
  readonly strangers: number;
  /** The same of two of a family: mean, and standard deviation between families. */
  readonly kin: { readonly mean: number; readonly deviation: number };
  readonly modes: {
    /** Concentration of the Chinese restaurant process (Aldous 1985): a face founds a mode as if so many were there. */
    readonly concentration: number;
    /** Length by which a mode strays from the person, whose direction has length 1. */
    readonly spread: number;
  };
  /** Length by which a face strays from its mode: log-normal. */
  readonly noise: {
    readonly median: number;
    readonly deviation: number;
    /** What the logarithm of the length loses from quality 0 to 1. */
    readonly perQuality: number;
    /** Root mean square of each axis of its direction; that of people's directions when missing. */
    readonly axes?: readonly number[];
  };
  /** Quality of faces at evenly spaced shares from 0 to 1. */
  readonly quality: readonly number[];
}

export interface FaceOrigin {
  readonly family: number;
  readonly person: number;
  readonly mode: number;
  /** A number that only this face has. */
  readonly face: number;
}

/** Modes that are kept, 0.7 kB each. */
const mostModes = 50_000;

/** A face of this quality strays by the median length. */
const middlingQuality = 0.75;

/** Quality that this share of faces stays below. */
export function qualityAt({ quality }: EmbeddingModel, share: number): number {
  const at = share * (quality.length - 1);
  const below = Math.min(Math.floor(at), quality.length - 2);
  return quality[below]! + (at - below) * (quality[below + 1]! - quality[below]!);
}

export function qualityOfFace(model: EmbeddingModel, seed: number, face: number): number {
  return qualityAt(model, seededRandom(hash(seed, 5, face)).uniform());
}

/** Makes the embedding of any face at any time, from numbers alone. */
export class EmbeddingMaker {
  readonly #model: EmbeddingModel;
  readonly #seed: number;
  readonly #common: Float64Array;
  /** Modes made before: most faces are of few people. */
  readonly #modes = new Map<string, Float64Array>();

  constructor(model: EmbeddingModel, seed: number) {
    this.#model = model;
    this.#seed = seed;
    this.#common = this.#direction([0]);
  }

  /** Numbers that are not always 0. */
  get axes(): number {
    return this.#model.axes.length;
  }

  /**
   * @param target gets a unit vector: the axes' numbers, then zeros.
   * @returns the quality of the face, 0 to 1.
   */
  embed({ family, person, mode, face }: FaceOrigin, target: Float32Array): number {
    const { noise } = this.#model;
    const centre = this.#mode(family, person, mode);
    const random = seededRandom(hash(this.#seed, 4, face));
    const quality = qualityOfFace(this.#model, this.#seed, face);
    const length =
      noise.median *
      Math.exp(noise.deviation * random.normal() - noise.perQuality * (quality - middlingQuality));
    const ofFace = this.#direction([6, face], noise.axes);
    let square = 0;
    for (let i = 0; i < this.axes; i++) {
      const value = centre[i]! + length * ofFace[i]!;
      target[i] = value;
      square += value * value;
    }
    const factor = 1 / Math.sqrt(square);
    for (let i = 0; i < this.axes; i++) target[i]! *= factor;
    target.fill(0, this.axes);
    return quality;
  }

  #mode(family: number, person: number, mode: number): Float64Array {
    const key = `${person} ${mode}`;
    const known = this.#modes.get(key);
    if (known) return known;
    const { strangers, kin, modes } = this.#model;
    const deviation = seededRandom(hash(this.#seed, 7, family)).normal() * kin.deviation;
    const shared = Math.min(0.95, Math.max(strangers, kin.mean + deviation));
    const ofFamily = this.#direction([1, family]);
    const own = this.#direction([2, person]);
    const ofMode = this.#direction([3, person, mode]);
    const ofPerson = unit(
      this.#common.map(
        (common, i) =>
          Math.sqrt(strangers) * common +
          Math.sqrt(shared - strangers) * ofFamily[i]! +
          Math.sqrt(1 - shared) * own[i]!,
      ),
    );
    const centre = ofPerson.map((value, i) => value + modes.spread * ofMode[i]!);
    if (this.#modes.size >= mostModes) this.#modes.clear();
    this.#modes.set(key, centre);
    return centre;
  }

  #direction(what: readonly number[], axes = this.#model.axes): Float64Array {
    const random = seededRandom(hash(this.#seed, ...what));
    return unit(Float64Array.from(axes, (axis) => axis * random.normal()));
  }
}

function unit(vector: Float64Array): Float64Array {
  let square = 0;
  for (const value of vector) square += value * value;
  const factor = 1 / Math.sqrt(square);
  return vector.map((value) => value * factor);
}

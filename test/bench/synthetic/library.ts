import { clusteringTuning } from '../../../electron/core/tuning.ts';
import type { FaceToGroup } from '../kith-clustering.ts';
import { seededRandom, shuffledOrder, type Random } from '../random.ts';
import {
  EmbeddingMaker,
  qualityAt,
  qualityOfFace,
  type EmbeddingModel,
} from './embedding-model.ts';
import { hash } from './hash.ts';

export interface SyntheticParameters {
  readonly embedding: EmbeddingModel;
  /** Share of faces, those of the least quality, that are too small and blurred to be clear. */
  readonly unclearShare: number;
  readonly people: {
    /** Share of people with n faces: proportional to n to the power of minus this. */
    readonly exponent: number;
    /** The most faces of one person, as a share of all. */
    readonly largestShare: number;
    /** People of a family, itself included: mean of a geometric distribution from 1. */
    readonly familySize: number;
  };
  readonly photos: {
    /** Faces in a photo: mean of a geometric distribution from 1. */
    readonly facesPerPhoto: number;
    /** Chance that the next face in a photo is of the first one's family, if it has faces left. */
    readonly familyShare: number;
  };
}

/**
 * A library of faces that never were: who is on which photo, and embeddings made when they are
 * asked for, so that a million faces take a few numbers each. The same seed gives the same library.
 */
export class SyntheticLibrary {
  readonly size: number;
  readonly people: number;
  readonly photos: number;
  /** For each face a person, a family, a photo, from 0, and a quality, 0 to 1. */
  readonly personOfFace: Uint32Array;
  readonly photoOfFace: Uint32Array;
  readonly qualityOfFace: Float32Array;
  readonly familyOfPerson: Uint32Array;
  readonly #unclearQuality: number;
  readonly #modeOfFace: Uint16Array;
  readonly #maker: EmbeddingMaker;

  constructor(size: number, parameters: SyntheticParameters, seed: number) {
    const random = seededRandom(hash(seed, size));
    const { embedding } = parameters;
    const sizes = sizesOfPeople(size, parameters.people, random);
    this.size = size;
    this.people = sizes.length;
    this.familyOfPerson = familiesOf(sizes.length, parameters.people.familySize, random);
    const { personOfFace, photoOfFace } = photosOf(
      sizes,
      this.familyOfPerson,
      parameters.photos,
      random,
    );
    this.personOfFace = personOfFace;
    this.photoOfFace = photoOfFace;
    this.photos = photoOfFace[size - 1]! + 1;
    this.#modeOfFace = modesOf(personOfFace, sizes, embedding.modes.concentration, random);
    this.qualityOfFace = Float32Array.from({ length: size }, (_, face) =>
      qualityOfFace(embedding, seed, face),
    );
    this.#unclearQuality = qualityAt(embedding, parameters.unclearShare);
    this.#maker = new EmbeddingMaker(embedding, seed);
  }

  /** What grouping is told of a face; all look straight ahead, since modes stand for poses too. */
  face(face: number): FaceToGroup {
    const isClear = this.qualityOfFace[face]! >= this.#unclearQuality;
    return {
      faceId: face + 1,
      photoId: this.photoOfFace[face]! + 1,
      size: isClear ? 112 : clusteringTuning.clearSize / 2,
      sharpness: isClear ? 1 : clusteringTuning.clearSharpness / 2,
      yaw: 0,
    };
  }

  /** Numbers of an embedding that are not always 0: the first ones. */
  get axes(): number {
    return this.#maker.axes;
  }

  /** @param target as long as an embedding is wanted; gets a unit vector. */
  embed(face: number, target: Float32Array): void {
    const person = this.personOfFace[face]!;
    this.#maker.embed(
      { family: this.familyOfPerson[person]!, person, mode: this.#modeOfFace[face]!, face },
      target,
    );
  }

  /** Embeddings of some faces one after the other. */
  embeddings(from: number, to: number, dimensions: number): Float32Array {
    const target = new Float32Array((to - from) * dimensions);
    for (let face = from; face < to; face++) {
      const at = (face - from) * dimensions;
      this.embed(face, target.subarray(at, at + dimensions));
    }
    return target;
  }
}

/** Draws people until all faces are given out. */
function sizesOfPeople(
  faces: number,
  { exponent, largestShare }: SyntheticParameters['people'],
  random: Random,
): Uint32Array {
  const largest = Math.max(1, Math.round(faces * largestShare));
  const cumulative = new Float64Array(largest);
  let total = 0;
  for (let n = 1; n <= largest; n++) cumulative[n - 1] = total += n ** -exponent;
  const sizes: number[] = [];
  for (let left = faces; left > 0; left -= sizes.at(-1)!) {
    const wanted = 1 + firstAbove(cumulative, random.uniform() * total);
    sizes.push(Math.min(left, wanted));
  }
  return Uint32Array.from(sizes);
}

/** Families of people who follow each other. */
function familiesOf(people: number, meanSize: number, random: Random): Uint32Array {
  const families = new Uint32Array(people);
  for (let person = 1; person < people; person++) {
    const goesOn = random.uniform() < 1 - 1 / meanSize;
    families[person] = families[person - 1]! + (goesOn ? 0 : 1);
  }
  return families;
}

/** Puts faces on photos, in random order, nobody twice on one photo. */
function photosOf(
  sizes: Uint32Array,
  familyOfPerson: Uint32Array,
  { facesPerPhoto, familyShare }: SyntheticParameters['photos'],
  random: Random,
) {
  const faces = sizes.reduce((sum, size) => sum + size, 0);
  const slots = new Uint32Array(faces);
  let end = 0;
  for (const [person, size] of sizes.entries()) slots.fill(person, end, (end += size));
  const order = shuffledOrder(faces, random);
  const left = Uint32Array.from(sizes);
  const family = familyRanges(familyOfPerson);
  const personOfFace = new Uint32Array(faces);
  const photoOfFace = new Uint32Array(faces);
  let [next, photo, face] = [0, 0, 0];
  /** Whoever comes next and has faces left. */
  const peek = () => {
    while (next < faces && left[slots[order[next]!]!] === 0) next++;
    return next < faces ? slots[order[next]!]! : undefined;
  };
  const take = (person: number) => {
    left[person]!--;
    personOfFace[face] = person;
    photoOfFace[face++] = photo;
  };
  for (let first = peek(); first !== undefined; first = peek(), photo++) {
    const there = new Set([first]);
    next++;
    take(first);
    const [from, to] = family(first);
    while (random.uniform() < 1 - 1 / facesPerPhoto) {
      const relative = from + random.below(to - from);
      const asKin = random.uniform() < familyShare && left[relative]! > 0;
      const person = asKin && !there.has(relative) ? relative : peek();
      if (person === undefined || there.has(person)) break;
      if (person !== relative) next++;
      there.add(person);
      take(person);
    }
  }
  return { personOfFace, photoOfFace };
}

function familyRanges(familyOfPerson: Uint32Array): (person: number) => [number, number] {
  const starts: number[] = [];
  for (const [person, family] of familyOfPerson.entries()) starts[family] ??= person;
  return (person) => {
    const family = familyOfPerson[person]!;
    return [starts[family]!, starts[family + 1] ?? familyOfPerson.length];
  };
}

function modesOf(
  personOfFace: Uint32Array,
  sizes: Uint32Array,
  concentration: number,
  random: Random,
): Uint16Array {
  const start = new Uint32Array(sizes.length + 1);
  for (const [person, size] of sizes.entries()) start[person + 1] = start[person]! + size;
  const seen = new Uint32Array(sizes.length);
  const modes = new Uint16Array(sizes.length);
  const earlier = new Uint16Array(personOfFace.length);
  return Uint16Array.from(personOfFace, (person) => {
    const count = seen[person]!++;
    const isNew = random.uniform() * (count + concentration) >= count;
    const from = start[person]!;
    const mode = isNew ? modes[person]!++ : earlier[from + random.below(count)]!;
    earlier[from + count] = mode;
    return mode;
  });
}

/** Position of the first of rising values that is above `value`. */
function firstAbove(values: Float64Array, value: number): number {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

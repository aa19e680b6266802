import { chooseSome, createRandom } from '../random.ts';
import { compactWithDirections, turnHead } from '../compact.ts';
import { embedFeatures, type Head } from '../head.ts';
import { addCounts, bestAccuracy, countPairs, type PairCounts } from './calibration.ts';
import { drawFaces, type GenericFaces } from './generic-faces.ts';
import { measureSeparation, measureVerification } from './separation.ts';
import { selectRows, type TrainingFaces } from './training-faces.ts';

/** What a head comes to on labels that it was not trained on. */
export interface HeldFigures {
  /** Share of true pairs accepted at 1 false accept in 1,000, 0 to 1. */
  readonly accepted: number;
  /** BCubed F, 0 to 1. */
  readonly grouped: number;
  /** See `Separation`. */
  readonly clearance: number;
}

export interface HeadFigures extends HeldFigures {
  /** Share of pairs told right of people drawn from each population of faces in general. */
  readonly generic: readonly number[];
}

export interface GateOptions {
  /** Share of named faces to hold out, by whole events and by whole persons. */
  readonly eventShare: number;
  readonly personShare: number;
  /** Pairs of one person among the held-out faces, at least, for the figures to mean something. */
  readonly leastPairs: number;
  /** With fewer, several trials hold out others, at most so many. */
  readonly wantedPairs: number;
  readonly maxTrials: number;
  /** Named faces that are measured, at most: those held out first. */
  readonly maxFaces: number;
  /** The mean of the generic figures may fall by no more, 0 to 1. */
  readonly genericFall: number;
  /** See {@link bestAccuracy}. */
  readonly genericBlur: number;
  /** Each population is drawn as so many crowds of people who are compared with each other. */
  readonly genericCrowds: number;
  readonly genericPeople: number;
  readonly genericFacesEach: number;
  /** Rise of the clearance that counts. */
  readonly leastClearance: number;
}

/** What figures rest on: pairs of one person, and faces, that were held out. */
export interface HeldSize {
  readonly pairs: number;
  readonly faces: number;
}

export type Verdict =
  | { readonly taken: true }
  | { readonly taken: false; readonly reason: 'verification' | 'grouping' | 'generic' };

/** In pairs or faces. */
const rounding = 1e-6;
const one = 1 + rounding;

/**
 * Chooses named rows to hold out: all faces of some persons, and all named faces of some events.
 *
 * @param events day or photo of each row, any numbers.
 */
export function chooseHeldOut(
  faces: TrainingFaces,
  events: ArrayLike<number>,
  { eventShare, personShare }: GateOptions,
  seed: number,
): Set<number> {
  const random = createRandom(seed);
  const named = [...faces.persons.keys()].filter((row) => faces.persons[row]! >= 0);
  const held = new Set<number>();
  for (const [share, groups] of [
    [personShare, Map.groupBy(named, (row) => faces.persons[row]!)],
    [eventShare, Map.groupBy(named, (row) => events[row]!)],
  ] as const) {
    let left = share * named.length;
    for (const rows of chooseSome([...groups.values()], groups.size, random)) {
      if (left < rows.length / 2) continue;
      for (const row of rows) held.add(row);
      left -= rows.length;
    }
  }
  return held;
}

/** The same faces as the user would have left them without naming the held-out ones. */
export function withoutLabels(faces: TrainingFaces, held: ReadonlySet<number>): TrainingFaces {
  return {
    ...faces,
    persons: faces.persons.map((person, row) => (held.has(row) ? -1 : person)),
    rejections: faces.rejections.filter(({ row }) => !held.has(row)),
    apart: faces.apart.filter((pair) => !pair.some((row) => held.has(row))),
  };
}

/** The crowds of each population. */
export type DrawnFaces = readonly (readonly ReturnType<typeof drawFaces>[])[];

/** Faces in general, always the same: only then can figures of different runs be compared. */
export function drawGeneric(
  populations: readonly GenericFaces[],
  { genericCrowds, genericPeople, genericFacesEach }: GateOptions,
): DrawnFaces {
  return populations.map((one) =>
    Array.from({ length: genericCrowds }, (_, crowd) =>
      drawFaces(one, genericPeople, genericFacesEach, 1 + crowd),
    ),
  );
}

/** Share of pairs told right at the best threshold, 0 to 1, for each population. */
export function measureGeneric(head: Head, drawn: DrawnFaces, blur: number): number[] {
  return drawn.map((crowds) => {
    const counts = crowds.map(({ features, identities }) =>
      countPairs(embedFeatures(head, features), head.bias.length, identities),
    );
    return bestAccuracy(addCounts(counts), blur);
  });
}

/**
 * How much more alike one head makes strangers than another: by how much the similarity that 1 of
 * 1,000 pairs of two people is above rises, mean over crowds, in the population where it rises most;
 * at least 0.
 */
export function strangersShift(before: Head, after: Head, drawn: DrawnFaces): number {
  const limitsOf = (head: Head) =>
    drawn.map((crowds) => {
      const limits = crowds.map(({ features, identities }) => {
        const embeddings = embedFeatures(head, features);
        return measureVerification(embeddings, head.bias.length, identities).limit;
      });
      return mean(limits);
    });
  const limitsBefore = limitsOf(before);
  return Math.max(0, ...limitsOf(after).map((limit, at) => limit - limitsBefore[at]!));
}

/** Measures heads on the same held-out faces, so that figures can be compared. */
export class Gate {
  readonly #options: GateOptions;
  readonly #directions: Float32Array;
  readonly #features: Float32Array;
  readonly #persons: Int32Array;
  readonly #held: Uint8Array;
  readonly #generic: DrawnFaces;
  readonly size: HeldSize;

  /**
   * @param base heads that are measured were trained from it: they fill the same directions.
   * @param doubtful named rows whose names are more likely wrong than right: they do not count.
   */
  constructor(
    base: Head,
    faces: TrainingFaces,
    held: ReadonlySet<number>,
    doubtful: ReadonlySet<number>,
    options: GateOptions,
    generic: DrawnFaces,
    seed: number,
  ) {
    const named = [...faces.persons.keys()].filter(
      (row) => faces.persons[row]! >= 0 && !doubtful.has(row),
    );
    const random = createRandom(seed);
    const [first, second] = [true, false].map((wanted) =>
      named.filter((row) => held.has(row) === wanted),
    );
    const rows = chooseSome(first!, options.maxFaces, random);
    rows.push(...chooseSome(second!, options.maxFaces - rows.length, random));
    this.#options = options;
    this.#directions = compactWithDirections(base).directions;
    this.#features = selectRows(faces.features, rows);
    this.#persons = Int32Array.from(rows, (row) => faces.persons[row]!);
    this.#held = Uint8Array.from(rows, (row) => (held.has(row) ? 1 : 0));
    this.size = {
      pairs: pairsOfOnePerson(this.#persons, this.#held),
      faces: this.#held.reduce((sum, held) => sum + held, 0),
    };
    this.#generic = generic;
  }

  measure(head: Head): HeldFigures {
    const small = turnHead(head, this.#directions);
    const { accepted, grouped, clearance } = measureSeparation(
      embedFeatures(small, this.#features),
      small.bias.length,
      this.#persons,
      (row) => this.#held[row] === 1,
    );
    return { accepted, grouped, clearance };
  }

  /** Pairs of named faces of which one at least was held out. */
  countPairs(head: Head): PairCounts {
    const small = turnHead(head, this.#directions);
    return countPairs(
      embedFeatures(small, this.#features),
      small.bias.length,
      this.#persons,
      (first, second) => (this.#held[first] === 1 || this.#held[second] === 1 ? 1 : 0),
    );
  }

  measureGeneric(head: Head): number[] {
    return measureGeneric(
      turnHead(head, this.#directions),
      this.#generic,
      this.#options.genericBlur,
    );
  }

  /** See {@link strangersShift}. */
  shiftOfStrangers(before: Head, after: Head): number {
    const [a, b] = [before, after].map((head) => turnHead(head, this.#directions));
    return strangersShift(a!, b!, this.#generic);
  }
}

/**
 * A head is taken when neither figure falls, one rises, and faces in general do not suffer. A fall by
 * one pair, or one face, is forgiven where the clearance rises, and so is no rise where it can.
 */
export function judge(
  before: HeadFigures,
  after: HeadFigures,
  size: HeldSize,
  options: GateOptions,
): Verdict {
  const pairs = (after.accepted - before.accepted) * size.pairs;
  const faces = (after.grouped - before.grouped) * size.faces;
  if (pairs < -one) return { taken: false, reason: 'verification' };
  if (faces < -one) return { taken: false, reason: 'grouping' };
  const missing = Math.min(before.accepted, before.grouped) < 1 - rounding;
  const clearer = missing && after.clearance > before.clearance + options.leastClearance;
  const better = Math.max(pairs, faces) > rounding && Math.min(pairs, faces) > -rounding;
  if (!better && !clearer) return { taken: false, reason: 'verification' };
  return judgeGeneric(before.generic, after.generic, options);
}

/** Without populations there is nothing to suffer. */
export function judgeGeneric(
  before: readonly number[],
  after: readonly number[],
  { genericFall }: GateOptions,
): Verdict {
  return mean(before) - mean(after) > genericFall
    ? { taken: false, reason: 'generic' }
    : { taken: true };
}

/** Figures of several trials as one, by how much each rests on. */
export function meanFigures(trials: readonly (HeldSize & HeldFigures)[]): HeldFigures {
  const mean = (figure: keyof HeldFigures, weight: keyof HeldSize) =>
    trials.reduce((sum, trial) => sum + trial[weight] * trial[figure], 0) /
    trials.reduce((sum, trial) => sum + trial[weight], 0);
  return {
    accepted: mean('accepted', 'pairs'),
    grouped: mean('grouped', 'faces'),
    clearance: mean('clearance', 'pairs'),
  };
}

/** Pairs of one person with at least one held-out face. */
function pairsOfOnePerson(persons: Int32Array, held: Uint8Array): number {
  const pairs = (count: number) => (count * (count - 1)) / 2;
  let sum = 0;
  for (const rows of Map.groupBy(persons.keys(), (row) => persons[row]!).values()) {
    sum += pairs(rows.length) - pairs(rows.filter((row) => held[row] === 0).length);
  }
  return sum;
}

const mean = (figures: readonly number[]) =>
  figures.reduce((sum, figure) => sum + figure, 0) / (figures.length || 1);

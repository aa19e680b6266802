import { compactWithDirections } from '../compact.ts';
import { transposedTimes } from '../matrices.ts';
import { createRandom } from '../random.ts';
import { EMBEDDING_SIZE, type Head } from '../head.ts';
import { descend, type DescentState, type DescentStep } from './descent.ts';
import { pullForm, type GenericFaces } from './generic-faces.ts';
import { changedHead, chooseRows, forward, readFaces, type LayerInputs } from './head-layer.ts';
import { doubtLabels, type DoubtOptions, type LabelDoubt } from './label-doubts.ts';
import {
  pairLogisticLoss,
  softMarginTripletLoss,
  tripletLoss,
  type WeightedPairs,
} from './losses.ts';
import { findMemberships } from './memberships.ts';
import { mineNamedPairs, mineAllPairs, type MiningLimits } from './mined-pairs.ts';
import { mineBatchAll, mineBatchHard, mineRandom, mineSemiHard, type Miner } from './miners.ts';
import type { HeadRecipe, PairRecipe, PairStage, TripletRecipe } from './recipe.ts';
import { rowsByIdentity, sampleIdentities } from './samplers.ts';
import { checkFaces, knownApart, pairKey, type TrainingFaces } from './training-faces.ts';
import { findWhitening, inputCount, noWhitening, type Whitening } from './whitening.ts';

export interface TrainingOptions {
  readonly recipe: HeadRecipe;
  readonly doubts: Omit<DoubtOptions, 'dimensions'>;
  /** What faces in general are like, in several populations; none to do without. */
  readonly generic: readonly GenericFaces[];
  /** Weight of each face in its pairs, above 0; all alike without it. */
  readonly weights?: Float32Array;
  /** What is known from before, so that it need not be found out again. */
  readonly known?: {
    readonly read?: ReadFeatures;
    readonly doubts?: readonly LabelDoubt[];
    /** A change that knows these people well enough to tell who all faces may be: the first stage is left out. */
    readonly change?: Float32Array;
  };
  /** The same seed, faces and recipe give the same head. */
  readonly seed: number;
  readonly version: string;
}

/** Enough to go on with a run: the stage, and what it and those before it came to. */
export interface TrainingCheckpoint {
  readonly stage: number;
  readonly state: DescentState;
  /** Outcome of the first stage, once it is over. */
  readonly first?: Float32Array | undefined;
}

export interface TrainingStep extends Omit<DescentStep, 'state' | 'resumable'> {
  readonly stage: number;
  readonly stages: number;
  /** There at steps from which a run can be resumed; changes with the next step: copy it. */
  readonly checkpoint?: TrainingCheckpoint;
}

export interface TrainedHead {
  readonly head: Head;
  /** In the whitened features, before it was folded into the head. */
  readonly change: Float32Array;
  /** One for each named face, greatest first. */
  readonly doubts: readonly LabelDoubt[];
}

/**
 * Trains the last layer on labels, one step for each `next()`: stop asking and the run is cancelled.
 *
 * @throws TrainingError when the labels do not suffice; RangeError when arrays do not fit.
 */
export function* trainHead(
  base: Head,
  faces: TrainingFaces,
  options: TrainingOptions,
  resume?: TrainingCheckpoint,
): Generator<TrainingStep, TrainedHead> {
  checkFaces(faces);
  const { recipe, version } = options;
  const { whitening, inputs, directions } =
    options.known?.read ?? readFeatures(base, faces, options);
  const doubts =
    options.known?.doubts ??
    doubtLabels(embedUnchanged(inputs, whitening), faces.persons, {
      ...options.doubts,
      dimensions: inputs.dimensions,
    });
  const trust = options.weights?.slice() ?? new Float32Array(inputs.count).fill(1);
  for (const { row, doubt } of doubts) trust[row]! *= 1 - doubt;
  const setting: Setting = { faces, inputs, whitening, trust, options };
  const change =
    recipe.kind === 'triplet'
      ? yield* trainOnTriplets(setting, recipe, resume)
      : yield* trainOnPairs(setting, recipe, resume);
  // Back from the directions that the base fills to all of its outputs.
  const spread = transposedTimes(directions, EMBEDDING_SIZE, change, inputCount(whitening));
  return { head: changedHead(base, whitening, spread, version), change, doubts };
}

const embedUnchanged = (inputs: LayerInputs, whitening: Whitening) =>
  forward(new Float32Array(inputs.dimensions * inputCount(whitening)), inputs).embeddings;

/** Features as the trained layer reads them: the same whatever the labels say. */
export function readFeatures(
  base: Head,
  { features }: TrainingFaces,
  { recipe, seed }: Pick<TrainingOptions, 'recipe' | 'seed'>,
): ReadFeatures {
  const whitening =
    recipe.kind === 'triplet'
      ? noWhitening()
      : findWhitening(features, recipe.rank, recipe.biasInput, seed);
  const { head, directions } = compactWithDirections(base);
  return { whitening, directions, inputs: readFaces(head, whitening, features) };
}

export interface ReadFeatures {
  readonly whitening: Whitening;
  readonly inputs: LayerInputs;
  /** Of the head's outputs, see `compactWithDirections`. */
  readonly directions: Float32Array;
}

interface Setting {
  readonly faces: TrainingFaces;
  readonly inputs: LayerInputs;
  readonly whitening: Whitening;
  /** Weight of each row, 0 to 1. */
  readonly trust: Float32Array;
  readonly options: TrainingOptions;
}

type Steps = Generator<TrainingStep, Float32Array>;

function* trainOnTriplets(
  setting: Setting,
  recipe: TripletRecipe,
  resume?: TrainingCheckpoint,
): Steps {
  const { faces, inputs, whitening, trust, options } = setting;
  // Faces under doubt more likely than not are no examples.
  const identities = faces.persons.map((person, row) => (trust[row]! < 0.5 ? -1 : person));
  const rowsOf = rowsByIdentity(identities);
  const miner = minerOf(recipe.miner);
  const steps = descend(
    inputs.dimensions,
    inputCount(whitening),
    pullForm(whitening, recipe.pull, options.generic),
    { ...recipe, decay: false, mineEvery: 1 },
    (_change, step) => {
      const random = createRandom(options.seed + step);
      const rows = sampleIdentities(rowsOf, recipe.identities, recipe.faces, random);
      const batch = chooseRows(inputs, rows);
      const people = rows.map((row) => identities[row]!);
      return {
        rows: batch,
        loss(embeddings) {
          const found = { embeddings, dimensions: inputs.dimensions, identities: people };
          const triplets = miner(found, recipe.margin ?? 4, random);
          return recipe.margin === null
            ? softMarginTripletLoss(embeddings, inputs.dimensions, triplets)
            : tripletLoss(embeddings, inputs.dimensions, triplets, recipe.margin);
        },
      };
    },
    resume?.state,
  );
  return yield* staged(steps, 0, 1);
}

function* trainOnPairs(setting: Setting, recipe: PairRecipe, resume?: TrainingCheckpoint): Steps {
  const stages = recipe.all ? 2 : 1;
  const first =
    resume?.first ??
    (recipe.all && setting.options.known?.change) ??
    (yield* staged(namedStage(setting, recipe, resume?.state), 0, stages));
  if (!recipe.all) return first;
  const second = allStage(setting, recipe, recipe.all, first, resume?.first && resume.state);
  return yield* staged(second, 1, stages, first);
}

function namedStage(setting: Setting, recipe: PairRecipe, resume?: DescentState) {
  const { faces, inputs, trust } = setting;
  const apart = knownApart(faces);
  // Also faces without a name that a label sets apart from others.
  const wanted = new Set([...faces.persons.keys()].filter((row) => faces.persons[row]! >= 0));
  for (const { row } of faces.rejections) wanted.add(row);
  for (const row of faces.apart.flat()) wanted.add(row);
  const rows = [...wanted].sort((a, b) => a - b);
  const place = new Map(rows.map((row, at) => [row, at]));
  const apartHere = new Set<number>();
  for (const key of apart) {
    const a = place.get(Math.floor(key / inputs.count));
    const b = place.get(key % inputs.count);
    if (a !== undefined && b !== undefined) apartHere.add(pairKey(a, b, rows.length));
  }
  const persons = rows.map((row) => faces.persons[row]!);
  const trusted = rows.map((row) => trust[row]!);
  return pairStage(
    setting,
    recipe,
    recipe.named,
    chooseRows(inputs, rows),
    resume,
    (embeddings, limits) => mineNamedPairs(embeddings, persons, trusted, apartHere, limits),
  );
}

/** Starts from the base again: what the first stage found is in the memberships. */
function allStage(
  setting: Setting,
  recipe: PairRecipe,
  all: NonNullable<PairRecipe['all']>,
  first: Float32Array,
  resume?: DescentState,
) {
  const { faces, inputs, trust } = setting;
  const { embeddings: found } = forward(first, inputs);
  const memberships = findMemberships(found, inputs.dimensions, faces);
  const weights = trust.map((value, row) =>
    faces.persons[row]! >= 0 ? value : value * all.unnamedWeight,
  );
  const apart = knownApart(faces);
  return pairStage(setting, recipe, all, inputs, resume, (embeddings, limits) =>
    mineAllPairs(embeddings, memberships, weights, apart, all, limits),
  );
}

function pairStage(
  { faces, whitening, options }: Setting,
  recipe: PairRecipe,
  stage: PairStage,
  rows: LayerInputs,
  resume: DescentState | undefined,
  miner: (embeddings: Float32Array, limits: MiningLimits) => WeightedPairs,
) {
  // Few people tell little of what people in general are like.
  const people = new Set(faces.persons.filter((person) => person >= 0)).size;
  const generic = stage.pull.generic / Math.min(people, stage.pull.mostPeople ?? people);
  const form = pullForm(whitening, { ...stage.pull, generic }, options.generic);
  const mine = (change: Float32Array, step: number) => {
    const pairs = miner(forward(change, rows).embeddings, {
      dimensions: rows.dimensions,
      leastSimilarity: recipe.leastSimilarity,
      maxPairs: recipe.maxPairs,
      differentShare: 1 / stage.falseAccepts,
      random: createRandom(options.seed + step),
    });
    const { scale } = recipe;
    const { threshold } = stage;
    return {
      rows,
      loss: (embeddings: Float32Array) =>
        pairLogisticLoss(embeddings, rows.dimensions, pairs, { scale, threshold }),
    };
  };
  const { beta2, mineEvery } = recipe;
  const { steps, learningRate } = stage;
  const descent = { steps, learningRate, beta2, mineEvery, decay: true };
  return descend(rows.dimensions, inputCount(whitening), form, descent, mine, resume);
}

function* staged(
  steps: Generator<DescentStep, Float32Array>,
  stage: number,
  stages: number,
  first?: Float32Array,
): Steps {
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
    const { state, resumable, ...step } = next.value;
    yield { ...step, stage, stages, ...(resumable ? { checkpoint: { stage, state, first } } : {}) };
  }
}

function minerOf(name: TripletRecipe['miner']): Miner {
  return {
    random: mineRandom,
    'semi-hard': mineSemiHard,
    'batch-hard': mineBatchHard,
    'batch-all': mineBatchAll,
  }[name];
}

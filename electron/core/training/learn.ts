import { compactWithDirections } from '../compact.ts';
import { embedFeatures, type Head } from '../head.ts';
import { mixHeads } from './head-layer.ts';
import { chooseHeldOut, Gate, withoutLabels, type GateOptions, type HeadFigures } from './gate.ts';
import { doubtLabels, type LabelDoubt } from './label-doubts.ts';
import {
  readFeatures,
  trainHead,
  type TrainingCheckpoint,
  type TrainingOptions,
  type TrainingStep,
} from './train-head.ts';
import { checkFaces, TrainingError, type TrainingFaces } from './training-faces.ts';

export interface LearningOptions extends TrainingOptions {
  readonly gate: GateOptions;
  /** Shares of the change that are tried, falling, 0 to 1: less of it forgets less of faces in general. */
  readonly shares: readonly number[];
}

/** The trial head learns from some labels and is measured on the others; the final one from all. */
export type LearningPhase = 'trial' | 'final';

export interface LearningStep extends Omit<TrainingStep, 'checkpoint'> {
  readonly phase: LearningPhase;
  readonly checkpoint?: LearningCheckpoint;
}

export interface LearningCheckpoint {
  readonly phase: LearningPhase;
  readonly training: TrainingCheckpoint;
  readonly trial?: Trial | undefined;
}

/** What the trial showed. */
interface Trial {
  readonly share: number;
  readonly before: HeadFigures;
  readonly after: HeadFigures;
  /** Of the trial head: the final one tells by it who all faces may be. */
  readonly change: Float32Array;
}

export type RefusalReason = 'verification' | 'grouping' | 'generic';

export interface LearningOutcome {
  /** The head to use from now on; null when the one before stays. */
  readonly head: Head | null;
  /** Why there is none. */
  readonly reason: RefusalReason | null;
  /** On held-out labels, with the head before and the trial head. */
  readonly before: HeadFigures;
  readonly after: HeadFigures;
  /** Share of the change that was taken, 0 to 1. */
  readonly share: number;
  /** How much more alike the head makes strangers than the one it was trained from, cosine similarity. */
  readonly thresholdShift: number;
  /** One for each named face, greatest first. */
  readonly doubts: readonly LabelDoubt[];
}

/**
 * Trains a head and decides whether it is better, one step for each `next()`.
 *
 * @param events day or photo of each row, any numbers: what is held out together.
 * @throws TrainingError when the labels do not suffice; RangeError when arrays do not fit.
 */
export function* learn(
  base: Head,
  faces: TrainingFaces,
  events: ArrayLike<number>,
  options: LearningOptions,
  resume?: LearningCheckpoint,
): Generator<LearningStep, LearningOutcome> {
  checkFaces(faces);
  const small = compactWithDirections(base).head;
  const doubts = doubtLabels(embedFeatures(small, faces.features), faces.persons, {
    ...options.doubts,
    dimensions: small.bias.length,
  });
  const doubtful = new Set(doubts.filter(({ doubt }) => doubt > 0.5).map(({ row }) => row));
  const { held, gate } = holdOut(base, faces, events, doubtful, options);
  const read = readFeatures(base, faces, options);
  let trial = resume?.trial;
  if (!trial) {
    const before = gate.measure(base);
    const fewer = withoutLabels(faces, held);
    const trained = yield* phased(
      'trial',
      trainHead(base, fewer, { ...options, known: { read } }, resume?.training),
    );
    const judged = tryShares(gate, base, trained.head, before, options);
    if (judged.reason !== null) return { head: null, ...judged, thresholdShift: 0, before, doubts };
    trial = { share: judged.share, before, after: judged.after, change: trained.change };
  }
  const training = resume?.trial && resume.training;
  const known = { read, doubts, change: trial.change };
  const trained = yield* phased(
    'final',
    trainHead(base, faces, { ...options, known }, training),
    trial,
  );
  const head = mixHeads(base, trained.head, trial.share);
  const generic = gate.judgeGeneric(trial.before.generic, gate.measureGeneric(head));
  return generic.taken
    ? {
        ...{ head, reason: null, ...trial, doubts },
        thresholdShift: gate.shiftOfStrangers(base, head),
      }
    : { head: null, reason: generic.reason, ...trial, doubts, thresholdShift: 0 };
}

/**
 * Holds out more where few labels make few pairs.
 *
 * @throws TrainingError when even then there are too few.
 */
function holdOut(
  base: Head,
  faces: TrainingFaces,
  events: ArrayLike<number>,
  doubtful: ReadonlySet<number>,
  { gate: options, generic, seed }: LearningOptions,
): { readonly held: Set<number>; readonly gate: Gate } {
  for (const times of [1, 2, 3]) {
    const eventShare = times * options.eventShare;
    const personShare = times * options.personShare;
    const held = chooseHeldOut(faces, events, { ...options, eventShare, personShare }, seed);
    const gate = new Gate(base, faces, held, doubtful, options, generic, seed);
    if (gate.samePairs >= options.leastPairs) return { held, gate };
  }
  throw new TrainingError('Name some more faces first: these are too few to learn from.');
}

/** The largest share of the change that passes; without one, the largest and why it does not. */
function tryShares(
  gate: Gate,
  base: Head,
  trained: Head,
  before: HeadFigures,
  { shares }: LearningOptions,
): { share: number; after: HeadFigures; reason: RefusalReason | null } {
  let first: { share: number; after: HeadFigures; reason: RefusalReason | null } | undefined;
  for (const share of shares) {
    const after = gate.measure(mixHeads(base, trained, share));
    const verdict = gate.judge(before, after);
    const outcome = { share, after, reason: verdict.taken ? null : verdict.reason };
    if (verdict.taken) return outcome;
    first ??= outcome;
  }
  if (!first) throw new RangeError('At least one share of the change must be tried');
  return first;
}

function* phased<T>(
  phase: LearningPhase,
  training: Generator<TrainingStep, T>,
  trial?: Trial,
): Generator<LearningStep, T> {
  for (;;) {
    const next = training.next();
    if (next.done) return next.value;
    const { checkpoint, ...step } = next.value;
    yield {
      ...step,
      phase,
      ...(checkpoint ? { checkpoint: { phase, training: checkpoint, trial } } : {}),
    };
  }
}

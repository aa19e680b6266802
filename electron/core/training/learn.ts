import { compactWithDirections } from '../compact.ts';
import { embedFeatures, type Head } from '../head.ts';
import type { HeadCalibration } from '../verification.ts';
import { addCounts, fitCalibration, type PairCounts } from './calibration.ts';
import { mixHeads } from './head-layer.ts';
import {
  chooseHeldOut,
  drawGeneric,
  Gate,
  judge,
  judgeGeneric,
  meanFigures,
  withoutLabels,
  type DrawnFaces,
  type GateOptions,
  type HeadFigures,
  type HeldSize,
} from './gate.ts';
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
  /** Parts of the change that faces in general bear which are tried, falling, 0 to 1. */
  readonly shares: readonly number[];
  /** What faces in general bear is found to such a share of the change. */
  readonly shareStep: number;
  /** Of the base; the new head's is fitted from it. */
  readonly calibration: HeadCalibration;
  readonly priorPairs: number;
}

/** The trial head learns from some labels and is measured on the others; the final one from all. */
export type LearningPhase = 'trial' | 'final';

export interface LearningStep extends Omit<TrainingStep, 'checkpoint'> {
  readonly phase: LearningPhase;
  /** How much of all is done, 0 to 1. */
  readonly done: number;
  readonly checkpoint?: LearningCheckpoint;
}

export interface LearningCheckpoint {
  readonly training: TrainingCheckpoint;
  /** Of the trials that are over. */
  readonly trials: readonly Trial[];
}

/** What a trial came to. */
interface Trial {
  readonly head: Head;
  /** The final one tells by it who all faces may be. */
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
  /** How the similarities of the head are read; without a head the base's. */
  readonly calibration: HeadCalibration;
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
  const read = readFeatures(base, faces, options);
  const generic = drawGeneric(options.generic, options.gate);
  const withheld = [holdOut(base, faces, events, doubtful, generic, options, 0)];
  const { gate } = withheld[0]!;
  const trialCount = trialsFor(gate.size, options.gate);
  for (let place = 1; place < trialCount; place++) {
    withheld.push(holdOut(base, faces, events, doubtful, generic, options, place));
  }
  const trials = [...(resume?.trials ?? [])];
  for (const { held } of withheld.slice(trials.length)) {
    const training = trials.length === resume?.trials.length ? resume.training : undefined;
    const fewer = withoutLabels(faces, held);
    const trial = trainHead(base, fewer, { ...options, known: { read } }, training);
    trials.push(yield* told(trial, 'trial', trialCount, trials));
  }
  const gates = withheld.map((one) => one.gate);
  const judged = judgeTrials(base, trials, gates, options);
  const { before, after, reason } = judged;
  const { calibration } = options;
  const refused = { head: null, before, after, thresholdShift: 0, calibration, doubts };
  if (reason !== null) return { ...refused, share: judged.share, reason };
  const training = resume?.trials.length === trialCount ? resume.training : undefined;
  const known = { read, doubts, change: trials[0]!.change };
  const final = trainHead(base, faces, { ...options, known }, training);
  const trained = (yield* told(final, 'final', trialCount, trials)).head;
  // All labels together may change it more than those of a trial did.
  const share = bearableShare(base, trained, judged.share, gate, options);
  if (share === 0) return { ...refused, share: judged.share, reason: 'generic' };
  const head = mixHeads(base, trained, share);
  const counts = gates.map((one, place) =>
    one.countPairs(mixHeads(base, trials[place]!.head, share)),
  );
  return {
    ...{ head, reason: null, before, after, share, doubts },
    thresholdShift: gate.shiftOfStrangers(base, head),
    calibration: calibrate(counts, options),
  };
}

/** The largest share of a change, up to `most`, that faces in general bear; 0 when none. */
function bearableShare(
  base: Head,
  trained: Head,
  most: number,
  gate: Gate,
  { gate: options, shareStep }: LearningOptions,
): number {
  const before = gate.measureGeneric(base);
  const bears = (share: number) =>
    judgeGeneric(before, gate.measureGeneric(mixHeads(base, trained, share)), options).taken;
  if (bears(most)) return most;
  let [borne, tooMuch] = [0, most];
  while (tooMuch - borne > shareStep) {
    const middle = (borne + tooMuch) / 2;
    if (bears(middle)) borne = middle;
    else tooMuch = middle;
  }
  return borne;
}

/** Few held-out pairs say little: then what several trials held out is put together. */
const trialsFor = ({ pairs }: HeldSize, { wantedPairs, maxTrials }: GateOptions) =>
  Math.min(maxTrials, Math.ceil(wantedPairs / pairs));

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
  generic: DrawnFaces,
  { gate: options, seed: firstSeed }: LearningOptions,
  place: number,
): { readonly held: Set<number>; readonly gate: Gate } {
  const seed = firstSeed + place;
  for (const times of [1, 2, 3]) {
    const eventShare = times * options.eventShare;
    const personShare = times * options.personShare;
    const held = chooseHeldOut(faces, events, { ...options, eventShare, personShare }, seed);
    const gate = new Gate(base, faces, held, doubtful, options, generic, seed);
    if (gate.size.pairs >= options.leastPairs) return { held, gate };
  }
  throw new TrainingError('Name some more faces first: these are too few to learn from.');
}

/**
 * The largest share tried that passes; without one, the largest and why it does not. Faces in general
 * decide what is tried, since of them there are enough to tell shares apart.
 */
function judgeTrials(
  base: Head,
  trials: readonly Trial[],
  gates: readonly Gate[],
  learning: LearningOptions,
) {
  const { shares, gate: options } = learning;
  const [first] = gates;
  const size = {
    pairs: gates.reduce((sum, gate) => sum + gate.size.pairs, 0),
    faces: gates.reduce((sum, gate) => sum + gate.size.faces, 0),
  };
  // Faces in general are the same for all.
  const figuresOf = (heads: readonly Head[]): HeadFigures => ({
    ...meanFigures(gates.map((gate, place) => ({ ...gate.size, ...gate.measure(heads[place]!) }))),
    generic: first!.measureGeneric(heads[0]!),
  });
  const before = figuresOf(trials.map(() => base));
  const borne = bearableShare(base, trials[0]!.head, 1, first!, learning);
  if (borne === 0) {
    const after = figuresOf(trials.map(({ head }) => head));
    return { before, after, share: 1, reason: 'generic' as const };
  }
  let largest;
  for (const part of shares) {
    const share = part * borne;
    const after = figuresOf(trials.map(({ head }) => mixHeads(base, head, share)));
    const verdict = judge(before, after, size, options);
    const outcome = { before, after, share, reason: verdict.taken ? null : verdict.reason };
    if (verdict.taken) return outcome;
    largest ??= outcome;
  }
  if (!largest) throw new RangeError('At least one share of the change must be tried');
  return largest;
}

/** From held-out pairs, pulled to what was known of the base where these are few. */
function calibrate(
  counts: readonly PairCounts[],
  { calibration, priorPairs }: LearningOptions,
): HeadCalibration {
  const pairs = fitCalibration(addCounts(counts), calibration.pairs, priorPairs);
  // Offers are told by similarities to several faces, which rise and fall with those of pairs.
  const rise = pairs.evenSimilarity - calibration.pairs.evenSimilarity;
  const { offers } = calibration;
  return { pairs, offers: { ...offers, evenSimilarity: offers.evenSimilarity + rise } };
}

function* told<T>(
  training: Generator<TrainingStep, T>,
  phase: LearningPhase,
  trialCount: number,
  trials: readonly Trial[],
): Generator<LearningStep, T> {
  for (;;) {
    const next = training.next();
    if (next.done) return next.value;
    const { checkpoint, ...step } = next.value;
    const part = (step.stage + step.step / step.steps) / step.stages;
    yield {
      ...step,
      phase,
      done: (trials.length + part) / (trialCount + 1),
      ...(checkpoint ? { checkpoint: { training: checkpoint, trials: [...trials] } } : {}),
    };
  }
}

import { adamStep, cosineDecay, createAdam, type AdamState } from './adam.ts';
import { backward, forward, type LayerInputs } from './head-layer.ts';
import type { LossOutcome } from './losses.ts';
import { addPull } from './pull.ts';

export interface DescentOptions {
  readonly steps: number;
  readonly learningRate: number;
  /** Lets the learning rate fall like half a cosine wave; otherwise it stays. */
  readonly decay: boolean;
  readonly beta2: number;
  /** Steps after which triplets or pairs are mined anew. */
  readonly mineEvery: number;
}

/** Where a descent is between two minings, enough to go on from there to the same end. */
export interface DescentState {
  readonly change: Float32Array;
  readonly adam: AdamState;
}

export interface DescentStep {
  readonly step: number;
  readonly steps: number;
  readonly loss: number;
  /** Share of triplets or pairs that still pull or push, 0 to 1. */
  readonly active: number;
  readonly state: DescentState;
  /** Whether `state` may be saved now to be resumed. */
  readonly resumable: boolean;
}

/** Loss of the embeddings of some rows of the faces. */
export interface MinedLoss {
  readonly rows: LayerInputs;
  readonly loss: (embeddings: Float32Array) => LossOutcome;
}

/**
 * Lowers a mined loss plus the pull towards the base head, a step for each `next()`.
 *
 * @param mine called at each `mineEvery`-th step, with the change so far.
 * @param dimensions rows of the base head.
 * @param form of the pull, width × width.
 */
export function* descend(
  dimensions: number,
  width: number,
  form: Float32Array,
  options: DescentOptions,
  mine: (change: Float32Array, step: number) => MinedLoss,
  resume?: DescentState,
): Generator<DescentStep, Float32Array> {
  const change = resume ? Float32Array.from(resume.change) : new Float32Array(dimensions * width);
  const adam = resume
    ? {
        mean: Float32Array.from(resume.adam.mean),
        square: Float32Array.from(resume.adam.square),
        step: resume.adam.step,
      }
    : createAdam(change.length);
  let mined: MinedLoss | undefined;
  const { steps, learningRate, decay, beta2, mineEvery } = options;
  for (let step = adam.step; step < steps; step++) {
    if (!mined || step % mineEvery === 0) mined = mine(change, step);
    const outputs = forward(change, mined.rows);
    const { loss, active, gradient } = mined.loss(outputs.embeddings);
    const slope = backward(mined.rows, outputs, gradient);
    const pull = addPull(change, width, form, slope);
    adamStep(adam, change, slope, learningRate * (decay ? cosineDecay(step, steps) : 1), { beta2 });
    yield {
      step: step + 1,
      steps,
      loss: loss + pull,
      active,
      state: { change, adam },
      resumable: (step + 1) % mineEvery === 0,
    };
  }
  return change;
}

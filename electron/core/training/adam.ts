/** Adam (Kingma and Ba, arXiv 1412.6980) over one array of parameters, changed in place. */
export interface AdamOptions {
  /** Decay of the mean gradient, 0 up to 1. */
  readonly beta1?: number;
  /** Decay of the mean squared gradient, 0 up to 1; lower for runs of few steps. */
  readonly beta2?: number;
  readonly epsilon?: number;
}

/** The optimiser's memory, plain so that a run can be saved and resumed. */
export interface AdamState {
  readonly mean: Float32Array;
  readonly square: Float32Array;
  step: number;
}

export function createAdam(length: number): AdamState {
  return { mean: new Float32Array(length), square: new Float32Array(length), step: 0 };
}

/** One step against the gradient. @throws RangeError when lengths differ. */
export function adamStep(
  state: AdamState,
  parameters: Float32Array,
  gradient: Float32Array,
  learningRate: number,
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions = {},
): void {
  const { mean, square } = state;
  if (parameters.length !== mean.length || gradient.length !== mean.length) {
    throw new RangeError(
      `Adam was made for ${mean.length} parameters, not ${parameters.length} and ${gradient.length}`,
    );
  }
  state.step++;
  const rate = learningRate / (1 - beta1 ** state.step);
  const scale = 1 / (1 - beta2 ** state.step);
  for (let i = 0; i < parameters.length; i++) {
    const slope = gradient[i]!;
    mean[i] = beta1 * mean[i]! + (1 - beta1) * slope;
    square[i] = beta2 * square[i]! + (1 - beta2) * slope * slope;
    parameters[i]! -= (rate * mean[i]!) / (Math.sqrt(square[i]! * scale) + epsilon);
  }
}

/** Learning rate that falls from 1 to 0 over the run like half a cosine wave. */
export function cosineDecay(step: number, steps: number): number {
  return (1 + Math.cos((Math.PI * step) / steps)) / 2;
}

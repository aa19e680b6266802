/**
 * A function of one number that is linear on either side of zero: `positive · x` for x ≥ 0 and
 * `negative · x` below, per channel. TensorFlow Lite's converter breaks PReLU into such steps
 * (Relu, Abs or Neg, multiplication, addition); here they are put together again, whatever the
 * order they come in.
 */
export interface Piecewise {
  /** Tensor index of x. */
  readonly base: number;
  readonly positive: readonly number[];
  readonly negative: readonly number[];
}

export function identity(base: number, channels: number): Piecewise {
  const ones = new Array<number>(channels).fill(1);
  return { base, positive: ones, negative: ones };
}

export function isIdentity(f: Piecewise): boolean {
  return f.positive.every((p) => p === 1) && f.negative.every((n) => n === 1);
}

export function relu(f: Piecewise): Piecewise {
  return map(f, (slope, side) => (side * slope > 0 ? slope : 0));
}

export function absolute(f: Piecewise): Piecewise {
  return map(f, (slope, side) => side * Math.abs(slope));
}

export function negate(f: Piecewise): Piecewise {
  return map(f, (slope) => -slope);
}

export function scale(f: Piecewise, factors: ArrayLike<number>): Piecewise {
  return map(f, (slope, _, channel) => slope * (factors[channel] ?? NaN));
}

/** f + sign · g, for functions of the same x. */
export function combine(f: Piecewise, g: Piecewise, sign: 1 | -1): Piecewise {
  if (f.base !== g.base) throw new Error('Functions of different tensors cannot be combined.');
  return {
    base: f.base,
    positive: f.positive.map((p, i) => p + sign * (g.positive[i] ?? NaN)),
    negative: f.negative.map((n, i) => n + sign * (g.negative[i] ?? NaN)),
  };
}

/**
 * The slopes below zero, if `f` is a PReLU.
 * @throws Error when it is not.
 */
export function preluSlopes(f: Piecewise): readonly number[] {
  if (!f.positive.every((p) => p === 1) || !f.negative.every((n) => Number.isFinite(n))) {
    throw new Error('The graph has a piecewise linear function that is no PReLU.');
  }
  return f.negative;
}

function map(
  f: Piecewise,
  change: (slope: number, side: 1 | -1, channel: number) => number,
): Piecewise {
  return {
    base: f.base,
    positive: f.positive.map((p, channel) => change(p, 1, channel)),
    negative: f.negative.map((n, channel) => change(n, -1, channel)),
  };
}

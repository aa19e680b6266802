import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as piecewise from '../../models/converters/piecewise.ts';

/** A step, as algebra on slopes and as arithmetic on numbers. */
const steps = {
  relu: [piecewise.relu, (x: number) => Math.max(x, 0)],
  absolute: [piecewise.absolute, Math.abs],
  negate: [piecewise.negate, (x: number) => -x],
  double: [(f: piecewise.Piecewise) => piecewise.scale(f, [2]), (x: number) => 2 * x],
  mirror: [(f: piecewise.Piecewise) => piecewise.scale(f, [-0.5]), (x: number) => -0.5 * x],
} as const;
const name = fc.constantFrom(...(Object.keys(steps) as (keyof typeof steps)[]));
const chain = fc.array(name, { maxLength: 6 });

function follow(names: readonly (keyof typeof steps)[], x: number) {
  let form = piecewise.identity(0, 1);
  let value = x;
  for (const step of names) {
    form = steps[step][0](form);
    value = steps[step][1](value);
  }
  return { form, value };
}

function evaluate(form: piecewise.Piecewise, x: number): number {
  return (x >= 0 ? form.positive[0]! : form.negative[0]!) * x;
}

describe('piecewise linear functions', () => {
  it('follow any chain of steps and any sum of two chains', () => {
    const x = fc.integer({ min: -100, max: 100 });
    fc.assert(
      fc.property(chain, chain, fc.constantFrom(1 as const, -1 as const), x, (p, q, sign, at) => {
        const [a, b] = [follow(p, at), follow(q, at)];
        const sum = piecewise.combine(a.form, b.form, sign);
        expect(evaluate(a.form, at)).toBeCloseTo(a.value, 9);
        expect(evaluate(sum, at)).toBeCloseTo(a.value + sign * b.value, 9);
      }),
    );
  });

  it('are taken for a PReLU only when they are one', () => {
    const x = piecewise.identity(0, 2);
    const below = piecewise.combine(x, piecewise.absolute(x), -1);
    const prelu = piecewise.combine(piecewise.relu(x), piecewise.scale(below, [0.1, -0.2]), 1);
    expect(piecewise.preluSlopes(prelu)).toEqual([0.2, -0.4]);
    expect(() => piecewise.preluSlopes(piecewise.absolute(piecewise.negate(x)))).not.toThrow();
    expect(() => piecewise.preluSlopes(piecewise.scale(x, [1, 2]))).toThrow(/no PReLU/);
    const other = piecewise.identity(1, 2);
    expect(() => piecewise.combine(x, other, 1)).toThrow(/different tensors/);
  });
});

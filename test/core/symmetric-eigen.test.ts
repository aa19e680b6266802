import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../electron/core/random.ts';
import { symmetricEigen } from '../../electron/core/symmetric-eigen.ts';

describe('symmetricEigen', () => {
  it('gives values and vectors that make up the matrix again', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 12 }), (seed, size) => {
        const random = createRandom(seed);
        const matrix = new Float64Array(size * size);
        for (let row = 0; row < size; row++) {
          for (let column = row; column < size; column++) {
            const value = random() - 0.5;
            matrix[row * size + column] = matrix[column * size + row] = value;
          }
        }
        const { values, vectors } = symmetricEigen(matrix, size);
        expect([...values]).toEqual([...values].sort((a, b) => b - a));
        for (let row = 0; row < size; row++) {
          for (let column = 0; column < size; column++) {
            let again = 0;
            let product = 0;
            for (let k = 0; k < size; k++) {
              again += values[k]! * vectors[k * size + row]! * vectors[k * size + column]!;
              product += vectors[row * size + k]! * vectors[column * size + k]!;
            }
            expect(again).toBeCloseTo(matrix[row * size + column]!, 8);
            expect(product).toBeCloseTo(row === column ? 1 : 0, 8);
          }
        }
      }),
    );
  });
});

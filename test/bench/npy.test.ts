import { expect, it } from 'vitest';
import { encodeNpy } from '../../electron/cli/npy.ts';
import { decodeNpy } from './npy.ts';

it('reads what the command line writes', () => {
  const values = Float32Array.of(1, 2.5, -3, 4, 5, 6e-8);
  expect(decodeNpy(encodeNpy(values, 3))).toEqual({ values, columns: 3 });
});

it('refuses what is no matrix of float32', () => {
  const file = encodeNpy(Float32Array.of(1, 2, 3, 4), 2);
  expect(() => decodeNpy(file.subarray(0, file.length - 4))).toThrow('cut short');
  expect(() => decodeNpy(new TextEncoder().encode('face,identity\n'))).toThrow('no npy file');
  const doubles = Buffer.from(Buffer.from(file).toString('latin1').replace('<f4', '<f8'), 'latin1');
  expect(() => decodeNpy(doubles)).toThrow('no matrix of float32');
});

import { describe, expect, it } from 'vitest';
import { encodeNpy } from '../../electron/cli/npy.ts';

describe('encodeNpy', () => {
  it('writes what the format asks: magic, version, aligned header, little-endian rows', () => {
    const bytes = Buffer.from(encodeNpy(Float32Array.of(1, 2, 3, 4, 5, 6), 3));
    expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x93NUMPY\x01\x00');
    const headerLength = bytes.readUInt16LE(8);
    expect((10 + headerLength) % 64).toBe(0);
    const header = bytes.subarray(10, 10 + headerLength).toString('latin1');
    expect(header).toMatch(
      /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(2, 3\), \} *\n$/u,
    );
    const data = bytes.subarray(10 + headerLength);
    expect(data.length).toBe(24);
    expect([0, 4, 20].map((offset) => data.readFloatLE(offset))).toEqual([1, 2, 6]);
  });

  it('writes no rows for none', () => {
    expect(Buffer.from(encodeNpy(new Float32Array(), 192)).toString('latin1')).toContain(
      '(0, 192)',
    );
  });
});

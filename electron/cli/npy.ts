/**
 * A matrix of float32 in NumPy's file format, version 1.0 (numpy.lib.format).
 *
 * @param values row by row; its length is a multiple of `columns`.
 */
export function encodeNpy(values: Float32Array, columns: number): Uint8Array {
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${values.length / columns}, ${columns}), }`;
  // Magic, version, length and header together are a multiple of 64, so that the data is aligned.
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64;
  const header = Buffer.alloc(length, ' ');
  header.write('\x93NUMPY\x01\x00', 0, 'latin1');
  header.writeUInt16LE(length - 10, 8);
  header.write(dictionary, 10, 'latin1');
  header.write('\n', length - 1, 'latin1');
  return Buffer.concat([
    header,
    new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  ]);
}

/**
 * Reads a matrix of float32 in NumPy's file format, versions 1 to 3 (numpy.lib.format).
 *
 * @returns the values row by row.
 * @throws RangeError when the file holds something else.
 */
export function decodeNpy(bytes: Uint8Array): {
  readonly values: Float32Array;
  readonly columns: number;
} {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.toString('latin1', 0, 6) !== '\x93NUMPY') throw new RangeError('This is no npy file');
  const [length, start] = file[6] === 1 ? [file.readUInt16LE(8), 10] : [file.readUInt32LE(8), 12];
  const header = file.toString('latin1', start, start + length);
  const shape = /'shape': \((\d+), (\d+)\)/.exec(header);
  if (!/'descr': '<f4'/.test(header) || !/'fortran_order': False/.test(header) || !shape) {
    throw new RangeError('This is no matrix of float32, row by row');
  }
  const [rows, columns] = [Number(shape[1]), Number(shape[2])];
  // Copied, since the data may begin anywhere.
  const data = Uint8Array.from(file.subarray(start + length));
  if (data.length !== rows * columns * 4) throw new RangeError('The file is cut short');
  return { values: new Float32Array(data.buffer), columns };
}

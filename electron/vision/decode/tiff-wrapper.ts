/** An uncompressed TIFF file in memory and the part of it that holds the pixels, to be filled. */
export interface TiffWrapper {
  readonly file: Buffer;
  /** Eight-bit RGB, interleaved, row by row: `width * height * 3` bytes. */
  readonly pixels: Uint8Array;
}

/**
 * Wraps bare pixels as a TIFF, so that pixels from another decoder take the same way as every file:
 * cut, scaled and brought from their colour profile to sRGB by one library.
 *
 * @param colourProfile ICC profile of the pixels, or null for sRGB.
 */
export function createTiffWrapper(
  width: number,
  height: number,
  colourProfile: Uint8Array | null,
): TiffWrapper {
  const pixelBytes = width * height * 3;
  const stripCount = Math.ceil(height / rowsPerStrip);
  const evenPixelBytes = pixelBytes + (pixelBytes % 2);
  const bitsAt = headerBytes + evenPixelBytes;
  const stripOffsetsAt = bitsAt + 8;
  const stripSizesAt = stripOffsetsAt + stripCount * 4;
  const profileAt = stripSizesAt + stripCount * 4;
  const profileBytes = colourProfile?.length ?? 0;
  const directoryAt = profileAt + profileBytes + (profileBytes % 2);

  const entries: (readonly [tag: number, type: number, count: number, value: number])[] = [
    [256, types.long, 1, width],
    [257, types.long, 1, height],
    [258, types.short, 3, bitsAt],
    [259, types.short, 1, noCompression],
    [262, types.short, 1, photometricRgb],
    // One value stands in the entry itself, several lie at the offset given.
    [273, types.long, stripCount, stripCount === 1 ? headerBytes : stripOffsetsAt],
    [277, types.short, 1, 3],
    [278, types.long, 1, rowsPerStrip],
    [279, types.long, stripCount, stripCount === 1 ? pixelBytes : stripSizesAt],
  ];
  if (colourProfile !== null) entries.push([34675, types.undefined, profileBytes, profileAt]);

  const file = Buffer.allocUnsafe(directoryAt + 2 + entries.length * 12 + 4);
  file.write('II*\0', 0, 'latin1');
  file.writeUInt32LE(directoryAt, 4);
  for (let channel = 0; channel < 3; channel++) file.writeUInt16LE(8, bitsAt + channel * 2);
  for (let strip = 0; strip < stripCount; strip++) {
    const offset = strip * rowsPerStrip * width * 3;
    const size = Math.min(rowsPerStrip * width * 3, pixelBytes - offset);
    file.writeUInt32LE(headerBytes + offset, stripOffsetsAt + strip * 4);
    file.writeUInt32LE(size, stripSizesAt + strip * 4);
  }
  if (colourProfile !== null) file.set(colourProfile, profileAt);
  file.writeUInt16LE(entries.length, directoryAt);
  entries.forEach(([tag, type, count, value], index) => {
    const at = directoryAt + 2 + index * 12;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(type, at + 2);
    file.writeUInt32LE(count, at + 4);
    file.writeUInt32LE(value, at + 8);
  });
  file.writeUInt32LE(0, directoryAt + 2 + entries.length * 12);
  return { file, pixels: file.subarray(headerBytes, headerBytes + pixelBytes) };
}

const headerBytes = 8;
/** Short strips let a reader fetch a region without the whole picture. */
const rowsPerStrip = 16;
const noCompression = 1;
const photometricRgb = 2;
const types = { short: 3, long: 4, undefined: 7 } as const;

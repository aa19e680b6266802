/**
 * The brands of an ISO base media file (HEIF, AVIF, MP4, QuickTime, Canon CR3): major brand first,
 * then the compatible ones. Null if the bytes do not start with an `ftyp` box.
 */
export function baseMediaBrands(bytes: Uint8Array): string[] | null {
  if (bytes.length < 12 || asciiAt(bytes, 4, 4) !== 'ftyp') return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const boxSize = Math.min(view.getUint32(0), bytes.length);
  const brands = [asciiAt(bytes, 8, 4)];
  // Bytes 12 to 15 hold the minor version.
  for (let at = 16; at + 4 <= boxSize; at += 4) brands.push(asciiAt(bytes, at, 4));
  return brands;
}

/** `length` bytes at `at` as Latin-1 text; shorter at the end of the bytes. */
export function asciiAt(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

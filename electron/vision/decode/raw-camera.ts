/**
 * Tells a camera's raw file from an ordinary TIFF. Most raw formats (NEF, ARW, DNG, PEF, CR2 …) are
 * TIFF files whose first image is a small preview: decoded as TIFF they would pass for tiny photos.
 */
export function isRawCameraTiff(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const littleEndian = view.getUint8(0) === 0x49;
  try {
    // Canon CR2 writes its own mark behind the TIFF header.
    if (view.getUint16(8) === 0x4352) return true;
    const directory = view.getUint32(4, littleEndian);
    const count = view.getUint16(directory, littleEndian);
    let reducedImage = false;
    let subImages = false;
    for (let index = 0; index < count; index++) {
      const entry = directory + 2 + index * 12;
      const tag = view.getUint16(entry, littleEndian);
      const short = view.getUint16(entry + 8, littleEndian);
      if (tag === tags.dngVersion) return true;
      if (tag === tags.photometric && (short === colourFilterArray || short === linearRaw)) {
        return true;
      }
      if (tag === tags.newSubfileType && (view.getUint32(entry + 8, littleEndian) & 1) === 1) {
        reducedImage = true;
      }
      if (tag === tags.subImages) subImages = true;
    }
    return reducedImage && subImages;
  } catch (error) {
    // A directory that lies behind the bytes at hand says nothing: let the decoder judge.
    if (error instanceof RangeError) return false;
    throw error;
  }
}

const tags = {
  newSubfileType: 0x00fe,
  photometric: 0x0106,
  subImages: 0x014a,
  dngVersion: 0xc612,
} as const;
const colourFilterArray = 32803;
const linearRaw = 34892;

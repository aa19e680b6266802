/** Features as they are stored: 16-bit floating point, little-endian; half the room, errors below 0.05 %. */
export function packFeatures(features: Float32Array): Uint8Array {
  return new Uint8Array(Float16Array.from(features).buffer);
}

/** What each 16-bit pattern stands for. */
const valueOfHalf = new Float32Array(
  new Float16Array(Uint16Array.from({ length: 65_536 }, (_, bits) => bits).buffer),
);

/** @param target the numbers are written there, from `at` on; its length is what fits otherwise. */
export function unpackFeatures(
  packed: Uint8Array,
  target: Float32Array = new Float32Array(packed.length / 2),
  at = 0,
): Float32Array {
  // Byte by byte, since the bytes may start at an odd place.
  for (let i = 0; i < packed.length; i += 2) {
    target[at + i / 2] = valueOfHalf[packed[i]! | (packed[i + 1]! << 8)]!;
  }
  return target;
}

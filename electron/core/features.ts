/** Features as they are stored: 16-bit floating point, little-endian; half the room, errors below 0.05 %. */
export function packFeatures(features: Float32Array): Uint8Array {
  return new Uint8Array(Float16Array.from(features).buffer);
}

export function unpackFeatures(packed: Uint8Array): Float32Array {
  // A copy, since the bytes may start at an odd place.
  return Float32Array.from(new Float16Array(Uint8Array.from(packed).buffer));
}

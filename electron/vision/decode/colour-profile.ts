import { asciiAt } from './base-media.ts';

/**
 * Whether an ICC profile says what is assumed without one: sRGB. Most photos carry such a profile,
 * and converting by it costs as much time as decoding, to no effect.
 */
export function isStandardRgbProfile(profile: Uint8Array): boolean {
  try {
    const tags = readTags(profile);
    const description = tags.get('desc');
    if (description === undefined || !readText(profile, description).includes('sRGB')) return false;
    return standardPrimaries.every(([tag, primary]) => {
      const found = tags.get(tag);
      return found !== undefined && isNear(readXyz(profile, found), primary);
    });
  } catch (error) {
    // Offsets that lead outside: leave a broken profile to the colour library.
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** sRGB's red, green and blue as XYZ under D50 (ICC, IEC 61966-2-1). */
const standardPrimaries = [
  ['rXYZ', [0.436, 0.2225, 0.0139]],
  ['gXYZ', [0.3851, 0.7169, 0.0971]],
  ['bXYZ', [0.1431, 0.0606, 0.7141]],
] as const;

interface Place {
  readonly offset: number;
  readonly size: number;
}

function readTags(profile: Uint8Array): Map<string, Place> {
  const view = dataView(profile);
  const tags = new Map<string, Place>();
  const count = Math.min(view.getUint32(128), 100);
  for (let index = 0; index < count; index++) {
    const at = 132 + index * 12;
    tags.set(asciiAt(profile, at, 4), {
      offset: view.getUint32(at + 4),
      size: view.getUint32(at + 8),
    });
  }
  return tags;
}

/** Text of either kind: ASCII in version 2 profiles, UTF-16 in version 4. */
function readText(profile: Uint8Array, { offset, size }: Place): string {
  return asciiAt(profile, offset, Math.min(size, 200)).replaceAll('\0', '');
}

function readXyz(profile: Uint8Array, { offset }: Place): readonly number[] {
  const view = dataView(profile);
  // Three signed numbers with 16 bits before and after the point.
  return [8, 12, 16].map((at) => view.getInt32(offset + at) / 65_536);
}

function isNear(found: readonly number[], wanted: readonly number[]): boolean {
  return wanted.every((value, index) => Math.abs(value - (found[index] ?? NaN)) < 0.002);
}

function dataView(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

import { VisionFailure } from '../failure.ts';
import { asciiAt, baseMediaBrands } from './base-media.ts';
import { isRawCameraTiff } from './raw-camera.ts';

/** What the bytes say they are; `heif` is any HEIF that is not plainly AVIF. */
export type SniffedFormat = 'jpeg' | 'png' | 'webp' | 'tiff' | 'gif' | 'avif' | 'heif';

/** So many bytes from the start of a file are enough for `sniffFormat`. */
export const sniffLength = 4096;

/**
 * Tells a photo's format from its first bytes; names and extensions are not looked at.
 *
 * @throws VisionFailure `damaged` for an empty file, `not-a-photo` with a sentence that says what it
 * is instead.
 */
export function sniffFormat(head: Uint8Array): SniffedFormat {
  if (head.length === 0) throw new VisionFailure('damaged', 'This file is empty.');
  for (const [format, matches] of photoSignatures) if (matches(head)) return format;
  const baseMedia = sniffBaseMedia(head);
  if (baseMedia !== null) return baseMedia;
  if (startsWith(head, 'II*\0', 'MM\0*', 'II+\0', 'MM\0+')) {
    if (isRawCameraTiff(head)) throw rawCameraFile();
    return 'tiff';
  }
  for (const [message, ...starts] of otherSignatures) {
    if (startsWith(head, ...starts)) throw new VisionFailure('not-a-photo', message);
  }
  if (head.every((byte) => byte === 0)) {
    throw new VisionFailure('damaged', 'This file holds nothing but zeros.');
  }
  if (isText(head)) throw new VisionFailure('not-a-photo', 'This is text, not a photo.');
  throw new VisionFailure('not-a-photo', 'This is not a photo that Kith can read.');
}

const photoSignatures: readonly (readonly [SniffedFormat, (head: Uint8Array) => boolean])[] = [
  ['jpeg', (head) => startsWith(head, '\xff\xd8\xff')],
  ['png', (head) => startsWith(head, '\x89PNG\r\n\x1a\n')],
  ['gif', (head) => startsWith(head, 'GIF87a', 'GIF89a')],
  ['webp', (head) => startsWith(head, 'RIFF') && asciiAt(head, 8, 4) === 'WEBP'],
];

const videoMessage = 'This is a video or sound file, not a photo.';

const otherSignatures: readonly (readonly [string, ...string[]])[] = [
  [
    'This is a JPEG XL picture, which Kith cannot read yet.',
    '\xff\x0a',
    '\0\0\0\x0cJXL \r\n\x87\n',
  ],
  [
    'This is a JPEG 2000 picture, which Kith cannot read yet.',
    '\xff\x4f\xff\x51',
    '\0\0\0\x0cjP  \r\n\x87\n',
  ],
  [
    'This is a raw camera file; Kith reads the JPEG or HEIC beside it, not the raw file.',
    'IIU\0',
    'IIRO',
    'IIRS',
    'MMOR',
    'FUJIFILMCCD-RAW',
    'FOVb',
    '\0MRM',
    'II\x1a\0\0\0HEAPCCDR',
  ],
  ['This is a BMP picture, which Kith cannot read yet.', 'BM'],
  ['This is a Photoshop document, not a photo.', '8BPS'],
  ['This is a PDF document, not a photo.', '%PDF'],
  ['This is a PostScript document, not a photo.', '%!PS', '\xc5\xd0\xd3\xc6'],
  [videoMessage, '\x1aE\xdf\xa3', 'RIFF', '\0\0\x01\xba', '\0\0\x01\xb3'],
  ['This is an archive, not a photo.', 'PK\x03\x04', 'Rar!', '7z\xbc\xaf', '\x1f\x8b'],
  ['This is a program, not a photo.', '\x7fELF', 'MZ'],
];

const oldMovieBoxes = new Set(['moov', 'mdat', 'wide']);
const avifBrands = new Set(['avif', 'avis', 'avio']);
const heifBrands = new Set(
  'heic heix hevc hevx heim heis hevm hevs mif1 mif2 mif3 msf1 miaf MiHE'.split(' '),
);

function sniffBaseMedia(head: Uint8Array): SniffedFormat | null {
  const brands = baseMediaBrands(head);
  if (brands === null) {
    // QuickTime files of old cameras begin without a type.
    if (oldMovieBoxes.has(asciiAt(head, 4, 4)))
      throw new VisionFailure('not-a-photo', videoMessage);
    return null;
  }
  const major = brands[0] ?? '';
  if (major === 'crx ') throw rawCameraFile();
  if (avifBrands.has(major)) return 'avif';
  // Motion formats list still-picture brands as compatible, so their own brand counts first.
  if (!heifBrands.has(major) && !brands.some((brand) => heifBrands.has(brand))) {
    if (brands.some((brand) => avifBrands.has(brand))) return 'avif';
    throw new VisionFailure('not-a-photo', videoMessage);
  }
  const hasHevc = brands.some((brand) => brand.startsWith('he'));
  return !hasHevc && brands.some((brand) => avifBrands.has(brand)) ? 'avif' : 'heif';
}

function rawCameraFile(): VisionFailure {
  return new VisionFailure(
    'not-a-photo',
    'This is a raw camera file; Kith reads the JPEG or HEIC beside it, not the raw file.',
  );
}

function startsWith(head: Uint8Array, ...starts: readonly string[]): boolean {
  return starts.some((start) => asciiAt(head, 0, start.length) === start);
}

/** UTF-8 without control characters other than white space; a cut character at the end is fine. */
function isText(head: Uint8Array): boolean {
  if (head.some((byte) => byte < 0x20 && !textControls.has(byte))) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** Tab, line feed, vertical tab, form feed, carriage return, escape. */
const textControls = new Set([0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1b]);

import type { PhotoPixels } from '../../core/image.ts';
import { VisionFailure } from '../failure.ts';
import { decodeHeif, UnsupportedCodecError } from '../heif.ts';
import { readTakenAt } from '../metadata.ts';
import { readHeader, type PhotoHeader } from '../pixels.ts';
import type { VisionLimits } from '../protocol.ts';
import { isStandardRgbProfile } from './colour-profile.ts';
import { DecodedPhoto, type PhotoColours } from './decoded-photo.ts';
import { toOrientation } from './orientation.ts';
import { sniffFormat, type SniffedFormat } from './sniff.ts';

export interface OpenedPhoto extends PhotoPixels {
  /** What the bytes are: 'jpeg', 'png', 'webp', 'tiff', 'gif', 'avif' or 'heic'. */
  readonly format: PhotoFormat;
  /** Local ISO time without zone by Exif, or null. */
  readonly takenAt: string | null;
}

export type PhotoFormat = Exclude<SniffedFormat, 'heif'> | 'heic';

/**
 * Opens a photo: tells its format from its content, reads its header and refuses what is not a photo
 * or too large. Pixels are decoded when `view` or `region` first asks for them (HEIC: at once); these
 * reject with VisionFailure `damaged` if too little can be decoded.
 *
 * @throws VisionFailure `not-a-photo`, `damaged`, `too-large`.
 */
export async function openPhoto(
  bytes: Buffer,
  limits: Pick<VisionLimits, 'maxPixels'>,
): Promise<OpenedPhoto> {
  const sniffed = sniffFormat(bytes);
  if (sniffed === 'heif') return openHeif(bytes, limits.maxPixels);
  const header = await readHeader(bytes).catch((error: unknown) => {
    throw new VisionFailure('damaged', damagedHeaderMessage(sniffed), { cause: error });
  });
  return openWithSharp(bytes, header, sniffed, limits.maxPixels);
}

async function openHeif(bytes: Buffer, maxPixels: number): Promise<OpenedPhoto> {
  // libheif in WebAssembly decodes; the other library only knows the header, and Exif with it.
  const header = await readHeader(bytes).catch(() => undefined);
  if (header !== undefined) refuseAbove(maxPixels, header);
  try {
    const { width, height, tiff, profile } = decodeHeif(bytes, maxPixels);
    const photo = new DecodedPhoto({
      bytes: tiff,
      stored: { width, height },
      orientation: 1,
      maxPixels,
      colours: coloursOf(profile === null ? undefined : { profile, plainRgb: true }),
    });
    return Object.assign(photo, { format: 'heic', takenAt: readTakenAt(header?.exif) } as const);
  } catch (error) {
    if (!(error instanceof UnsupportedCodecError)) throw error;
    // AVIF under HEIF's general brand.
    if (header !== undefined) {
      const photo = openWithSharp(bytes, header, 'avif', maxPixels);
      const readable = await photo.view(1).then(
        () => true,
        () => false,
      );
      if (readable) return photo;
    }
    throw new VisionFailure(
      'not-a-photo',
      'This HEIF file holds a kind of picture that Kith cannot read.',
      { cause: error },
    );
  }
}

function openWithSharp(
  bytes: Buffer,
  header: PhotoHeader,
  format: PhotoFormat,
  maxPixels: number,
): OpenedPhoto {
  refuseAbove(maxPixels, header);
  // A HEIF container turns its picture itself: the decoder has done it, and Exif only repeats it.
  const orientation = format === 'avif' ? 1 : toOrientation(header.orientation);
  // A TIFF file is itself what an Exif block is.
  const exif = header.exif ?? (format === 'tiff' ? bytes : undefined);
  const photo = new DecodedPhoto({
    bytes,
    stored: header,
    orientation,
    maxPixels,
    colours: coloursOf(header),
  });
  return Object.assign(photo, { format, takenAt: readTakenAt(exif) });
}

/** When, if at all, colours are brought to sRGB by the file's profile. */
function coloursOf(header?: Pick<PhotoHeader, 'profile' | 'plainRgb'>): PhotoColours {
  if (header?.profile === undefined || !header.plainRgb) return { convert: 'on-decoding' };
  return isStandardRgbProfile(header.profile)
    ? { convert: 'never' }
    : { convert: 'after-scaling', profile: header.profile };
}

function refuseAbove(maxPixels: number, { width, height }: PhotoHeader): void {
  if (width * height <= maxPixels) return;
  throw new VisionFailure('too-large', `This photo is too large: ${width} × ${height} pixels.`);
}

function damagedHeaderMessage(format: SniffedFormat): string {
  return `This ${format.toUpperCase()} file is damaged: not even its size can be read.`;
}

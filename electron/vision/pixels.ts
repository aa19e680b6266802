import sharp, { type Sharp } from 'sharp';
import type { Rectangle, RgbImage } from '../core/image.ts';
import { createTiffWrapper } from './decode/tiff-wrapper.ts';

// One process works for each core: threads within it would only compete, and no photo comes twice.
sharp.concurrency(1);
sharp.cache(false);

/** What a file's header tells, before any pixel is decoded. */
export interface PhotoHeader {
  /** As stored, before Exif orientation. */
  readonly width: number;
  readonly height: number;
  /** The Exif or TIFF orientation tag as it stands in the file. */
  readonly orientation: number | undefined;
  readonly exif: Buffer | undefined;
  /** ICC profile of the colours. */
  readonly profile: Buffer | undefined;
  /** Whether a pixel is red, green and blue, eight bits each, with or without transparency. */
  readonly plainRgb: boolean;
}

/**
 * Reads the header of an encoded picture. Its size is whatever the file claims.
 *
 * @throws Error with the decoder's words if there is no header that it understands.
 */
export async function readHeader(bytes: Uint8Array): Promise<PhotoHeader> {
  const { width, height, orientation, exif, icc, space, depth, channels } = await sharp(bytes, {
    limitInputPixels: false,
    failOn: 'none',
  }).metadata();
  const plainRgb = space === 'srgb' && depth === 'uchar' && channels >= 3;
  return { width, height, orientation, exif, profile: icc, plainRgb };
}

export interface DecodeOptions {
  /** Stored pixels to cut out, whole numbers within the picture; everything if absent. */
  readonly area?: Rectangle;
  /** Exact size to scale to; JPEG and WebP are then decoded at a reduced scale where that serves. */
  readonly size?: { readonly width: number; readonly height: number };
  /** 'truncated' refuses a file that ends early, 'none' decodes what is there. */
  readonly failOn: 'none' | 'truncated';
  /** More pixels than this are refused by the decoder. */
  readonly maxPixels: number;
  /** Leave the colours as they are stored, whatever profile the file has. */
  readonly ignoreProfile?: boolean;
}

/**
 * Decodes the first picture of a file as stored (orientation not applied), brought to eight-bit sRGB
 * by its colour profile; transparent pixels are laid on white.
 *
 * @throws Error with the decoder's words.
 */
export async function decodePixels(bytes: Uint8Array, options: DecodeOptions): Promise<RgbImage> {
  const pipeline = sharp(bytes, {
    failOn: options.failOn,
    limitInputPixels: options.maxPixels,
    page: 0,
    pages: 1,
    autoOrient: false,
    ignoreIcc: options.ignoreProfile ?? false,
  });
  if (options.area !== undefined) pipeline.extract(options.area);
  if (options.size !== undefined) pipeline.resize({ ...options.size, fit: 'fill' });
  return toRgb(pipeline.flatten({ background: '#ffffff' }));
}

/** Brings pixels from their ICC profile to sRGB. */
export async function convertColours(image: RgbImage, profile: Uint8Array): Promise<RgbImage> {
  const { file, pixels } = createTiffWrapper(image.width, image.height, profile);
  pixels.set(image.data);
  return toRgb(sharp(file, { limitInputPixels: false }));
}

/** Scales pixels to an exact size (Lanczos 3 on shrinking). */
export async function resizePixels(
  image: RgbImage,
  size: { readonly width: number; readonly height: number },
): Promise<RgbImage> {
  if (image.width === size.width && image.height === size.height) return image;
  return toRgb(fromRgb(image).resize({ ...size, fit: 'fill' }));
}

/** Encodes pixels as JPEG; `quality` from 1 to 100. */
export async function encodeJpeg(image: RgbImage, quality: number): Promise<Uint8Array> {
  return fromRgb(image).jpeg({ quality }).toBuffer();
}

function fromRgb(image: RgbImage): Sharp {
  return sharp(image.data, {
    raw: { width: image.width, height: image.height, channels: 3 },
    limitInputPixels: false,
  });
}

async function toRgb(pipeline: Sharp): Promise<RgbImage> {
  const { data, info } = await pipeline
    .removeAlpha()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`Decoded ${info.channels} channels instead of 3`);
  return { data, width: info.width, height: info.height };
}

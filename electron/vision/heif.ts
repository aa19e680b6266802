import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createTiffWrapper } from './decode/tiff-wrapper.ts';
import { VisionFailure } from './failure.ts';

export interface DecodedHeif {
  /** Upright size: libheif has applied rotation, mirroring and cropping. */
  readonly width: number;
  readonly height: number;
  /** The pixels as an uncompressed TIFF that carries their colour profile. */
  readonly tiff: Buffer;
  /** The ICC profile among it, or null. */
  readonly profile: Buffer | null;
}

/** libheif understands the file but has no decoder for the codec inside it (AVIF, JPEG, …). */
export class UnsupportedCodecError extends Error {
  override readonly name = 'UnsupportedCodecError';
}

/**
 * Decodes the primary image of a HEIC or HEIF file with libheif in WebAssembly, in an instance of
 * its own: its memory is given back with it, and a file that breaks it breaks no other.
 *
 * @param maxPixels Images with more pixels are refused before they are decoded.
 * @throws VisionFailure `too-large` or `damaged`; UnsupportedCodecError.
 */
export function decodeHeif(bytes: Uint8Array, maxPixels: number): DecodedHeif {
  try {
    return new HeifReader(instantiate()).read(bytes, maxPixels);
  } catch (error) {
    if (error instanceof VisionFailure || error instanceof UnsupportedCodecError) throw error;
    // A WebAssembly trap, or no more memory for it.
    throw damaged('it cannot be decoded', error);
  }
}

class HeifReader {
  readonly #heif: Libheif;
  readonly #error: number;
  readonly #out: number;

  constructor(heif: Libheif) {
    this.#heif = heif;
    this.#error = heif._malloc(12);
    this.#out = heif._malloc(4);
  }

  read(bytes: Uint8Array, maxPixels: number): DecodedHeif {
    const heif = this.#heif;
    const address = heif._malloc(bytes.length);
    heif.HEAPU8.set(bytes, address);
    const context = heif._heif_context_alloc();
    heif._heif_context_read_from_memory(this.#error, context, address, bytes.length, 0);
    this.#check();
    heif._heif_context_get_primary_image_handle(this.#error, context, this.#out);
    this.#check();
    const handle = this.#outValue();
    const width = heif._heif_image_handle_get_width(handle);
    const height = heif._heif_image_handle_get_height(handle);
    if (width * height > maxPixels) throw tooLarge(width, height);

    heif._heif_decode_image(this.#error, handle, this.#out, colourspaceRgb, chromaRgb, 0);
    this.#check();
    const image = this.#outValue();
    return this.#wrap(image, this.#colourProfile(handle), maxPixels);
  }

  #wrap(image: number, profile: Buffer | null, maxPixels: number): DecodedHeif {
    const heif = this.#heif;
    const width = heif._heif_image_get_width(image, channelInterleaved);
    const height = heif._heif_image_get_height(image, channelInterleaved);
    const plane = heif._heif_image_get_plane_readonly2(image, channelInterleaved, this.#out);
    const stride = this.#outValue();
    if (plane === 0 || width <= 0 || height <= 0) throw damaged('it holds no pixels');
    if (width * height > maxPixels) throw tooLarge(width, height);
    const { file, pixels } = createTiffWrapper(width, height, profile);
    for (let row = 0; row < height; row++) {
      const at = plane + row * stride;
      pixels.set(heif.HEAPU8.subarray(at, at + width * 3), row * width * 3);
    }
    return { width, height, tiff: file, profile };
  }

  #colourProfile(handle: number): Buffer | null {
    const heif = this.#heif;
    const size = heif._heif_image_handle_get_raw_color_profile_size(handle);
    if (size === 0) return null;
    const address = heif._malloc(size);
    heif._heif_image_handle_get_raw_color_profile(this.#error, handle, address);
    return this.#errorCode() === 0
      ? Buffer.from(heif.HEAPU8.subarray(address, address + size))
      : null;
  }

  #outValue(): number {
    return this.#heif.HEAPU32[this.#out >> 2] ?? 0;
  }

  #errorCode(): number {
    return this.#heif.HEAPU32[this.#error >> 2] ?? 0;
  }

  /** libheif returns a struct {code, subcode, message} by hidden pointer. */
  #check(): void {
    const code = this.#errorCode();
    if (code === 0) return;
    const subcode = this.#heif.HEAPU32[(this.#error >> 2) + 1] ?? 0;
    const message = this.#text(this.#heif.HEAPU32[(this.#error >> 2) + 2] ?? 0);
    if (unsupportedSubcodes.has(subcode)) throw new UnsupportedCodecError(message);
    if (subcode === endOfDataSubcode) throw damaged('it is cut off', message);
    if (code === pluginError) throw damaged('its pixels cannot be decoded', message);
    throw damaged('its structure is wrong', message);
  }

  #text(address: number): string {
    const heap = this.#heif.HEAPU8;
    return new TextDecoder().decode(heap.subarray(address, heap.indexOf(0, address)));
  }
}

function damaged(why: string, cause?: unknown): VisionFailure {
  return new VisionFailure('damaged', `This HEIC file is damaged: ${why}.`, { cause });
}

function tooLarge(width: number, height: number): VisionFailure {
  return new VisionFailure('too-large', `This photo is too large: ${width} × ${height} pixels.`);
}

let compiled: { module: object; factory: LibheifFactory } | undefined;

function instantiate(): Libheif {
  if (compiled === undefined) {
    const require = createRequire(import.meta.url);
    const binary = readFileSync(require.resolve('libheif-js/libheif-wasm/libheif.wasm'));
    compiled = {
      module: new WebAssembly.Module(binary),
      factory: require('libheif-js/libheif-wasm/libheif.js') as LibheifFactory,
    };
  }
  const { module, factory } = compiled;
  return factory({
    instantiateWasm(imports, receive) {
      const instance = new WebAssembly.Instance(module, imports);
      receive(instance, module);
      return instance.exports;
    },
    print: ignore,
    printErr: ignore,
  });
}

function ignore(): void {
  // libheif's own words for developers; its errors are returned.
}

// From libheif's heif_error.h, heif_image.h.
const unsupportedSubcodes = new Set([
  3000, // codec
  3001, // image type
  6003, // no decoder for it in this build
]);
const endOfDataSubcode = 100;
const pluginError = 7;
const colourspaceRgb = 1;
const chromaRgb = 10;
const channelInterleaved = 10;

// Node's type declarations leave WebAssembly to the browser's.
declare const WebAssembly: {
  readonly Module: new (binary: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
};

/** The part of libheif's C interface that is used; numbers are addresses in its memory. */
interface Libheif {
  readonly HEAPU8: Uint8Array;
  readonly HEAPU32: Uint32Array;
  _malloc(size: number): number;
  _heif_context_alloc(): number;
  _heif_context_read_from_memory(
    error: number,
    context: number,
    bytes: number,
    size: number,
    options: number,
  ): void;
  _heif_context_get_primary_image_handle(error: number, context: number, out: number): void;
  _heif_image_handle_get_width(handle: number): number;
  _heif_image_handle_get_height(handle: number): number;
  _heif_image_handle_get_raw_color_profile_size(handle: number): number;
  _heif_image_handle_get_raw_color_profile(error: number, handle: number, address: number): void;
  _heif_decode_image(
    error: number,
    handle: number,
    out: number,
    colourspace: number,
    chroma: number,
    options: number,
  ): void;
  _heif_image_get_width(image: number, channel: number): number;
  _heif_image_get_height(image: number, channel: number): number;
  _heif_image_get_plane_readonly2(image: number, channel: number, strideOut: number): number;
}

type LibheifFactory = (options: {
  instantiateWasm(
    imports: object,
    receive: (instance: { readonly exports: object }, module: object) => void,
  ): object;
  print(text: string): void;
  printErr(text: string): void;
}) => Libheif;

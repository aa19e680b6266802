import type { PhotoPixels, Rectangle, RgbImage } from '../../core/image.ts';
import { decodeTuning } from '../../core/tuning.ts';
import { VisionFailure } from '../failure.ts';
import { convertColours, decodePixels, resizePixels, type DecodeOptions } from '../pixels.ts';
import { clipOutwards, contains, cutImage, enclosing, scaledSize, type Size } from './area.ts';
import { toStoredArea, turnedSize, uprightImage, type Orientation } from './orientation.ts';
import { readableShare } from './readable.ts';

/**
 * When colours are brought to sRGB: 'never' if they are, 'after-scaling' if the decoder can leave it
 * for later (then views, which are much smaller than the photo, cost a third), else 'on-decoding'.
 */
export type PhotoColours =
  | { readonly convert: 'never' | 'on-decoding' }
  | { readonly convert: 'after-scaling'; readonly profile: Uint8Array };

export interface DecodedPhotoOptions {
  /** A file that sharp decodes. */
  readonly bytes: Uint8Array;
  /** Size as stored, before `orientation` is applied. */
  readonly stored: Size;
  readonly orientation: Orientation;
  readonly maxPixels: number;
  /** 'on-decoding' when absent, which is right for every file. */
  readonly colours?: PhotoColours;
  /** Most pixels that are held decoded at once; the product's own when absent. */
  readonly maxHeldPixels?: number;
}

/** A part of the photo at full resolution, as stored. */
interface Held {
  readonly area: Rectangle;
  readonly image: RgbImage;
}

interface Waiting {
  readonly area: Rectangle;
  readonly resolve: (held: Held | null) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Pixels of one photo, decoded as far as they are asked for. Everything is decoded and held as
 * stored; only what is handed out is turned upright, which is far less.
 *
 * Regions that are asked for in one turn of the event loop are decoded together, as the rectangle
 * around them; if others follow, the whole photo is decoded once and kept. Measured on 12 megapixels
 * of JPEG: a band of a third 30 ms, everything 75 ms, a 1280-pixel view 52 ms.
 */
export class DecodedPhoto implements PhotoPixels {
  readonly width: number;
  readonly height: number;
  readonly #options: DecodedPhotoOptions;
  readonly #views = new Map<number, Promise<RgbImage>>();
  #largestView: RgbImage | undefined;
  readonly #held: Held[] = [];
  #waiting: Waiting[] = [];
  #failOn: DecodeOptions['failOn'] = 'truncated';

  constructor(options: DecodedPhotoOptions) {
    this.#options = options;
    ({ width: this.width, height: this.height } = turnedSize(options.stored, options.orientation));
  }

  view(longestSide: number): Promise<RgbImage> {
    const { width, height } = scaledSize(this, longestSide);
    const key = Math.max(width, height);
    const known = this.#views.get(key);
    if (known !== undefined) return known;
    const view = this.#makeView({ width, height }).then((image) => {
      if (image.width > (this.#largestView?.width ?? 0)) this.#largestView = image;
      return image;
    });
    this.#views.set(key, view);
    return view;
  }

  async region(
    wanted: Rectangle,
    longestSide: number,
  ): Promise<{ image: RgbImage; area: Rectangle }> {
    const area = clipOutwards(wanted, this);
    await this.#prepareLargeView(area, longestSide);
    const fromView = await this.#regionOfView(area, longestSide);
    if (fromView !== null) return fromView;
    const { stored, orientation } = this.#options;
    const storedArea = toStoredArea(area, stored, orientation);
    const size = turnedSize(scaledSize(area, longestSide), orientation);
    const held = this.#holding(storedArea) ?? (await this.#fetch(storedArea));
    const image =
      held === null
        ? await this.#decode({ area: storedArea, size })
        : await resizePixels(cutImage(held.image, held.area, storedArea), size);
    return { image: uprightImage(image, orientation), area };
  }

  /**
   * Of a photo too large to be held, a view as large as can be held is made, if that is fine enough
   * for the region: otherwise each face would cost a pass over the whole file.
   */
  async #prepareLargeView(area: Rectangle, longestSide: number): Promise<void> {
    const { maxHeldPixels = decodeTuning.maxHeldPixels } = this.#options;
    const pixels = this.width * this.height;
    if (pixels <= maxHeldPixels) return;
    const scale = Math.sqrt(maxHeldPixels / pixels);
    const side = Math.floor(Math.max(this.width, this.height) * scale);
    if (longestSide <= Math.floor(Math.max(area.width, area.height) * scale)) await this.view(side);
  }

  /** A large face needs no more pixels than the view has: then nothing else is decoded. */
  async #regionOfView(
    area: Rectangle,
    longestSide: number,
  ): Promise<{ image: RgbImage; area: Rectangle } | null> {
    const view = this.#largestView;
    if (view === undefined) return null;
    const scaleX = view.width / this.width;
    const scaleY = view.height / this.height;
    const size = scaledSize(area, longestSide);
    if (size.width > area.width * scaleX || size.height > area.height * scaleY) return null;
    const cut = clipOutwards(
      {
        left: area.left * scaleX,
        top: area.top * scaleY,
        width: area.width * scaleX,
        height: area.height * scaleY,
      },
      view,
    );
    const image = await resizePixels(
      cutImage(view, { left: 0, top: 0, width: view.width, height: view.height }, cut),
      scaledSize(cut, longestSide),
    );
    return {
      image,
      area: {
        left: cut.left / scaleX,
        top: cut.top / scaleY,
        width: cut.width / scaleX,
        height: cut.height / scaleY,
      },
    };
  }

  async #makeView(size: Size): Promise<RgbImage> {
    const { stored, orientation } = this.#options;
    const larger = await this.#smallestViewAbove(size);
    if (larger !== undefined) return resizePixels(larger, size);
    const storedSize = turnedSize(size, orientation);
    const whole = this.#holding({ left: 0, top: 0, ...stored });
    const image =
      whole === undefined
        ? await this.#decode({ size: storedSize })
        : await resizePixels(whole.image, storedSize);
    return uprightImage(image, orientation);
  }

  async #smallestViewAbove(size: Size): Promise<RgbImage | undefined> {
    const key = Math.max(size.width, size.height);
    const above = [...this.#views.keys()].filter((other) => other > key);
    return above.length === 0 ? undefined : this.#views.get(Math.min(...above));
  }

  #holding(area: Rectangle): Held | undefined {
    return this.#held.find((held) => contains(held.area, area));
  }

  /** Decoded pixels that contain `area`, or null if they would be too many to hold. */
  #fetch(area: Rectangle): Promise<Held | null> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ area, resolve, reject });
      if (this.#waiting.length === 1) setImmediate(() => void this.#serveWaiting());
    });
  }

  async #serveWaiting(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      const area = this.#areaToHold(waiting.map((one) => one.area));
      const held = area === null ? null : { area, image: await this.#decode({ area }) };
      if (held !== null) this.#held.unshift(held);
      for (const one of waiting) one.resolve(held);
    } catch (error) {
      for (const one of waiting) one.reject(error);
    }
  }

  #areaToHold(areas: readonly Rectangle[]): Rectangle | null {
    const { stored, maxHeldPixels = decodeTuning.maxHeldPixels } = this.#options;
    const whole = { left: 0, top: 0, ...stored };
    const pixels = stored.width * stored.height;
    const padded = areas.map((area) => withMargin(area, stored));
    const band = clipOutwards(enclosing(padded), stored);
    const bandShare = (band.width * band.height) / pixels;
    if (pixels <= maxHeldPixels) {
      const first = this.#held.length === 0;
      return first && bandShare <= decodeTuning.maxBandShare ? band : whole;
    }
    return bandShare * pixels <= maxHeldPixels ? band : null;
  }

  /**
   * A file that ends early is decoded again as far as it goes; from then on the photo is taken as it
   * is, if enough of it is there.
   */
  async #decode(what: Pick<DecodeOptions, 'area' | 'size'>): Promise<RgbImage> {
    const { bytes, maxPixels, colours = { convert: 'on-decoding' } } = this.#options;
    const later = colours.convert === 'after-scaling' && what.size !== undefined;
    const ignoreProfile = colours.convert === 'never' || later;
    const options = { ...what, maxPixels, ignoreProfile };
    const image = await this.#decodeAsFarAsItGoes(bytes, options);
    return later ? convertColours(image, colours.profile) : image;
  }

  async #decodeAsFarAsItGoes(
    bytes: Uint8Array,
    options: Omit<DecodeOptions, 'failOn'>,
  ): Promise<RgbImage> {
    if (this.#failOn === 'truncated') {
      try {
        return await decodePixels(bytes, { ...options, failOn: 'truncated' });
      } catch {
        await this.#accept();
      }
    }
    return decodePixels(bytes, { ...options, failOn: 'none' }).catch(refuseAsDamaged);
  }

  /** Accepts a damaged photo, or throws VisionFailure `damaged`. */
  async #accept(): Promise<void> {
    const { bytes, maxPixels, stored } = this.#options;
    const size = scaledSize(stored, probeSide);
    const probe = await decodePixels(bytes, { size, failOn: 'none', maxPixels }).catch(
      refuseAsDamaged,
    );
    const share = readableShare(probe);
    if (share < decodeTuning.minReadableShare) {
      const percent = Math.floor(share * 100);
      throw new VisionFailure(
        'damaged',
        percent < 1
          ? 'The file is cut off or damaged: none of its pixels could be read.'
          : `The file is cut off or damaged: only ${percent} % of it could be read.`,
      );
    }
    this.#failOn = 'none';
  }
}

function refuseAsDamaged(error: unknown): never {
  const words = error instanceof Error ? error.message : String(error);
  if (/not supported|not implemented|Unsupported JPEG process/.test(words)) {
    throw new VisionFailure(
      'not-a-photo',
      'This file uses a rare form of its format, which Kith cannot read.',
      { cause: error },
    );
  }
  throw new VisionFailure('damaged', 'The file is damaged: its pixels cannot be read.', {
    cause: error,
  });
}

function withMargin(area: Rectangle, bounds: Size): Rectangle {
  const margin = Math.max(area.width, area.height) * decodeTuning.regionMargin;
  return clipOutwards(
    {
      left: area.left - margin,
      top: area.top - margin,
      width: area.width + 2 * margin,
      height: area.height + 2 * margin,
    },
    bounds,
  );
}

/** Longest side, in pixels, of the picture that a damaged file is judged by. */
const probeSide = 512;

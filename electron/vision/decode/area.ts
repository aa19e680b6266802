import type { Rectangle, RgbImage } from '../../core/image.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The size scaled down so that its longest side is at most `longestSide`; at least one pixel. */
export function scaledSize(size: Size, longestSide: number): Size {
  if (!(longestSide >= 1)) throw new RangeError(`Longest side must be at least 1: ${longestSide}`);
  const scale = Math.min(1, Math.floor(longestSide) / Math.max(size.width, size.height));
  return {
    width: Math.max(1, Math.round(size.width * scale)),
    height: Math.max(1, Math.round(size.height * scale)),
  };
}

/**
 * The whole pixels that a rectangle touches within bounds.
 *
 * @throws RangeError if it touches none.
 */
export function clipOutwards(area: Rectangle, bounds: Size): Rectangle {
  const left = Math.max(0, Math.floor(area.left));
  const top = Math.max(0, Math.floor(area.top));
  const right = Math.min(bounds.width, Math.ceil(area.left + area.width));
  const bottom = Math.min(bounds.height, Math.ceil(area.top + area.height));
  if (!(right > left && bottom > top)) {
    throw new RangeError(
      `No pixel of ${bounds.width} × ${bounds.height} lies in ` +
        `${area.left}, ${area.top}, ${area.width} × ${area.height}`,
    );
  }
  return { left, top, width: right - left, height: bottom - top };
}

export function contains(outer: Rectangle, inner: Rectangle): boolean {
  return (
    inner.left >= outer.left &&
    inner.top >= outer.top &&
    inner.left + inner.width <= outer.left + outer.width &&
    inner.top + inner.height <= outer.top + outer.height
  );
}

/** The smallest rectangle around all of them. */
export function enclosing(areas: readonly Rectangle[]): Rectangle {
  const left = Math.min(...areas.map((area) => area.left));
  const top = Math.min(...areas.map((area) => area.top));
  const right = Math.max(...areas.map((area) => area.left + area.width));
  const bottom = Math.max(...areas.map((area) => area.top + area.height));
  return { left, top, width: right - left, height: bottom - top };
}

/** Cuts `area` out of an image that shows `imageArea`; both in the same whole pixels. */
export function cutImage(image: RgbImage, imageArea: Rectangle, area: Rectangle): RgbImage {
  if (contains(area, imageArea)) return image;
  const { width, height } = area;
  const data = new Uint8Array(width * height * 3);
  const firstByte = ((area.top - imageArea.top) * image.width + area.left - imageArea.left) * 3;
  for (let row = 0; row < height; row++) {
    const from = firstByte + row * image.width * 3;
    data.set(image.data.subarray(from, from + width * 3), row * width * 3);
  }
  return { data, width, height };
}

/** Eight-bit sRGB pixels, interleaved RGB, row by row: `data.length === width * height * 3`. */
export interface RgbImage {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** A rectangle in pixels; fractions of a pixel allowed, may reach outside the image. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** One opened photo: upright (Exif orientation applied), sRGB, decoded as far as it is asked for. */
export interface PhotoPixels {
  /** Full-resolution upright size in pixels. */
  readonly width: number;
  readonly height: number;
  /** The whole photo, longest side at most `longestSide` pixels, never enlarged. */
  view(longestSide: number): Promise<RgbImage>;
  /**
   * A region of the full-resolution photo, clipped to the photo and rounded outwards to whole pixels;
   * scaled down so that its longest side is at most `longestSide`, never enlarged. `area` is what
   * was really cut, in full-resolution pixels: whole ones, or those of the view if that is fine
   * enough to serve.
   */
  region(area: Rectangle, longestSide: number): Promise<{ image: RgbImage; area: Rectangle }>;
}

/** Every threshold of the product, with its unit and its reason. */

export const scanTuning = {
  /** Refuse photos above this many pixels: 30,000 × 30,000 is a bomb, 250 megapixels is a large panorama. */
  maxPixels: 268_000_000,
  /** Give up on one photo after this time: the slowest honest decode seen is some seconds. */
  millisecondsPerPhoto: 120_000,
} as const;

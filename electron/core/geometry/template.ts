/**
 * Where ArcFace's alignment puts the five landmarks in a 112 × 112 picture (Deng et al. 2019,
 * arXiv 1801.07698; InsightFace): left eye, right eye, nose tip, mouth corners. The published
 * figures count from the first pixel's centre; half a pixel is added for continuous coordinates.
 */
export const ALIGNED_SIZE = 112;

export const ALIGNED_LANDMARKS: readonly number[] = [
  38.2946, 51.6963, 73.5318, 51.5014, 56.0252, 71.7366, 41.5493, 92.3655, 70.7299, 92.2041,
].map((coordinate) => coordinate + 0.5);

/**
 * Where O-Net's landmarks lie on average after alignment, same picture: mean over 5,229 press
 * photos. It sees noses lower and mouths higher than the template has them, which would read as
 * heads looking down.
 */
export const AVERAGE_LANDMARKS: readonly number[] = [
  0.02, 0.69, 0.02, 0.71, -0.09, 1.27, -0.98, -1.34, 1.02, -1.33,
].map((shift, i) => ALIGNED_LANDMARKS[i]! + shift);

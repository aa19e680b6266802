/** x and y, fractions of the upright photo's width and height, 0 to 1 (faces at the edge may reach outside). */
export type Point = readonly [x: number, y: number];

/** Left eye, right eye, nose tip, left and right mouth corner as seen in the picture. */
export type Landmarks = readonly [Point, Point, Point, Point, Point];

/** Fractions of the upright photo's width and height. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What one look at the pixels tells about a face. */
export interface FaceQuality {
  /** Geometric mean of box width and height, in full-resolution pixels. */
  readonly size: number;
  /** Sharpness of the aligned face, 0 (blurred) to 1 (crisp). */
  readonly sharpness: number;
  /** Head turned to the side, from landmarks, degrees; 0 frontal, positive towards the picture's right. */
  readonly yaw: number;
  /** Head nodding, from landmarks, degrees; positive upwards. */
  readonly pitch: number;
  /** In-plane rotation of the eye line, degrees, clockwise. */
  readonly roll: number;
  /** One figure for all of it, 0 to 1: how far this face can be trusted for recognition. */
  readonly overall: number;
}

export interface DetectedFace {
  readonly box: Box;
  readonly landmarks: Landmarks;
  /** Probability that this is a face, 0 to 1. */
  readonly detectionScore: number;
  readonly quality: FaceQuality;
  /** 512 numbers: the encoder's features before the head (mean over flip). */
  readonly features: Float32Array;
}

import { z } from 'zod';
import { FaceId, PersonId, Timestamp } from './entities.ts';

/** What there is to learn from now. */
export const LearningOffer = z.object({
  /** People with at least two confirmed faces, and their faces. */
  people: z.int(),
  faces: z.int(),
  rejections: z.int(),
  /** Confirmed faces and rejections that came since the last training. */
  newLabels: z.int(),
  /** Enough is new to be worth a training. */
  worthwhile: z.boolean(),
});
export type LearningOffer = z.infer<typeof LearningOffer>;

/** One step of a training. */
export const LearningStep = z.object({
  /** A trial learns from some labels and is measured on the others; then all labels are learnt. */
  phase: z.enum(['trial', 'final']),
  /** How much of all is done, 0 to 1; earlier versions did not record it. */
  done: z.number().optional(),
  stage: z.int(),
  stages: z.int(),
  step: z.int(),
  steps: z.int(),
  loss: z.number(),
  /** Share of pairs that still pull or push, 0 to 1. */
  active: z.number(),
});
export type LearningStep = z.infer<typeof LearningStep>;

export const LearningProgress = z.object({
  running: z.boolean(),
  /** The latest step; null before the first. */
  latest: LearningStep.nullable(),
  /** What to tell the user when it did not end well: too few labels, or a defect. */
  failure: z.string().nullable(),
});
export type LearningProgress = z.infer<typeof LearningProgress>;

const Figures = z.object({
  /** Share of true pairs accepted at 1 false accept in 1,000, on held-out faces. */
  accepted: z.number(),
  /** BCubed F on held-out faces. */
  grouped: z.number(),
  /** How far true pairs lie above what 1 in 1,000 false ones reach, in standard deviations of these. */
  clearance: z.number().optional(),
  /** Accuracy on faces in general, by population; earlier versions recorded the first figure. */
  generic: z.array(z.number()),
});

/** Anchor and positive are one person, the negative is another; squared distances, 0 to 4. */
export const HardTriplet = z.object({
  anchor: FaceId,
  positive: FaceId,
  negative: FaceId,
  before: z.object({ positive: z.number(), negative: z.number() }),
  after: z.object({ positive: z.number(), negative: z.number() }),
});
export type HardTriplet = z.infer<typeof HardTriplet>;

/** A named face that resembled somebody else most, and now its own person. */
export const TurnedFace = z.object({
  faceId: FaceId,
  personId: PersonId,
  beforePersonId: PersonId,
});
export type TurnedFace = z.infer<typeof TurnedFace>;

/** Faces of two people that passed for one, and are told apart now; squared distances, 0 to 4. */
export const PulledPair = z.object({
  faceId: FaceId,
  otherFaceId: FaceId,
  before: z.number(),
  after: z.number(),
});
export type PulledPair = z.infer<typeof PulledPair>;

const Joined = z.object({
  count: z.int(),
  /** Some of them: the parts, each with some of its faces. */
  examples: z.array(z.array(z.array(FaceId))),
});

/** What another head made of the groups. */
export const GroupsChange = z.object({
  from: z.string(),
  to: z.string(),
  merged: Joined,
  split: Joined,
});
export type GroupsChange = z.infer<typeof GroupsChange>;

const Odds = z.object({
  /** Cosine similarity at which both are as likely. */
  evenSimilarity: z.number(),
  /** Logarithmic odds for each unit of similarity above. */
  slope: z.number().positive(),
});

/** How the similarities that a head gives are turned to probabilities. */
export const HeadCalibration = z.object({
  /** Two faces are one person, if as many pairs of one as of two were shown. */
  pairs: Odds,
  /** A face that a group offers a person is that person, by its mean similarity to the others. */
  offers: Odds,
});
export type HeadCalibration = z.infer<typeof HeadCalibration>;

/** What a training used and came to. */
export const LearningRecord = z.object({
  baseVersion: z.string(),
  people: z.int(),
  faces: z.int(),
  rejections: z.int(),
  /** Faces without a name that took part. */
  unnamedFaces: z.int(),
  seconds: z.number(),
  steps: z.array(LearningStep),
  before: Figures,
  after: Figures,
  /** Share of the change that was taken, 0 to 1. */
  share: z.number(),
  /** Why the head before stayed: a figure that did not rise, or fell. */
  reason: z.enum(['verification', 'grouping', 'generic']).nullable(),
  hardest: z.array(HardTriplet),
  // Trainings of earlier versions did not record these.
  /** Added to the thresholds of grouping while the head is in use, cosine similarity. */
  thresholdShift: z.number().optional(),
  calibration: HeadCalibration.optional(),
  turned: z.array(TurnedFace).optional(),
  turnedRight: z.int().optional(),
  turnedWrong: z.int().optional(),
  pulled: z.array(PulledPair).optional(),
  /** Named faces that fit their person least: "sure about this one?" */
  doubts: z.array(
    z.object({
      faceId: FaceId,
      personId: PersonId,
      perhapsPersonId: PersonId.nullable(),
      /** 0 to 1. */
      doubt: z.number(),
    }),
  ),
});
export type LearningRecord = z.infer<typeof LearningRecord>;

export const HeadEntry = z.object({
  version: z.string(),
  madeAt: Timestamp,
  active: z.boolean(),
  /** Learnt in this library, trained by Kith for everyone, or the encoder's own last layer. */
  origin: z.enum(['library', 'kith', 'encoder']),
});
export type HeadEntry = z.infer<typeof HeadEntry>;

export const TrainingEntry = z.object({
  trainingId: z.int(),
  version: z.string().nullable(),
  endedAt: Timestamp,
  record: LearningRecord,
  /** Null until the groups are made with the new head. */
  groups: GroupsChange.nullable(),
});
export type TrainingEntry = z.infer<typeof TrainingEntry>;

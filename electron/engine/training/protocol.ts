import type { LearningRecord, LearningStep } from '../../contract/learning.ts';
import type { Head } from '../../core/head.ts';
import type { HeadCalibration } from '../../core/verification.ts';

/** What the training thread is started with. */
export interface TrainingStart {
  readonly databasePath: string;
  /** Where a run is saved now and then, to go on after a crash. */
  readonly checkpointPath: string;
  /** Statistics of faces in general; without the file nothing is measured on them. */
  readonly genericPath: string;
  /** The head that the new one is trained from and held against. */
  readonly base: Head;
  /** How the similarities of both are read. */
  readonly calibration: HeadCalibration;
  readonly calibrationInUse: HeadCalibration;
  /** The head in use, which a taken one replaces. */
  readonly inUse: Head;
  readonly version: string;
}

export type TrainingMessage =
  | { readonly kind: 'step'; readonly step: LearningStep }
  | {
      readonly kind: 'done';
      readonly record: Omit<LearningRecord, 'seconds'>;
      /** Null when the head before stays. */
      readonly head: Head | null;
    }
  /** The labels do not suffice; the text is for the user. */
  | { readonly kind: 'refused'; readonly message: string };

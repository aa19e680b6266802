import type { GroupsChange } from '../../contract/learning.ts';
import type { Head } from '../../core/head.ts';
import type { Odds } from '../../core/verification.ts';
import type { GroupChanges } from '../../store/groups.ts';
import type { GroupedState } from './group-library.ts';

/** What the grouping thread is started with. */
export interface GroupingStart {
  readonly databasePath: string;
  readonly indexFolder: string;
  readonly head: Head;
  /** How much more alike the head makes strangers, cosine similarity. */
  readonly thresholdShift: number;
  /** That an offered face is the person, by its similarity. */
  readonly offers: Odds;
}

export type GroupingRequest = { readonly id: number } & (
  | {
      readonly kind: 'group';
      readonly lastClusterId: number;
      readonly sureness: number;
      readonly wholeFaces: number;
    }
  | { readonly kind: 'preview'; readonly sureness: number }
  /** The most alike pairs of faces, one of each side. */
  | {
      readonly kind: 'compare';
      readonly faceIds: readonly number[];
      readonly otherFaceIds: readonly number[];
      readonly count: number;
    }
  /** The share of the offered faces that are expected to be the confirmed one's person. */
  | {
      readonly kind: 'expect';
      readonly confirmed: readonly number[];
      readonly offered: readonly number[];
    }
  | { readonly kind: 'split'; readonly faceIds: readonly number[] }
  | { readonly kind: 'search'; readonly features: Float32Array; readonly count: number }
  | { readonly kind: 'save' }
  | { readonly kind: 'close' }
  /** Close without keeping the index; answered at once. */
  | { readonly kind: 'abandon' }
);

/** A grouping as the difference to the one that the store held. */
export interface GroupingOutcome extends GroupChanges {
  readonly lastClusterId: number;
  readonly state: GroupedState;
  /** Where the grouping is the first with another head. */
  readonly headChange?: GroupsChange;
}

export interface AlikePair {
  readonly faceId: number;
  readonly otherFaceId: number;
  /** Cosine similarity. */
  readonly similarity: number;
}

export type GroupingReply =
  | { readonly kind: 'note'; readonly text: string }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string };

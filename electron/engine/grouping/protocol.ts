import type { Head } from '../../core/head.ts';

/** What the grouping thread is started with. */
export interface GroupingStart {
  readonly databasePath: string;
  readonly indexFolder: string;
  readonly head: Head;
}

export type GroupingRequest = { readonly id: number } & (
  | { readonly kind: 'group'; readonly lastClusterId: number }
  | { readonly kind: 'search'; readonly embedding: Float32Array; readonly count: number }
  | { readonly kind: 'save' }
  | { readonly kind: 'close' }
);

/** A grouping as the difference to the one that the store held. */
export interface GroupingOutcome {
  readonly kind: 'grouped';
  readonly changed: readonly { readonly faceId: number; readonly clusterId: number }[];
  readonly removed: readonly number[];
  readonly suggestions: readonly {
    readonly clusterId: number;
    readonly personId: number;
    readonly similarity: number;
  }[];
  readonly lastClusterId: number;
  readonly milliseconds: number;
}

export type GroupingReply =
  | { readonly kind: 'note'; readonly text: string }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string };

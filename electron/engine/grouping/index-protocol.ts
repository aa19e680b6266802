import type { IndexParameters } from './face-index.ts';

/** What a thread with one part of the index is asked. */
export type IndexRequest = { readonly id: number } & (
  | {
      readonly kind: 'open';
      readonly folder: string;
      readonly version: string;
      readonly dimensions: number;
      readonly parameters: IndexParameters;
    }
  /** Embeddings are unit vectors, one row a face. */
  | { readonly kind: 'add'; readonly faceIds: Int32Array; readonly embeddings: Float32Array }
  | { readonly kind: 'search'; readonly embeddings: Float32Array; readonly count: number }
  | { readonly kind: 'save'; readonly folder: string; readonly version: string }
  /** The thread ends by itself. */
  | { readonly kind: 'close' }
);

export type IndexReply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string };

/** Neighbours of several vectors, row by row. */
export interface NeighbourRows {
  /** Places of a row. */
  readonly count: number;
  /** Most alike first; −1 where there are fewer. */
  readonly faceIds: Int32Array;
  /** Cosine similarities to the row's vector. */
  readonly similarities: Float32Array;
}

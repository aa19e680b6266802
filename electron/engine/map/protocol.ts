import type { MapDimensions } from '../../contract/map.ts';
import type { Head } from '../../core/head.ts';

/** What the thread that makes a map is started with. */
export interface MapStart {
  readonly databasePath: string;
  /** Where maps are kept, one file for each head and number of dimensions. */
  readonly mapsFolder: string;
  readonly head: Head;
  readonly dimensions: MapDimensions;
  /** Two numbers: not 0 once the thread is to end, and not 0 while it may not be ended. */
  readonly ending: Int32Array<SharedArrayBuffer>;
}

export type MapMessage =
  | { readonly kind: 'share'; readonly share: number }
  | { readonly kind: 'done'; readonly map: MadeMap };

/** A finished map. */
export interface MadeMap {
  /** Rising. */
  readonly faceIds: Uint32Array<ArrayBuffer>;
  /** As many coordinates for each face as the map has dimensions, face by face. */
  readonly points: Float32Array<ArrayBuffer>;
  readonly laidOut: number;
  /** What 1 was where UMAP laid it out, which a later layout starts from. */
  readonly unit: number;
}

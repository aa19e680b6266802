import type { RequestMessage, ServerMessage } from '../contract/messages.ts';

/** How an engine process is set up by the process that starts it. */
export interface EngineConfiguration {
  /** Folder that holds the library's database, index and previews; made when missing. */
  readonly libraryFolder: string;
  /** Folder that holds manifest.json and converted/. */
  readonly modelsFolder: string;
  /** Folder with sample photos to try Kith on, or null. */
  readonly samplesFolder: string | null;
  readonly version: string;
  readonly logFile: string | null;
  /** Settings that outrank the stored ones for this run, such as a provider asked for on the command line. */
  readonly overrides: {
    readonly provider?: 'cuda' | 'directml' | 'coreml' | 'webgpu' | 'cpu' | 'auto';
    readonly processes?: number;
    readonly acceptSlowProvider?: boolean;
    /** Up to so many faces all is grouped anew each time, instead of what was touched. */
    readonly wholeFaces?: number;
    /** How long nothing was said before Kith learns by itself, milliseconds. */
    readonly quietMilliseconds?: number;
  };
}

/**
 * Host to engine. `client` numbers one renderer connection, 0 is the host itself. In Electron a
 * renderer's MessagePort comes with `connect` instead and carries plain RequestMessage and
 * ServerMessage from then on.
 */
export type HostToEngine =
  | { readonly kind: 'start'; readonly configuration: EngineConfiguration }
  | { readonly kind: 'connect' }
  | { readonly kind: 'request'; readonly client: number; readonly message: RequestMessage }
  | { readonly kind: 'gone'; readonly client: number };

/** Engine to host. `client` null: an event for every client. */
export type EngineToHost =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'message'; readonly client: number | null; readonly message: ServerMessage };

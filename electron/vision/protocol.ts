import type { Box, DetectedFace } from '../core/face.ts';

/**
 * What the engine asks of a vision process. One process works on one request at a time, so that a
 * crash names its photo. Messages travel with structured clone (`serialization: 'advanced'`).
 */
export type VisionRequest =
  | {
      readonly kind: 'analyze';
      readonly path: string;
      /** Where no face is sure, give the likeliest one: for pictures that are known to show a face. */
      readonly mainFaceWanted?: boolean;
    }
  /** The face in a box that somebody drew, whatever detection says of it. */
  | { readonly kind: 'place'; readonly path: string; readonly box: Box }
  /** A photo that is handed over as bytes, and a JPEG of it. */
  | { readonly kind: 'look'; readonly bytes: Uint8Array; readonly longestSide: number }
  | { readonly kind: 'fingerprint'; readonly path: string }
  | { readonly kind: 'preview'; readonly path: string; readonly longestSide: number }
  | { readonly kind: 'report-providers' };

export interface VisionResults {
  analyze: PhotoAnalysis;
  place: AnalyzedFace;
  look: PhotoAnalysis & { readonly preview: Uint8Array };
  /** Content hash alone, for finding moved and duplicated files. */
  fingerprint: { readonly sha256: string };
  /** Upright sRGB JPEG of the whole photo. */
  preview: { readonly jpeg: Uint8Array; readonly width: number; readonly height: number };
  'report-providers': readonly ProviderOutcome[];
}

export interface PhotoAnalysis {
  /** SHA-256 of the file's bytes, lower-case hexadecimal. */
  readonly sha256: string;
  /** Size of the file in bytes. */
  readonly byteSize: number;
  /** 'jpeg' | 'png' | 'webp' | 'tiff' | 'gif' | 'avif' | 'heic' … as the decoder names it. */
  readonly format: string;
  /** Upright full-resolution size in pixels. */
  readonly width: number;
  readonly height: number;
  /** When the photo was taken by its Exif: local ISO time without zone `2019-07-14T16:20:05`, or null. */
  readonly takenAt: string | null;
  readonly faces: readonly AnalyzedFace[];
}

export interface AnalyzedFace extends DetectedFace {
  /** Square upright JPEG around the face with some of its surroundings, 192 pixels a side. */
  readonly crop: Uint8Array;
}

export type ProviderName = 'cuda' | 'directml' | 'coreml' | 'webgpu' | 'cpu';

/** What came of one execution provider on this machine; shown to the user. */
export interface ProviderOutcome {
  readonly provider: ProviderName;
  readonly status: 'used' | 'available' | 'rejected' | 'unavailable';
  /** One sentence for the user: why. */
  readonly reason: string;
  /** Smallest cosine similarity to CPU on the reference batch. */
  readonly cosineToCpu: number | null;
  readonly millisecondsPerFace: number | null;
  readonly cpuMillisecondsPerFace: number | null;
}

export interface VisionLimits {
  /** Photos with more pixels are refused before they are decoded. */
  readonly maxPixels: number;
  /** A photo that takes longer is given up and its process restarted. */
  readonly millisecondsPerPhoto: number;
}

/** Handed to a vision process when it starts. */
export interface VisionConfiguration {
  /** Folder that holds manifest.json and converted/. */
  readonly modelsFolder: string;
  /** 'auto' tries the platform's providers in order. */
  readonly provider: ProviderName | 'auto';
  /** Keep a provider that is slower than CPU (for testing it). */
  readonly acceptSlowProvider: boolean;
  /** Where provider outcomes are remembered, or null. */
  readonly cacheFolder: string | null;
  readonly limits: VisionLimits;
}

/** A refusal with words for the user; anything else that is thrown is a defect or a crash. */
export type VisionFailureCode =
  | 'not-found'
  | 'unreadable'
  | 'not-a-photo'
  | 'damaged'
  | 'too-large'
  | 'too-slow'
  | 'crashed'
  | 'models-missing';

export type VisionReply<K extends VisionRequest['kind'] = VisionRequest['kind']> =
  | { readonly id: number; readonly ok: true; readonly result: VisionResults[K] }
  | {
      readonly id: number;
      readonly ok: false;
      readonly error: { readonly code: VisionFailureCode; readonly message: string };
    };

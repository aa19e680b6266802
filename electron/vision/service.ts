import { createHash } from 'node:crypto';
import type { FaceAnalyzer } from './analyze-faces.ts';
import { cropFace } from './decode/crop.ts';
import { openPhoto, type OpenedPhoto } from './decode/open-photo.ts';
import { makePreview, previewOf } from './decode/preview.ts';
import { VisionFailure } from './failure.ts';
import type {
  AnalyzedFace,
  PhotoAnalysis,
  ProviderOutcome,
  VisionConfiguration,
  VisionRequest,
  VisionResults,
} from './protocol.ts';
import { hashFile, readPhotoFile } from './read-file.ts';

/** What only some requests need and what takes a second to load: models on a provider. */
export interface LoadedModels {
  readonly analyzer: FaceAnalyzer;
  readonly outcomes: readonly ProviderOutcome[];
}

export type LoadModels = (configuration: VisionConfiguration) => Promise<LoadedModels>;

/** Answers requests about photos; models are loaded by the first request that needs them. */
export class VisionService {
  readonly #configuration: VisionConfiguration;
  readonly #load: LoadModels;
  #models: Promise<LoadedModels> | undefined;

  constructor(configuration: VisionConfiguration, load: LoadModels) {
    this.#configuration = configuration;
    this.#load = load;
  }

  /**
   * @param onWorking Called when all is loaded and the photo itself is begun.
   * @throws VisionFailure for a photo or models that cannot be used.
   */
  async answer(
    request: VisionRequest,
    onWorking: () => void,
  ): Promise<VisionResults[VisionRequest['kind']]> {
    switch (request.kind) {
      case 'analyze': {
        const { analyzer } = await this.#loaded();
        onWorking();
        return this.#analyze(request.path, analyzer, request.mainFaceWanted ?? false);
      }
      case 'place': {
        const { analyzer } = await this.#loaded();
        onWorking();
        const bytes = await readPhotoFile(request.path);
        const photo = await openPhoto(bytes, this.#configuration.limits);
        const face = await analyzer.place(photo, request.box);
        return { ...face, crop: await cropFace(photo, face.box) };
      }
      case 'look': {
        const { analyzer } = await this.#loaded();
        onWorking();
        const bytes = Buffer.from(request.bytes);
        const photo = await openPhoto(bytes, this.#configuration.limits);
        const analysis = await this.#describe(bytes, photo, analyzer, false);
        const { jpeg } = await previewOf(photo, request.longestSide);
        return { ...analysis, preview: jpeg };
      }
      case 'fingerprint':
        onWorking();
        return { sha256: await hashFile(request.path) };
      case 'preview':
        onWorking();
        return makePreview(
          await readPhotoFile(request.path),
          request.longestSide,
          this.#configuration.limits,
        );
      case 'report-providers':
        return (await this.#loaded()).outcomes;
    }
  }

  #loaded(): Promise<LoadedModels> {
    this.#models ??= this.#load(this.#configuration).catch((error: unknown) => {
      // The next request may find what was missing.
      this.#models = undefined;
      if (error instanceof VisionFailure) throw error;
      const words = error instanceof Error ? error.message : String(error);
      throw new VisionFailure('models-missing', `The models cannot be loaded: ${words}`, {
        cause: error,
      });
    });
    return this.#models;
  }

  async #analyze(
    path: string,
    analyzer: FaceAnalyzer,
    mainFaceWanted: boolean,
  ): Promise<PhotoAnalysis> {
    const bytes = await readPhotoFile(path);
    const photo = await openPhoto(bytes, this.#configuration.limits);
    return this.#describe(bytes, photo, analyzer, mainFaceWanted);
  }

  async #describe(
    bytes: Buffer,
    photo: OpenedPhoto,
    analyzer: FaceAnalyzer,
    mainFaceWanted: boolean,
  ): Promise<PhotoAnalysis> {
    let detected = await analyzer.analyze(photo);
    if (detected.length === 0 && mainFaceWanted) {
      detected = (await analyzer.analyze(photo, { minScore: 0 })).slice(0, 1);
    }
    const faces = await Promise.all(
      detected.map(async (face): Promise<AnalyzedFace> => ({
        ...face,
        crop: await cropFace(photo, face.box),
      })),
    );
    return {
      sha256: createHash('sha256').update(bytes).digest('hex'),
      byteSize: bytes.length,
      format: photo.format,
      width: photo.width,
      height: photo.height,
      takenAt: photo.takenAt,
      faces,
    };
  }
}

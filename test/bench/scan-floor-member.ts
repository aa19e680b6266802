/** Child process of the scan benchmark: records what photos need, then does parts of it again. */
import { faceAnalyzerOf } from '../../electron/vision/analyze-faces.ts';
import { openPhoto } from '../../electron/vision/decode/open-photo.ts';
import { VisionFailure } from '../../electron/vision/failure.ts';
import { createNetworks } from '../../electron/vision/networks.ts';
import type { PhotoAnalysis } from '../../electron/vision/protocol.ts';
import { readPhotoFile } from '../../electron/vision/read-file.ts';
import { VisionService } from '../../electron/vision/service.ts';
import { serveTasks } from './crew.ts';
import {
  createInferenceReplay,
  recordDecoding,
  recordInference,
  replayDecoding,
  type DecodeCall,
  type InferenceCall,
} from './recorded-work.ts';
import { benchLimits, modelsFolder } from './setting.ts';

/** What one photo needs. */
export interface PhotoWork {
  readonly path: string;
  readonly sha256: string;
  readonly faceCount: number;
  readonly decoding: readonly (readonly DecodeCall[])[];
  readonly inference: readonly InferenceCall[];
}

export type FloorTask =
  | { readonly kind: 'record'; readonly path: string }
  | { readonly kind: 'decode'; readonly work: Pick<PhotoWork, 'path' | 'decoding'> }
  | { readonly kind: 'infer'; readonly inference: PhotoWork['inference'] };

/** The work of a recorded photo, or null where the photo cannot be used and for other tasks. */
export type FloorAnswer = PhotoWork | null;

const networks = await createNetworks({ modelsFolder, provider: 'cpu', threads: 1 });
const replayInference = createInferenceReplay(networks);

let decoding: DecodeCall[][] = [];
let inference: InferenceCall[] = [];
const analyzer = faceAnalyzerOf(recordInference(networks, (call) => inference.push(call)));
// The product's own way through a photo, so that nothing of it is forgotten here.
const service = new VisionService(
  {
    modelsFolder,
    provider: 'cpu',
    acceptSlowProvider: false,
    cacheFolder: null,
    limits: benchLimits,
  },
  () =>
    Promise.resolve({
      analyzer: {
        analyze(photo, ...rest) {
          recordDecoding(photo, decoding);
          return analyzer.analyze(photo, ...rest);
        },
        place: analyzer.place,
      },
      outcomes: [],
    }),
);

async function record(path: string): Promise<FloorAnswer> {
  decoding = [];
  inference = [];
  try {
    const { sha256, faces } = (await service.answer(
      { kind: 'analyze', path },
      () => undefined,
    )) as PhotoAnalysis;
    return { path, sha256, faceCount: faces.length, decoding, inference };
  } catch (error) {
    if (error instanceof VisionFailure) return null;
    throw error;
  }
}

serveTasks<FloorTask, FloorAnswer>(async (task) => {
  if (task.kind === 'record') return record(task.path);
  if (task.kind === 'infer') await replayInference(task.inference);
  else {
    const photo = await openPhoto(await readPhotoFile(task.work.path), benchLimits);
    await replayDecoding(photo, task.work.decoding);
  }
  return null;
});

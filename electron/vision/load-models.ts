import type { VisionConfiguration } from './protocol.ts';
import type { LoadedModels } from './service.ts';

/**
 * Loads the models on the provider that the configuration asks for. Imported late, because
 * previews and hashes need none of it.
 */
export async function loadModels({ modelsFolder }: VisionConfiguration): Promise<LoadedModels> {
  const { createFaceAnalyzer } = await import('./analyze-faces.ts');
  const analyzer = await createFaceAnalyzer({ modelsFolder, provider: 'cpu', threads: 1 });
  return {
    analyzer,
    outcomes: [
      {
        provider: 'cpu',
        status: 'used',
        reason: 'It works everywhere.',
        cosineToCpu: 1,
        millisecondsPerFace: null,
        cpuMillisecondsPerFace: null,
      },
    ],
  };
}

import type { VisionConfiguration } from './protocol.ts';
import type { LoadedModels } from './service.ts';

/**
 * Loads the models on the best provider of this machine, or the one asked for. What it needs is
 * imported late, because previews and hashes need none of it.
 */
export async function loadModels(configuration: VisionConfiguration): Promise<LoadedModels> {
  const [{ checkModels }, { chooseProvider }, { createFaceAnalyzer }] = await Promise.all([
    import('./model-files.ts'),
    import('./providers/choose.ts'),
    import('./analyze-faces.ts'),
  ]);
  await checkModels(configuration.modelsFolder);
  const { chosen, outcomes } = await chooseProvider(configuration, (line) => {
    // The supervisor puts it into its log.
    process.stderr.write(`${line}\n`);
  });
  const { modelsFolder } = configuration;
  return { analyzer: await createFaceAnalyzer({ modelsFolder, provider: chosen }), outcomes };
}

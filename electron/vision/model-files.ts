import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** What is needed here of models/manifest.json. */
const manifestFiles = z.object({
  models: z.array(
    z.object({ converted: z.array(z.object({ path: z.string(), sha256: z.string() })) }),
  ),
});

/**
 * Checks that every converted model is byte for byte the one that the manifest names: 9 MB, some
 * hundredths of a second.
 *
 * @param modelsFolder holds manifest.json and converted/.
 * @throws Error naming the first file that is missing or changed.
 */
export async function checkModels(modelsFolder: string): Promise<void> {
  const text = await readFile(join(modelsFolder, 'manifest.json'), 'utf8');
  const manifest = manifestFiles.parse(JSON.parse(text));
  for (const { path, sha256 } of manifest.models.flatMap(({ converted }) => converted)) {
    const bytes = await readFile(join(modelsFolder, 'converted', path)).catch(() => undefined);
    if (bytes === undefined) throw new Error(`${path} is missing; models/make.ts makes it.`);
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
      throw new Error(
        `${path} is refused: it is not the file that models/manifest.json names. ` +
          'models/make.ts makes it anew.',
      );
    }
  }
}

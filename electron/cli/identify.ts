import { resolve } from 'node:path';
import { printJson, printLine, type SharedOptions, withEngine } from './session.ts';

export async function identify(photos: readonly string[], options: SharedOptions): Promise<void> {
  await withEngine(options, async ({ host }) => {
    await host.call('host.idle', {});
    for (const photo of photos) {
      const found = await host.call('host.identify', { path: resolve(photo) });
      if (options.json) {
        for (const face of found) printJson({ path: photo, ...face });
        continue;
      }
      if (found.length === 0) printLine(`${photo}: no face was found.`);
      for (const face of found) {
        const similarity =
          face.cosineSimilarity === null
            ? ''
            : ` (cosine similarity ${face.cosineSimilarity.toFixed(3)})`;
        printLine(`${photo}: ${face.name ?? 'unknown'}${similarity}`);
      }
    }
  });
}

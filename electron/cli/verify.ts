import { resolve } from 'node:path';
import { printJson, printLine, type SharedOptions, withEngine } from './session.ts';

export async function verify(a: string, b: string, options: SharedOptions): Promise<void> {
  await withEngine(options, async ({ host }) => {
    const result = await host.call('host.verify', { paths: [resolve(a), resolve(b)] });
    if (options.json) printJson(result);
    else {
      printLine(
        `${result.same ? 'The same person' : 'Different people'}: cosine similarity ` +
          `${result.cosineSimilarity.toFixed(3)}, same from ${result.threshold}. Of 100 such pairs ` +
          `${Math.round(100 * result.probability)} are one person, if half of all are.`,
      );
    }
  });
}

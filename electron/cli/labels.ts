import { readFile, writeFile } from 'node:fs/promises';
import type { LabelDocument } from '../contract/label-document.ts';
import {
  count,
  printJson,
  printLine,
  type SharedOptions,
  WorkFailure,
  withEngine,
} from './session.ts';

/** Writes all labels of the library to a file of JSON, or to standard output. */
export async function exportLabels(
  file: string | undefined,
  options: SharedOptions,
): Promise<void> {
  await withEngine(options, async ({ host }) => {
    const document = await host.call('labels.export', {});
    const text = JSON.stringify(document, null, 1);
    if (file === undefined) return printLine(text);
    await writeFile(file, `${text}\n`).catch((error: unknown) => {
      throw new WorkFailure(`${file}: ${(error as Error).message}`);
    });
    const faces = document.photos.reduce((sum, photo) => sum + photo.faces.length, 0);
    if (options.json) printJson({ people: document.people.length, faces });
    else {
      const people = count(document.people.length, 'person', 'people');
      printLine(`Wrote what was said of ${people} and ${count(faces, 'face')} to ${file}.`);
    }
  });
}

/** Says all that a file says again in this library, as one action that can be undone. */
export async function importLabels(file: string, options: SharedOptions): Promise<void> {
  let document: LabelDocument;
  try {
    // The engine checks its form; here it only has to be JSON.
    document = JSON.parse(await readFile(file, 'utf8')) as LabelDocument;
  } catch (error) {
    throw new WorkFailure(`${file}: ${(error as Error).message}`);
  }
  await withEngine(options, async ({ host }) => {
    const result = await host.call('labels.import', { document }).catch((error: unknown) => {
      throw new WorkFailure(`${file}: ${(error as Error).message}`);
    });
    await host.call('host.idle', {});
    if (options.json) return printJson(result);
    printLine(`${result.description ?? ''}.`);
    if (result.missing > 0) {
      printLine(`${count(result.missing, 'face')} of it are not in this library.`);
    }
  });
}

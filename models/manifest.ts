import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const fileName = z.string().regex(/^[a-z0-9][a-z0-9.-]*$/i);
const shape = z.array(z.union([z.int().positive(), z.string()]));

const source = z.strictObject({
  package: z.string(),
  version: z.string(),
  /** Subresource integrity of the package's archive. */
  integrity: z.string().startsWith('sha512-'),
  /** Inside the package, with forward slashes. */
  path: z.string(),
  sha256,
});

const tensor = z.strictObject({
  name: z.string(),
  /** Fixed lengths, and names of those that are free. */
  shape,
  meaning: z.string(),
});

const model = z.strictObject({
  id: z.string(),
  role: z.string(),
  source,
  licence: z.string(),
  /** Made files, in models/converted/. */
  converted: z.array(z.strictObject({ path: fileName, recipe: z.string(), sha256 })).min(1),
  /** Null for what is no graph. */
  input: z
    .strictObject({
      name: z.string(),
      shape,
      layout: z.string(),
      /** (byte − mean) / scale for bytes 0 to 255. */
      mean: z.number(),
      scale: z.number(),
    })
    .nullable(),
  outputs: z.array(tensor),
});

const manifest = z.strictObject({ models: z.array(model) });

export type Manifest = z.infer<typeof manifest>;
export type ModelEntry = z.infer<typeof model>;
export type ModelSource = z.infer<typeof source>;

/** @throws Error when `manifest.json` is missing or is not as this file says. */
export async function readManifest(modelsFolder: string): Promise<Manifest> {
  const path = join(modelsFolder, 'manifest.json');
  const parsed = manifest.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (!parsed.success) throw new Error(`${path} is damaged: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** Lower-case hexadecimal. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

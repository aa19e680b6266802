import { spawn } from 'node:child_process';
import { rmSync, utimesSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isStale } from './freshness.ts';
import { withLock } from './lock.ts';

export type Say = (line: string) => void;

/** Makes the models where they are missing or older than their list. */
export async function ensureModels(root: string, say: Say): Promise<void> {
  const manifest = join(root, 'models', 'manifest.json');
  if (!isStale(join(root, 'models', 'converted'), [manifest])) return;
  say('Making the models …');
  await run(root, [join(root, 'models', 'make.ts')]);
}

/** Makes a product where it is missing or older than its sources; others wait meanwhile. */
async function ensure(
  root: string,
  product: string,
  sources: readonly string[],
  make: () => Promise<void>,
): Promise<void> {
  const file = join(root, product);
  const paths = sources.map((source) => join(root, source));
  if (!isStale(file, paths)) return;
  await withLock(join(root, 'out', '.making'), async () => {
    if (isStale(file, paths)) await make();
  });
}

/** Builds the interface into out/renderer where it is missing or older than its sources. */
export function ensureRenderer(root: string, say: Say): Promise<void> {
  const sources = ['renderer', 'electron/contract', 'vite.config.ts', 'package-lock.json'];
  return ensure(root, 'out/renderer/index.html', sources, () => {
    say('Building the interface …');
    return buildRenderer(root);
  });
}

export async function buildRenderer(root: string): Promise<void> {
  const { build } = await import('vite');
  await build({
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'warn',
    // How long each part took is for the developer of a plugin, not for who starts Kith.
    build: { rolldownOptions: { checks: { pluginTimings: false } } },
  });
}

/** Compiles everything but the interface for Electron where it is older than its sources. */
export function ensureMainSide(root: string, say: Say): Promise<void> {
  const sources = ['electron', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];
  return ensure(root, 'out/electron/shell/main.js', sources, () => {
    say('Compiling …');
    return compileMainSide(root);
  });
}

/** Compiles into out/, anew, so that nothing stays of files that were taken away. */
export async function compileMainSide(root: string): Promise<void> {
  const compiled = join(root, 'out', 'electron');
  rmSync(compiled, { recursive: true, force: true });
  await run(root, [
    join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
    '-p',
    join(root, 'tsconfig.build.json'),
  ]);
  const now = new Date();
  utimesSync(join(compiled, 'shell', 'main.js'), now, now);
}

/** Runs a script under this Node with its output shown. Rejects where it fails. */
function run(root: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${basename(args[0] ?? '')} ended with code ${code}.`));
    });
  });
}

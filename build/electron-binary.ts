import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { newestTime } from './freshness.ts';
import type { Say } from './parts.ts';

export type ElectronOutcome =
  | { readonly path: string }
  /** Why there is none: a clause for "because …". */
  | { readonly path: null; readonly reason: string };

export interface DownloadOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly say: Say;
  /** Tries again although an earlier start failed. */
  readonly forced: boolean;
  /** Give up when nothing has arrived for so long. */
  readonly patienceMilliseconds?: number;
}

/** How long a failed download is remembered, so that starting stays quick without a network. */
const memoryMilliseconds = 7 * 24 * 3_600_000;

/**
 * Electron's program where its npm package has been given one, else null. As in the package itself,
 * ELECTRON_OVERRIDE_DIST_PATH names another folder to look in.
 */
export function findElectron(root: string, env: NodeJS.ProcessEnv): string | null {
  const electron = join(root, 'node_modules', 'electron');
  const override = env['ELECTRON_OVERRIDE_DIST_PATH'];
  const named = join(electron, 'path.txt');
  const program = existsSync(named) ? readFileSync(named, 'utf8') : override ? 'electron' : null;
  if (program === null) return null;
  const path = join(override || join(electron, 'dist'), program);
  return existsSync(path) ? path : null;
}

/**
 * Finds Electron's program, and has its npm package fetch it where it is missing: once, since a
 * failure is remembered for a week or until it is forced.
 */
export async function ensureElectron(
  root: string,
  options: DownloadOptions,
): Promise<ElectronOutcome> {
  const { env, say } = options;
  const found = findElectron(root, env);
  if (found !== null) return { path: found };
  const installer = join(root, 'node_modules', 'electron', 'install.js');
  if (!existsSync(installer)) return { path: null, reason: 'it is not installed' };
  if (isSet(env['ELECTRON_SKIP_BINARY_DOWNLOAD'])) {
    return { path: null, reason: 'ELECTRON_SKIP_BINARY_DOWNLOAD is set' };
  }
  const memory = join(root, 'node_modules', '.cache', 'kith', 'electron-download-failed');
  if (!options.forced && Date.now() - newestTime([memory]) < memoryMilliseconds) {
    return { path: null, reason: 'its download failed lately (KITH_HOST=electron tries again)' };
  }

  const seconds = Math.round((options.patienceMilliseconds ?? 60_000) / 1000);
  say(`Fetching Electron (about 110 MB, once; gives up after ${seconds} s without progress) …`);
  const failure = await download(installer, options);
  const path = findElectron(root, env);
  if (path !== null) {
    rmSync(memory, { force: true });
    return { path };
  }
  mkdirSync(dirname(memory), { recursive: true });
  writeFileSync(memory, failure ?? '');
  return { path: null, reason: `it could not be downloaded (${failure ?? 'nothing arrived'})` };
}

/** Runs the package's own installer; resolves to why it failed, or null. */
async function download(installer: string, options: DownloadOptions): Promise<string | null> {
  const patience = options.patienceMilliseconds ?? 60_000;
  // The installer downloads into the temporary folder, so a folder of its own shows progress.
  const temporary = mkdtempSync(join(tmpdir(), 'kith-electron-'));
  try {
    return await new Promise((resolve) => {
      const child = spawn(process.execPath, [installer], {
        env: { ...options.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let errors = '';
      let stalled = false;
      let lastProgress = Date.now();
      const watch = setInterval(
        () => {
          lastProgress = Math.max(lastProgress, newestTime([temporary]));
          if (Date.now() - lastProgress < patience) return;
          stalled = true;
          child.kill('SIGKILL');
        },
        Math.min(1000, patience / 4),
      );
      child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
      child.once('error', (error) => {
        clearInterval(watch);
        resolve(error.message);
      });
      child.once('close', (code) => {
        clearInterval(watch);
        if (stalled) resolve('no progress');
        else resolve(code === 0 ? null : (firstLine(errors) ?? `code ${code}`));
      });
    });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function firstLine(text: string): string | null {
  const line = text.split('\n').find((candidate) => /error/i.test(candidate));
  return line?.replace(/^\w*Error: /, '').trim() ?? null;
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0' && value !== 'false';
}

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { readOptions } from '../electron/browser-host/options.ts';
import { applicationFolders } from '../electron/engine/folders.ts';
import { chooseHost } from './choose-host.ts';
import { ensureElectron } from './electron-binary.ts';
import { ensureMainSide, ensureModels, ensureRenderer } from './parts.ts';

/** An Electron that ends this soon with an error never opened: its sandbox or a library is missing. */
const openingMilliseconds = 10_000;

const say = (line: string) => void process.stdout.write(`${line}\n`);
const { root, version } = applicationFolders(import.meta.url);

/** Runs Electron until it ends; resolves to its exit code, or null where it never opened. */
function runElectron(program: string, args: readonly string[]): Promise<number | null> {
  const env = { ...process.env };
  delete env['ELECTRON_RUN_AS_NODE'];
  return new Promise((resolve) => {
    const started = Date.now();
    const child = spawn(program, [root, ...args], { stdio: 'inherit', env });
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    let signalled = false;
    const forward = (signal: NodeJS.Signals) => {
      signalled = true;
      child.kill(signal);
    };
    for (const signal of signals) process.on(signal, forward);
    const end = (code: number | null) => {
      for (const signal of signals) process.off(signal, forward);
      const failed = code !== 0 && !signalled;
      resolve(failed && Date.now() - started < openingMilliseconds ? null : (code ?? 0));
    };
    child.once('error', () => end(1));
    child.once('exit', (code) => end(code));
  });
}

async function openInElectron(args: readonly string[]): Promise<string | null> {
  const choice = chooseHost({
    env: process.env,
    platform: process.platform,
    userId: process.geteuid?.() ?? null,
  });
  if (choice.host === 'browser') return choice.reason;
  const forced = process.env['KITH_HOST'] === 'electron';
  const electron = await ensureElectron(root, { env: process.env, say, forced });
  if (electron.path === null) {
    if (forced) throw new Error(`There is no Electron, because ${electron.reason}.`);
    return electron.reason;
  }
  await ensureMainSide(root, say);
  say('Opening Kith in its own window (Electron).');
  const exitCode = await runElectron(electron.path, args);
  if (exitCode !== null) process.exit(exitCode);
  if (forced) process.exit(1);
  return 'it did not open';
}

async function start(): Promise<void> {
  // npm runs this in the folder of Kith; paths are meant from where the user typed them.
  if (process.env['npm_lifecycle_event'] === 'start' && process.env['INIT_CWD']) {
    process.chdir(process.env['INIT_CWD']);
  }
  const args = process.argv.slice(2);
  const options = readOptions(args, version);
  await ensureModels(root, say);
  await ensureRenderer(root, say);
  const why = await openInElectron([`--library=${options.libraryFolder}`, ...options.folders]);
  say(`Opening Kith in the browser instead of Electron, because ${why}.`);
  // The module reads the same arguments and runs until it is told to end.
  process.argv = [process.execPath, join(root, 'electron', 'browser-host', 'main.ts'), ...args];
  await import('../electron/browser-host/main.ts');
}

start().catch((error: unknown) => {
  process.stderr.write(`kith: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});

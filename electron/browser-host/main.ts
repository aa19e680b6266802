import { join } from 'node:path';
import { applicationFolders } from '../engine/folders.ts';
import { forkEngine } from '../engine/fork.ts';
import { keepEngine } from '../engine/keeper.ts';
import { openBrowser } from './open-browser.ts';
import { readOptions } from './options.ts';
import { startServer } from './server.ts';
import { showFile } from './show-file.ts';

const folders = applicationFolders(import.meta.url);
const options = readOptions(process.argv.slice(2), folders.version);

const say = (line: string) => process.stdout.write(`${line}\n`);
const complain = (line: string) => process.stderr.write(`kith: ${line}\n`);
const sentence = (error: unknown) => (error instanceof Error ? error.message : String(error));

let stop: (exitCode: number) => Promise<void> = (exitCode) => process.exit(exitCode);

async function run(): Promise<void> {
  const engine = await keepEngine({
    fork: () =>
      forkEngine({
        libraryFolder: options.libraryFolder,
        modelsFolder: folders.models,
        samplesFolder: folders.samples,
        version: folders.version,
        logFile: join(options.libraryFolder, 'kith.log'),
        overrides: {},
      }),
    say: complain,
    onLost: (message) => {
      complain(message);
      void stop(1);
    },
  });
  let stopping: Promise<void> | null = null;
  let closeServer = () => Promise.resolve();
  stop = (exitCode) =>
    (stopping ??= Promise.all([engine.close(), closeServer()])
      .then(() => undefined)
      .finally(() => process.exit(exitCode)));
  // A second signal while closing ends at once: the library survives being killed.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => (stopping ? process.exit(1) : void stop(0)));
  }

  const server = await startServer({
    port: options.port,
    rendererFolder: folders.renderer,
    call: engine.call,
    showFile,
    connect: () => engine.running().connect(),
  }).catch((error: unknown) => {
    throw new Error(`Port ${options.port} cannot be used: ${sentence(error)}`);
  });
  closeServer = server.close;
  say(`Kith is open at ${server.address}`);
  say(`The library is in ${options.libraryFolder}. Press Ctrl+C to close it.`);
  if (options.open) await openBrowser(server.address);

  for (const path of options.folders) {
    try {
      await engine.call('host.addFolder', { path });
    } catch (error) {
      complain(`${path}: ${sentence(error)}`);
    }
  }
}

run().catch(async (error: unknown) => {
  complain(sentence(error));
  await stop(1);
});

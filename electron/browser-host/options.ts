import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { defaultLibraryFolder } from '../engine/folders.ts';

export interface HostOptions {
  readonly libraryFolder: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Whether to open the user's browser. */
  readonly open: boolean;
  /** Absolute paths of folders to add and scan. */
  readonly folders: readonly string[];
}

/**
 * Reads the command line. Prints and exits by itself for --help, --version (0) and wrong usage (2),
 * as every command of Kith does.
 */
export function readOptions(args: readonly string[], version: string): HostOptions {
  const command = new Command('kith-browser-host')
    .description('Opens a Kith library in the browser, on this computer only.')
    .argument('[folders...]', 'folders of photos to add and scan')
    .addOption(
      new Option('--library <folder>', 'folder that holds the library').default(
        defaultLibraryFolder(),
      ),
    )
    .addOption(
      new Option('--port <number>', 'port to listen on; 0 takes a free one')
        .argParser(readPort)
        .default(0),
    )
    .option('--open', 'open the browser (default)')
    .option('--no-open', 'only print the address')
    .version(version)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .parse(args, { from: 'user' });
  const options = command.opts<{ library: string; port: number; open?: boolean }>();
  return {
    libraryFolder: resolve(options.library),
    port: options.port,
    open: options.open ?? true,
    folders: command.args.map((folder) => resolve(folder)),
  };
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  }
  return port;
}

import { resolve } from 'node:path';
import { z } from 'zod';

/** What the shell takes from its command line; everything else is Chromium's. */
export interface ShellArguments {
  /** Absolute paths of folders to add and scan. */
  readonly folders: readonly string[];
  /** Absolute path of the library's folder, or null for the platform's own. */
  readonly libraryFolder: string | null;
}

/**
 * Reads process.argv. The program's own path comes first, and the first path after it is the
 * application's own folder where Electron was started by hand.
 */
export function readArguments(
  argv: readonly string[],
  packaged: boolean,
  workingFolder: string,
): ShellArguments {
  const own = argv.slice(1);
  const library = own.find((argument) => argument.startsWith('--library='))?.slice(10);
  const paths = own.filter((argument) => argument !== '' && !argument.startsWith('-'));
  return {
    folders: paths.slice(packaged ? 0 : 1).map((folder) => resolve(workingFolder, folder)),
    libraryFolder: library ? resolve(workingFolder, library) : null,
  };
}

const SecondStart = z.object({ folders: z.array(z.string().max(32_768)).max(1000) });

/** The folders that a second start hands to the first; none where the data is not of Kith's form. */
export function foldersOfSecondStart(data: unknown): readonly string[] {
  const parsed = SecondStart.safeParse(data);
  return parsed.success ? parsed.data.folders : [];
}

import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, posix, win32 } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/**
 * Where the library lies unless the user says otherwise: `Kith` in the folder that the platform
 * gives programs for the data of one user. Environment variables that are empty or relative are
 * passed over, as the XDG base directory specification asks.
 */
export function defaultLibraryFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const path = platform === 'win32' ? win32 : posix;
  const absolute = (value: string | undefined) =>
    value !== undefined && path.isAbsolute(value) ? value : null;
  const home = absolute(platform === 'win32' ? env['USERPROFILE'] : env['HOME']) ?? homedir();
  if (platform === 'win32') {
    return path.join(absolute(env['APPDATA']) ?? path.join(home, 'AppData', 'Roaming'), 'Kith');
  }
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'Kith');
  return path.join(absolute(env['XDG_DATA_HOME']) ?? path.join(home, '.local', 'share'), 'Kith');
}

/** What lies beside the code, wherever it was installed. */
export interface ApplicationFolders {
  /** Folder of package.json: the checkout, or app.asar when packaged. */
  readonly root: string;
  /** The built interface; may be missing in a checkout. */
  readonly renderer: string;
  /** manifest.json and converted/. */
  readonly models: string;
  /** Sample photos of the development dependency that brings them; null when packaged. */
  readonly samples: string | null;
  readonly version: string;
}

const PackageFile = z.object({ name: z.literal('kith'), version: z.string() });

/**
 * Finds the application's own folders from the module that asks, run from source or compiled.
 * `resources` is Electron's process.resourcesPath: models lie there when packaged, since native
 * code cannot read inside an archive. Throws where no package.json of Kith is above the module.
 */
export function applicationFolders(
  moduleUrl: string,
  resources: string | null = null,
): ApplicationFolders {
  let root = dirname(fileURLToPath(moduleUrl));
  while (!existsSync(join(root, 'package.json'))) {
    const above = dirname(root);
    if (above === root) throw new Error(`No package.json above ${fileURLToPath(moduleUrl)}`);
    root = above;
  }
  const { version } = PackageFile.parse(
    JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')),
  );
  const packaged = resources !== null && isAbsolute(resources) ? join(resources, 'models') : null;
  const samples = join(root, 'node_modules', '@vladmandic', 'face-api', 'demo');
  return {
    root,
    renderer: join(root, 'out', 'renderer'),
    models: packaged !== null && existsSync(packaged) ? packaged : join(root, 'models'),
    samples: existsSync(samples) ? samples : null,
    version,
  };
}

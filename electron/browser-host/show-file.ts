import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { KithError } from '../contract/errors.ts';

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * Programs that show a file in the platform's file manager, to be tried one after the other: they
 * get the path as one argument, and no shell reads it. None where there is no screen.
 */
export function showingPrograms(
  path: string,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): readonly Program[] {
  if (platform === 'darwin') return [{ command: 'open', args: ['-R', path] }];
  if (platform === 'win32') return [{ command: 'explorer.exe', args: [`/select,${path}`] }];
  if (!(env['DISPLAY'] || env['WAYLAND_DISPLAY'])) return [];
  // A comma would end an element of the array.
  const address = pathToFileURL(path).href.replaceAll(',', '%2C');
  const manager = 'org.freedesktop.FileManager1';
  return [
    {
      command: 'dbus-send',
      args: [
        ...['--session', '--print-reply', `--dest=${manager}`, '--type=method_call'],
        ...[`/${manager.replaceAll('.', '/')}`, `${manager}.ShowItems`],
        ...[`array:string:${address}`, 'string:'],
      ],
    },
    { command: 'xdg-open', args: [dirname(path)] },
  ];
}

/**
 * Shows a file in the platform's file manager.
 *
 * @throws KithError where no program does that.
 */
export async function showFile(
  path: string,
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): Promise<void> {
  for (const program of showingPrograms(path, env, platform)) {
    if (await runs(program, env, platform)) return;
  }
  throw new KithError('refused', `No file manager can be opened here. The file is ${path}`);
}

function runs({ command, args }: Program, env: NodeJS.ProcessEnv, platform: NodeJS.Platform) {
  return new Promise<boolean>((resolve) => {
    const child = spawn(command, args, { stdio: 'ignore', env });
    child.once('error', () => resolve(false));
    // Windows's Explorer ends with 1 when all went well.
    child.once('exit', (code) => resolve(code === 0 || platform === 'win32'));
  });
}

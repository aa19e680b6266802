import { spawn } from 'node:child_process';

/** The program that opens an address in the user's browser, with its arguments. */
export function browserCommand(
  address: string,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): { readonly command: string; readonly args: readonly string[] } | null {
  if (platform === 'darwin') return { command: 'open', args: [address] };
  // The empty title keeps `start` from taking the address for one; & does not occur in it.
  if (platform === 'win32') return { command: 'cmd', args: ['/c', 'start', '""', address] };
  const display = env['DISPLAY'] || env['WAYLAND_DISPLAY'];
  return display ? { command: 'xdg-open', args: [address] } : null;
}

/**
 * Opens the address in the user's browser where there is one, and says nothing where there is not:
 * the address was printed. Resolves to whether a program was started.
 */
export function openBrowser(
  address: string,
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): Promise<boolean> {
  const opener = browserCommand(address, env, platform);
  if (!opener) return Promise.resolve(false);
  return new Promise((resolve) => {
    const child = spawn(opener.command, opener.args, {
      stdio: 'ignore',
      detached: true,
      windowsVerbatimArguments: platform === 'win32',
      env,
    });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}

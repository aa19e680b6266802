import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { arch, platform, release, version } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

/** Variables that decide which driver a provider finds. */
const DRIVER_VARIABLES = [
  'VK_ICD_FILENAMES',
  'VK_DRIVER_FILES',
  'CUDA_VISIBLE_DEVICES',
  'LD_LIBRARY_PATH',
];

/**
 * Changes when what providers run on changes: operating system, graphics cards and their drivers.
 * 64 hexadecimal digits.
 */
export async function machineFingerprint(): Promise<string> {
  const parts = [
    platform(),
    arch(),
    release(),
    version(),
    ...DRIVER_VARIABLES.map((name) => process.env[name] ?? ''),
    ...(await drivers()),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

async function drivers(): Promise<string[]> {
  if (platform() === 'linux')
    return [await text('/proc/driver/nvidia/version'), ...(await cards())];
  // Windows keeps the drivers of display adapters under this class; macOS brings its own.
  if (platform() === 'win32') return [await windowsDrivers()];
  return [];
}

async function cards(): Promise<string[]> {
  const folder = '/sys/class/drm';
  const names = await readdir(folder).catch(() => []);
  return Promise.all(
    names
      .filter((name) => /^card\d+$/.test(name))
      .sort()
      .map(async (name) => {
        const device = join(folder, name, 'device');
        const driver = await readlink(join(device, 'driver')).catch(() => '');
        const ids = await Promise.all(['vendor', 'device'].map((file) => text(join(device, file))));
        return [basename(driver), ...ids].join(' ');
      }),
  );
}

async function windowsDrivers(): Promise<string> {
  const key =
    'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}';
  try {
    const { stdout } = await promisify(execFile)('reg', [
      'query',
      key,
      '/s',
      '/v',
      'DriverVersion',
    ]);
    return stdout;
  } catch {
    return '';
  }
}

async function text(path: string): Promise<string> {
  return (await readFile(path, 'utf8').catch(() => '')).trim();
}

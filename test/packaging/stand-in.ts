import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** Electron's switches in the order of @electron/fuses; a program carries one byte for each. */
const fuses = [
  'runAsNode',
  'enableCookieEncryption',
  'enableNodeOptionsEnvironmentVariable',
  'enableNodeCliInspectArguments',
  'enableEmbeddedAsarIntegrityValidation',
  'onlyLoadAppFromAsar',
  'loadBrowserProcessSpecificV8Snapshot',
  'grantFileProtocolExtraPrivileges',
] as const;

/** Makes what an unpacked Electron for Linux looks like to electron-builder, without its code. */
export function makeElectron(folder: string): void {
  for (const inner of ['locales', 'resources']) mkdirSync(join(folder, inner), { recursive: true });
  const wire = Buffer.from([1, fuses.length, ...fuses.map(() => '0'.charCodeAt(0))]);
  writeFileSync(
    join(folder, 'electron'),
    Buffer.concat([Buffer.from(`stand-in ${sentinel}`), wire, Buffer.from(' end')]),
    { mode: 0o755 },
  );
  const files = ['LICENSE', 'LICENSES.chromium.html', 'chrome-sandbox', 'icudtl.dat', 'version'];
  for (const file of [...files, 'locales/en-US.pak', 'locales/de.pak']) {
    writeFileSync(join(folder, file), 'stand-in');
  }
}

/** Reads the switches that were set in a program: "0" off, "1" on. */
export function readFuses(program: string): Record<(typeof fuses)[number], boolean> {
  const content = readFileSync(program);
  const start = content.indexOf(sentinel) + sentinel.length + 2;
  const states = fuses.map((name, index) => [name, content[start + index] === '1'.charCodeAt(0)]);
  return Object.fromEntries(states) as Record<(typeof fuses)[number], boolean>;
}

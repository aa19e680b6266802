import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

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

export type Target = 'linux' | 'win' | 'mac';

/** Makes what an unpacked Electron looks like to electron-builder, without its code. */
export function makeElectron(folder: string, target: Target): void {
  const write = (file: string, content: string | Buffer = 'stand-in') => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content, { mode: 0o755 });
  };
  const wire = Buffer.from([1, fuses.length, ...fuses.map(() => '0'.charCodeAt(0))]);
  const program = Buffer.concat([Buffer.from(`stand-in ${sentinel}`), wire, Buffer.from(' end')]);
  for (const file of ['LICENSE', 'LICENSES.chromium.html', 'version']) write(file);
  if (target !== 'mac') {
    write(target === 'win' ? 'electron.exe' : 'electron', program);
    for (const locale of ['en-US', 'de']) write(`locales/${locale}.pak`);
    mkdirSync(join(folder, 'resources'));
    return;
  }
  const bundle = (path: string, name: string) => {
    write(`${path}/Contents/MacOS/${name}`);
    write(`${path}/Contents/Info.plist`, plist(name));
  };
  const contents = 'Electron.app/Contents';
  bundle('Electron.app', 'Electron');
  for (const kind of ['', ' (GPU)', ' (Plugin)', ' (Renderer)']) {
    bundle(`${contents}/Frameworks/Electron Helper${kind}.app`, `Electron Helper${kind}`);
  }
  const framework = `${contents}/Frameworks/Electron Framework.framework`;
  write(`${framework}/Electron Framework`, program);
  for (const language of ['en', 'de']) {
    write(`${contents}/Resources/${language}.lproj/locale.pak`);
    write(`${framework}/Versions/A/Resources/${language}.lproj/locale.pak`);
  }
}

function plist(name: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict>
<key>CFBundleExecutable</key><string>${name}</string>
<key>CFBundleIdentifier</key><string>stand.in</string>
<key>CFBundleName</key><string>${name}</string>
</dict></plist>`;
}

/** Reads the switches that were set in a program: "0" off, "1" on. */
export function readFuses(program: string): Record<(typeof fuses)[number], boolean> {
  const content = readFileSync(program);
  const start = content.indexOf(sentinel) + sentinel.length + 2;
  const states = fuses.map((name, index) => [name, content[start + index] === '1'.charCodeAt(0)]);
  return Object.fromEntries(states) as Record<(typeof fuses)[number], boolean>;
}

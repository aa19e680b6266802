import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

/** Edge lengths in pixels that Linux desktops ask for. */
const linuxSizes = [16, 24, 32, 48, 64, 128, 256, 512];
/** Windows reads up to 256 pixels. */
const windowsSizes = [16, 24, 32, 48, 64, 128, 256];
/** macOS names each size by a type of four letters; those of Retina displays have their own. */
const macTypes = [
  ['icp4', 16],
  ['icp5', 32],
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1024],
] as const;

/**
 * Draws build/icons/icon.svg in every size into `folder`: N×N.png for Linux, icon.ico and icon.icns
 * with the same pictures as PNG inside.
 */
export async function makeIcons(svgFile: string, folder: string): Promise<void> {
  const svg = await readFile(svgFile);
  const pictures = new Map<number, Buffer>();
  for (const size of new Set([...linuxSizes, ...windowsSizes, ...macTypes.map(([, n]) => n)])) {
    // The drawing is 1024 units wide, which are pixels at 72 dots per inch.
    const picture = sharp(svg, { density: (72 * size) / 1024 }).resize(size, size);
    pictures.set(size, await picture.png({ compressionLevel: 9 }).toBuffer());
  }
  const pictureOf = (size: number) => pictures.get(size) ?? Buffer.alloc(0);

  await mkdir(folder, { recursive: true });
  for (const size of linuxSizes) {
    await writeFile(join(folder, `${size}x${size}.png`), pictureOf(size));
  }
  await writeFile(
    join(folder, 'icon.ico'),
    windowsIcon(windowsSizes.map((size) => ({ size, png: pictureOf(size) }))),
  );
  await writeFile(
    join(folder, 'icon.icns'),
    macIcon(macTypes.map(([type, size]) => ({ type, png: pictureOf(size) }))),
  );
}

/** An ICO file: a directory of 16 bytes per picture, then the pictures. */
export function windowsIcon(pictures: readonly { size: number; png: Buffer }[]): Buffer {
  const directory = Buffer.alloc(6 + 16 * pictures.length);
  directory.writeUInt16LE(1, 2);
  directory.writeUInt16LE(pictures.length, 4);
  let offset = directory.length;
  for (const [index, { size, png }] of pictures.entries()) {
    const entry = 6 + 16 * index;
    // 0 stands for 256 in the single byte there is.
    directory.writeUInt8(size % 256, entry);
    directory.writeUInt8(size % 256, entry + 1);
    directory.writeUInt16LE(1, entry + 4);
    directory.writeUInt16LE(32, entry + 6);
    directory.writeUInt32LE(png.length, entry + 8);
    directory.writeUInt32LE(offset, entry + 12);
    offset += png.length;
  }
  return Buffer.concat([directory, ...pictures.map(({ png }) => png)]);
}

/** An ICNS file: a type of four letters and a length before each picture and before the whole. */
export function macIcon(pictures: readonly { type: string; png: Buffer }[]): Buffer {
  const block = (type: string, content: Buffer) => {
    const header = Buffer.alloc(8);
    header.write(type, 'latin1');
    header.writeUInt32BE(content.length + 8, 4);
    return Buffer.concat([header, content]);
  };
  return block('icns', Buffer.concat(pictures.map(({ type, png }) => block(type, png))));
}

if (process.argv[1] === import.meta.filename) {
  const root = join(import.meta.dirname, '..');
  await makeIcons(join(import.meta.dirname, 'icons', 'icon.svg'), join(root, 'out', 'icons'));
}

import { crc32, deflateSync } from 'node:zlib';

/** A PNG file made by hand: any size may be claimed, whatever the pixel data. */
export function pngFile(
  header: { readonly width: number; readonly height: number; readonly bitDepth?: number },
  pixelData: Uint8Array = deflateSync(Buffer.alloc(1)),
): Buffer {
  const ihdr = Buffer.alloc(13);
  ihdr.writeUInt32BE(header.width, 0);
  ihdr.writeUInt32BE(header.height, 4);
  ihdr.writeUInt8(header.bitDepth ?? 8, 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', ihdr),
    pngChunk('IDAT', pixelData),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function pngChunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** A file that begins with an `ftyp` box of these brands, the major one first. */
export function baseMediaFile(...brands: readonly string[]): Buffer {
  const box = Buffer.alloc(8 + 4 + 4 + (brands.length - 1) * 4);
  box.writeUInt32BE(box.length);
  box.write(`ftyp${brands[0]}`, 4, 'latin1');
  brands.slice(1).forEach((brand, index) => box.write(brand, 16 + index * 4, 'latin1'));
  return Buffer.concat([box, Buffer.alloc(64)]);
}

/** A little-endian TIFF file whose first directory holds one number for each of these tags. */
export function tiffFile(tags: readonly (readonly [tag: number, value: number])[]): Buffer {
  const file = Buffer.alloc(8 + 2 + tags.length * 12 + 4);
  file.write('II*\0', 0, 'latin1');
  file.writeUInt32LE(8, 4);
  file.writeUInt16LE(tags.length, 8);
  tags.forEach(([tag, value], index) => {
    const at = 10 + index * 12;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(4, at + 2);
    file.writeUInt32LE(1, at + 4);
    file.writeUInt32LE(value, at + 8);
  });
  return file;
}

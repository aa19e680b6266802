import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sniffFormat } from '../../electron/vision/decode/sniff.ts';
import { VisionFailure } from '../../electron/vision/failure.ts';
import { baseMediaFile, pngFile, tiffFile } from './files.ts';

const latin1 = (text: string) => Buffer.from(text, 'latin1');

function refusal(head: Uint8Array): VisionFailure {
  try {
    sniffFormat(head);
  } catch (error) {
    if (error instanceof VisionFailure) return error;
    throw error;
  }
  throw new Error('It was taken for a photo');
}

describe('sniffFormat', () => {
  it.each([
    ['jpeg', latin1('\xff\xd8\xff\xe0')],
    ['png', pngFile({ width: 1, height: 1 })],
    ['gif', latin1('GIF89a')],
    ['gif', latin1('GIF87a')],
    ['webp', latin1('RIFF\x10\0\0\0WEBPVP8 ')],
    ['tiff', tiffFile([[256, 10]])],
    ['tiff', latin1('MM\0*\0\0\0\x08')],
    ['avif', baseMediaFile('avif', 'mif1')],
    ['avif', baseMediaFile('mif1', 'avif', 'miaf')],
    ['heif', baseMediaFile('heic', 'mif1')],
    ['heif', baseMediaFile('mif1', 'heic', 'avif')],
    ['heif', baseMediaFile('mif1')],
    ['heif', baseMediaFile('msf1', 'hevc')],
  ] as const)('tells %s by content', (format, head) => {
    expect(sniffFormat(head)).toBe(format);
  });

  it.each([
    ['damaged', /empty/, Buffer.alloc(0)],
    ['damaged', /zeros/, Buffer.alloc(100)],
    ['not-a-photo', /text/, latin1('Dear diary,\r\n\ttoday I took no photos.')],
    ['not-a-photo', /text/, Buffer.from('Größe: ½ m — wie schön'.repeat(9)).subarray(0, 200)],
    ['not-a-photo', /text/, latin1('<!DOCTYPE html><html><body>404</body></html>')],
    ['not-a-photo', /JPEG XL/, latin1('\xff\x0a\xfa\x7f')],
    ['not-a-photo', /JPEG XL/, latin1('\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14ftypjxl ')],
    ['not-a-photo', /JPEG 2000/, latin1('\0\0\0\x0cjP  \r\n\x87\n')],
    ['not-a-photo', /video/, baseMediaFile('isom', 'iso2', 'avc1', 'mp41')],
    ['not-a-photo', /video/, baseMediaFile('qt  ')],
    ['not-a-photo', /video/, latin1('RIFF\x10\0\0\0AVI LIST')],
    ['not-a-photo', /video/, latin1('\x1aE\xdf\xa3\x01')],
    ['not-a-photo', /video/, latin1('\0\0\0\x20moov')],
    ['not-a-photo', /raw camera/, baseMediaFile('crx ', 'isom')],
    ['not-a-photo', /raw camera/, latin1('II*\0\x10\0\0\0CR\x02\0')],
    ['not-a-photo', /raw camera/, latin1('FUJIFILMCCD-RAW 0201')],
    ['not-a-photo', /raw camera/, latin1('IIU\0\x18\0\0\0')],
    ['not-a-photo', /raw camera/, tiffFile([[0xc612, 0x00000401]])],
    ['not-a-photo', /raw camera/, tiffFile([[262, 32803]])],
    [
      'not-a-photo',
      /raw camera/,
      tiffFile([
        [254, 1],
        [330, 500],
      ]),
    ],
    ['not-a-photo', /PDF/, latin1('%PDF-1.7')],
    ['not-a-photo', /BMP/, latin1('BM\x36\x04\0\0')],
    ['not-a-photo', /Photoshop/, latin1('8BPS\0\x01')],
    ['not-a-photo', /archive/, latin1('PK\x03\x04')],
    ['not-a-photo', /not a photo/, latin1('\x93\x01\x02\x03\x04\x05')],
  ] as const)('refuses with %s and %s', (code, words, head) => {
    const failure = refusal(head);
    expect(failure.code).toBe(code);
    expect(failure.message).toMatch(words);
    expect(failure.message).toMatch(/^[A-Z].*\.$/);
  });

  it('takes a reduced image without further images for a TIFF', () => {
    expect(sniffFormat(tiffFile([[254, 1]]))).toBe('tiff');
  });

  it('either names a format or refuses, whatever the bytes', () => {
    const starts = ['', 'II*\0', 'MM\0*', '\0\0\0\x18ftyp', 'RIFF', '\xff\xd8', 'II*\0\x08\0\0\0'];
    fc.assert(
      fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 64 }), (start, rest) => {
        const head = Buffer.concat([latin1(start), rest]);
        try {
          expect(sniffFormat(head)).toMatch(/^[a-z]+$/);
        } catch (error) {
          expect(error).toBeInstanceOf(VisionFailure);
        }
      }),
    );
  });
});

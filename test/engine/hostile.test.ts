import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaceRecord } from '../../electron/contract/entities.ts';
import { pngFile } from '../vision/files.ts';
import { samplePhotos, startEngine, temporaryPlace } from './real-library.ts';

const place = temporaryPlace();
const portrait = samplePhotos[0]!;
/** What each bad file is refused as. */
const expected: Record<string, string> = {
  'empty.jpg': 'damaged',
  'text.jpg': 'not-a-photo',
  'movie.jpg': 'not-a-photo',
  'head-only.jpg': 'damaged',
  'bomb.png': 'too-large',
  'dead-link.jpg': 'unreadable',
};
/** Odd, but with the same faces in it as the portrait. */
const odd = [
  'cmyk.jpg',
  'grey.jpg',
  'deep.png',
  'clear.png',
  'moving.gif',
  'jpeg-inside.png',
  'odd-exif.jpg',
  'cut.jpg',
  'turned.jpg',
];

beforeAll(async () => {
  const put = (name: string, bytes: Buffer | string) =>
    writeFileSync(join(place.photos, name), bytes);
  const bytes = readFileSync(portrait);
  cpSync(portrait, join(place.photos, 'good.jpg'));
  put('empty.jpg', '');
  put('text.jpg', 'Dear diary, this is not a photo.\n'.repeat(50));
  put(
    'movie.jpg',
    Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypmp42'), Buffer.alloc(4000)]),
  );
  put('head-only.jpg', bytes.subarray(0, 700));
  put(
    'bomb.png',
    pngFile(
      { width: 30_000, height: 30_000, bitDepth: 1 },
      deflateSync(Buffer.alloc(3751 * 30_000)),
    ),
  );
  symlinkSync(join(place.root, 'nowhere'), join(place.photos, 'dead-link.jpg'));

  const photo = sharp(portrait);
  put('cmyk.jpg', await photo.clone().toColourspace('cmyk').jpeg().toBuffer());
  put('grey.jpg', await photo.clone().grayscale().jpeg().toBuffer());
  put('deep.png', await photo.clone().toColourspace('rgb16').png().toBuffer());
  put('clear.png', await photo.clone().ensureAlpha(0.9).png().toBuffer());
  const small = await photo.clone().resize({ width: 640 }).toBuffer();
  put(
    'moving.gif',
    await sharp([small, small], { join: { animated: true } })
      .gif({ delay: 100 })
      .toBuffer(),
  );
  put('jpeg-inside.png', bytes);
  // An Exif block that says it is longer than it is and points outside of itself.
  const exif = Buffer.from('Exif\0\0II*\0\xff\xff\xff\x7f\xff\xff\x12\x01', 'latin1');
  const segment = Buffer.concat([Buffer.from([0xff, 0xe1, 0, exif.length + 2]), exif]);
  put('odd-exif.jpg', Buffer.concat([bytes.subarray(0, 2), segment, bytes.subarray(2)]));
  put('cut.jpg', bytes.subarray(0, Math.floor(bytes.length * 0.9)));
  put(
    'turned.jpg',
    await photo
      .clone()
      .rotate(90)
      .withMetadata({ orientation: 8 })
      .jpeg({ quality: 95 })
      .toBuffer(),
  );
  mkdirSync(join(place.photos, 'folder.jpg'));
}, 60_000);
afterAll(() => place.remove());

describe('a folder of hostile files', () => {
  it('is scanned to its end: each bad file has its reason, all others have their faces', async () => {
    const engine = await startEngine(place.library);
    try {
      await engine.host.call('host.addFolder', { path: place.photos });
      const progress = await engine.host.call('host.idle', {});
      expect(progress).toMatchObject({ failed: Object.keys(expected).length });
      const { failures } = await engine.host.call('scan.failures', {});
      expect(Object.fromEntries(failures.map(({ path, code }) => [basename(path), code]))).toEqual(
        expected,
      );
      for (const { reason } of failures) expect(reason).toMatch(/^[A-Z].{8,160}\.$/u);

      const faces = Map.groupBy(await engine.host.call('host.faces', {}), (face) =>
        basename(face.photoPath),
      );
      const good = faces.get('good.jpg') ?? faces.get('jpeg-inside.png') ?? [];
      expect(good.length).toBeGreaterThan(0);
      const [main] = good;
      const near = (face: FaceRecord) =>
        Math.hypot(face.box.x - main!.box.x, face.box.y - main!.box.y) < 0.05;
      const { photos } = await engine.host.call('photos.list', {});
      expect(photos.filter((photo) => photo.faceCount === 0)).toEqual([]);
      for (const name of odd.filter((name) => name !== 'jpeg-inside.png')) {
        expect({ name, found: faces.get(name)?.some(near) }).toEqual({ name, found: true });
      }
    } finally {
      await engine.close();
    }
  }, 120_000);
});

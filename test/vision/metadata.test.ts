import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { openPhoto } from '../../electron/vision/decode/open-photo.ts';
import { readTakenAt } from '../../electron/vision/metadata.ts';

const limits = { maxPixels: 10_000 };
const create = { width: 8, height: 8, channels: 3, background: '#456' } as const;

interface Dates {
  readonly original?: string;
  readonly digitized?: string;
  readonly changed?: string;
}

/** Writes the dates into a photo's Exif. */
async function photoWith(
  { original, digitized, changed }: Dates,
  format: 'jpeg' | 'png' | 'webp' | 'tiff' | 'avif' = 'jpeg',
): Promise<Buffer> {
  return sharp({ create })
    .withExif({
      IFD0: { Make: 'Kith', ...(changed === undefined ? {} : { DateTime: changed }) },
      IFD2: {
        ...(original === undefined ? {} : { DateTimeOriginal: original }),
        ...(digitized === undefined ? {} : { DateTimeDigitized: digitized }),
      },
    })
    .toFormat(format)
    .toBuffer();
}

async function takenAt(dates: Dates): Promise<string | null> {
  return (await openPhoto(await photoWith(dates), limits)).takenAt;
}

describe('takenAt', () => {
  it('is null without Exif, and with Exif that has no date', async () => {
    const bytes = await sharp({ create }).jpeg().toBuffer();
    expect((await openPhoto(bytes, limits)).takenAt).toBeNull();
    expect(await takenAt({})).toBeNull();
  });

  it('is the moment of the shot, before those of digitizing and changing', async () => {
    const original = '2019:07:14 16:20:05';
    const digitized = '2020:01:02 03:04:05';
    const changed = '2021:12:31 23:59:59';
    expect(await takenAt({ original, digitized, changed })).toBe('2019-07-14T16:20:05');
    expect(await takenAt({ digitized, changed })).toBe('2020-01-02T03:04:05');
    expect(await takenAt({ changed })).toBe('2021-12-31T23:59:59');
  });

  it.each([
    '0000:00:00 00:00:00',
    '2019:13:01 00:00:00',
    '2019:02:30 10:00:00',
    '2019:07:14 25:00:00',
    '2019:07:14 16:61:00',
    '    :  :     :  :  ',
    '2019-07-14',
    'yesterday',
    '1066:10:14 12:00:00',
  ])('is not taken from “%s”', async (original) => {
    expect(await takenAt({ original })).toBeNull();
    expect(await takenAt({ original, changed: '2021:12:31 23:59:59' })).toBe('2021-12-31T23:59:59');
  });

  it.each(['png', 'webp', 'avif'] as const)('is found in %s', async (format) => {
    const bytes = await photoWith({ original: '2019:07:14 16:20:05' }, format);
    expect((await openPhoto(bytes, limits)).takenAt).toBe('2019-07-14T16:20:05');
  });

  it('does not depend on the time zone of the machine', async () => {
    const zone = process.env['TZ'];
    try {
      for (const other of ['Asia/Kolkata', 'America/St_Johns']) {
        process.env['TZ'] = other;
        expect(await takenAt({ original: '2019:07:14 16:20:05' })).toBe('2019-07-14T16:20:05');
      }
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });
});

describe('readTakenAt', () => {
  it('never throws, whatever the bytes', async () => {
    const photo = await photoWith({ original: '2019:07:14 16:20:05' });
    const { exif } = await sharp(photo).metadata();
    if (exif === undefined) throw new Error('No Exif was written');
    expect(readTakenAt(exif)).toBe('2019-07-14T16:20:05');
    const change = fc.record({ at: fc.nat(exif.length - 1), to: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), fc.nat(exif.length), (changes, length) => {
        const bytes = Buffer.from(exif);
        for (const { at, to } of changes) bytes[at] = to;
        const found = readTakenAt(bytes.subarray(0, length));
        if (found !== null) expect(found).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(readTakenAt(Buffer.from(bytes))).toBeNull();
      }),
    );
  });
});

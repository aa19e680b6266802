import exifReader from 'exif-reader';

/**
 * When a photo was taken by its Exif block: local time without zone, `2019-07-14T16:20:05`, from
 * DateTimeOriginal, else DateTimeDigitized, else DateTime. Null if there is none that names a real
 * moment. Never throws: much Exif in the wild is broken.
 *
 * @param exif The block with or without its `Exif\0\0` mark.
 */
export function readTakenAt(exif: Buffer | undefined): string | null {
  if (exif === undefined) return null;
  let parsed: ReturnType<typeof exifReader>;
  try {
    parsed = exifReader(exif);
  } catch {
    return null;
  }
  const candidates: unknown[] = [
    parsed.Photo?.DateTimeOriginal,
    parsed.Photo?.DateTimeDigitized,
    parsed.Image?.DateTime,
  ];
  for (const candidate of candidates) {
    const takenAt = toLocalTime(candidate, exif);
    if (takenAt !== null) return takenAt;
  }
  return null;
}

/**
 * exif-reader reads the zoneless text as if it were UTC, so UTC gives the written numbers back. It
 * lets impossible dates roll over (`0000:00:00`, what a camera without a set clock writes, becomes a
 * day of 1899): only a date whose own text stands in the block is believed.
 */
function toLocalTime(value: unknown, exif: Buffer): string | null {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) return null;
  const local = value.toISOString().slice(0, 19);
  const written = local.replaceAll('-', ':').replace('T', ' ');
  if (!exif.includes(written, 0, 'latin1')) return null;
  return value.getUTCFullYear() < earliestYear ? null : local;
}

/** Of the oldest photograph that is kept. */
const earliestYear = 1826;

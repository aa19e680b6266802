import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { samplePhotos } from '../engine/real-library.ts';

const contactSheet = join(samplePhotos[0]!, '../screenshot-images.png');

/**
 * An album of real faces with several photos of each person: the sample photos as they are, turned
 * to grey, cut in halves, and so small that Kith is in doubt about them; and
 * strips of a sheet of portraits.
 */
export async function makeAlbum(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const [index, path] of samplePhotos.entries()) {
    const photo = sharp(path);
    const { width, height } = await photo.metadata();
    const save = (name: string, changed: Sharp) =>
      changed.jpeg({ quality: 92 }).toFile(join(folder, `${name}-${String(index)}.jpg`));
    const half = { top: 0, width: Math.floor(width / 2), height };
    await save('plain', photo.clone());
    await save('grey', photo.clone().grayscale());
    await save(
      'left',
      photo
        .clone()
        .extract({ ...half, left: 0 })
        .gamma(2.4),
    );
    await save(
      'right',
      photo
        .clone()
        .extract({ ...half, left: width - half.width })
        .flop(),
    );
    await save('small', photo.clone().resize(Math.round(width * 0.3)));
  }
  const { width, height } = await sharp(contactSheet).metadata();
  const strips = 4;
  for (let strip = 0; strip < strips; strip++) {
    const top = Math.floor((strip * height) / strips);
    const part = sharp(contactSheet).extract({
      left: 0,
      top,
      width,
      height: Math.floor(height / strips),
    });
    await part.clone().toFile(join(folder, `strip-${String(strip)}.png`));
    await part
      .clone()
      .resize(Math.round(width * 1.5))
      .modulate({ brightness: 0.8 })
      .jpeg()
      .toFile(join(folder, `strip-${String(strip)}.jpg`));
  }
}

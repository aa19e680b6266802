import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { applicationFolders } from '../../electron/engine/folders.ts';
import { forkEngine, type RunningEngine } from '../../electron/engine/fork.ts';
import { openStoreForReading } from '../../electron/store/store.ts';

const application = applicationFolders(import.meta.url);

/** Real photos of people that a development dependency brings. */
export const samplePhotos = [
  'sample1.jpg',
  'sample2.jpg',
  'sample3.jpg',
  'sample4.jpg',
  'sample5.jpg',
  'sample6.jpg',
].map((name) => join(application.samples ?? '', name));

/** A folder of its own for photos and a library, removed by `remove`. */
export function temporaryPlace() {
  const root = mkdtempSync(join(tmpdir(), 'kith-library-'));
  const photos = join(root, 'photos');
  const library = join(root, 'library');
  mkdirSync(photos);
  return {
    root,
    photos,
    library,
    copySamples(names = samplePhotos): void {
      for (const path of names) cpSync(path, join(photos, basename(path)));
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Other photos of the same people: the samples cut, turned to grey or made smaller. */
export async function makeVariants(folder: string): Promise<void> {
  for (const [index, path] of samplePhotos.entries()) {
    const photo = sharp(path);
    const { width, height } = await photo.metadata();
    const side = (share: number) => ({
      width: Math.round(width * share),
      height: Math.round(height * share),
    });
    await photo
      .clone()
      .resize(side(0.9))
      .toFile(join(folder, `small-${index}.jpg`));
    await photo
      .clone()
      .grayscale()
      .png()
      .toFile(join(folder, `grey-${index}.png`));
    await photo
      .clone()
      .modulate({ brightness: 0.8 })
      .webp()
      .toFile(join(folder, `dark-${index}.webp`));
  }
}

export function startEngine(
  libraryFolder: string,
  processes = 2,
  {
    models,
    ...overrides
  }: { wholeFaces?: number; quietMilliseconds?: number; models?: string } = {},
): Promise<RunningEngine> {
  return forkEngine({
    libraryFolder,
    modelsFolder: models ?? application.models,
    samplesFolder: application.samples,
    version: application.version,
    logFile: join(libraryFolder, 'kith.log'),
    overrides: { provider: 'cpu', processes, ...overrides },
  });
}

/** Everything that a scan finds out, in a form that does not depend on the order it was found in. */
export function contents(libraryFolder: string) {
  const store = openStoreForReading(join(libraryFolder, 'library.sqlite'));
  try {
    const name = (faceId: number) => {
      const key = store.faces.cropKey(faceId)!;
      return `${key.sha256} ${key.ordinal}`;
    };
    const faces = store.faces
      .records(0, 100_000)
      .map((face) => [
        `${name(face.faceId)} ${basename(face.path ?? '')}`,
        [
          face.x,
          face.y,
          face.width,
          face.height,
          face.detectionScore,
          face.quality,
          face.landmarks,
        ].join(),
      ]);
    const features = [...store.faces.features(0)].map((row) => [
      name(row.faceId),
      createHash('sha256').update(row.features).digest('hex'),
    ]);
    const groups = new Map<number, string[]>();
    for (const { faceId, clusterId } of store.groups.current()) {
      groups.set(clusterId, [...(groups.get(clusterId) ?? []), name(faceId)].sort());
    }
    return {
      photos: store.photos
        .list(100_000, 0)
        .rows.map(({ path, width, height, takenAt, faceCount }) =>
          [basename(path), width, height, takenAt, faceCount].join(),
        )
        .sort(),
      failures: store.files
        .failures(100_000, 0)
        .map(({ path, code }) => `${basename(path)} ${code}`)
        .sort(),
      faces: faces.sort(),
      features: features.sort(),
      groups: [...groups.values()].map((group) => group.join(' + ')).sort(),
    };
  } finally {
    store.close();
  }
}

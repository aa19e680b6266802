/**
 * Recall of the face detector on a folder of photos with marked faces (FDDB's form: images/ and
 * faces.csv with file, x1, y1, x2, y2 in pixels).
 *
 *     node test/bench/detection.ts <folder>
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFaceAnalyzer } from '../../electron/vision/analyze-faces.ts';
import { openPhoto } from '../../electron/vision/decode/open-photo.ts';
import { annotatedBox, recallAtFalsePositives, type Corners, type ScoredBox } from './measures.ts';
import { benchLimits, modelsFolder } from './setting.ts';
import { readMarkedFaces } from './truth.ts';

const FALSE_POSITIVES = [25, 50, 100, 500];

const folder = process.argv[2];
if (folder === undefined) {
  console.error('Usage: node test/bench/detection.ts <folder with images/ and faces.csv>');
  process.exit(2);
}

const analyzer = await createFaceAnalyzer({ modelsFolder, provider: 'cpu', threads: 1 });
const photos: { faces: readonly Corners[]; found: ScoredBox[] }[] = [];
let milliseconds = 0;
for (const [file, faces] of readMarkedFaces(folder)) {
  const bytes = readFileSync(join(folder, 'images', file));
  const start = performance.now();
  const photo = await openPhoto(bytes, benchLimits);
  const found = await analyzer.analyze(photo, { minScore: 0.02 });
  milliseconds += performance.now() - start;
  photos.push({
    faces,
    found: found.map(({ box: { x, y, width, height }, detectionScore }) => ({
      box: annotatedBox([
        x * photo.width,
        y * photo.height,
        (x + width) * photo.width,
        (y + height) * photo.height,
      ]),
      score: detectionScore,
    })),
  });
}

const faceCount = photos.reduce((sum, { faces }) => sum + faces.length, 0);
console.log(
  `${photos.length} photos, ${faceCount} faces, ${(milliseconds / photos.length).toFixed(1)} ms a photo`,
);
console.log(
  `recall at false positives  ${FALSE_POSITIVES.map((n) => String(n).padStart(6)).join(' ')}`,
);
for (const overlap of [0.4, 0.5]) {
  const recalls = recallAtFalsePositives(photos, overlap, FALSE_POSITIVES);
  console.log(`  overlap ≥ ${overlap}             ${recalls.map((r) => r.toFixed(4)).join(' ')}`);
}

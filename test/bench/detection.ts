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
import { recallAtFalsePositives, type Corners, type ScoredBox } from './measures.ts';
import { benchLimits, modelsFolder } from './setting.ts';
import { readTable } from './truth.ts';

const FALSE_POSITIVES = [25, 50, 100, 500];

/**
 * FDDB's annotators drew ellipses around whole heads, higher and taller than our boxes:
 * shift down and factors of width and height, as shares of the box, found on the development part.
 */
const ANNOTATED = { down: -0.077, width: 1.12, height: 1.26 };

const folder = process.argv[2];
if (folder === undefined) {
  console.error('Usage: node test/bench/detection.ts <folder with images/ and faces.csv>');
  process.exit(2);
}

const marked = new Map<string, Corners[]>();
for (const row of readTable(folder, 'faces.csv')) {
  const corners: Corners = [
    Number(row['x1']),
    Number(row['y1']),
    Number(row['x2']),
    Number(row['y2']),
  ];
  marked.set(row['file']!, [...(marked.get(row['file']!) ?? []), corners]);
}

const analyzer = await createFaceAnalyzer({ modelsFolder, provider: 'cpu', threads: 1 });
const photos: { faces: Corners[]; found: ScoredBox[] }[] = [];
let milliseconds = 0;
for (const [file, faces] of marked) {
  const bytes = readFileSync(join(folder, 'images', file));
  const start = performance.now();
  const photo = await openPhoto(bytes, benchLimits);
  const found = await analyzer.analyze(photo, { minScore: 0.02 });
  milliseconds += performance.now() - start;
  photos.push({
    faces,
    found: found.map(({ box, detectionScore }) => {
      const width = box.width * photo.width;
      const height = box.height * photo.height;
      const x = (box.x + box.width / 2) * photo.width;
      const y = (box.y + box.height / 2) * photo.height + ANNOTATED.down * height;
      const halfWidth = (width * ANNOTATED.width) / 2;
      const halfHeight = (height * ANNOTATED.height) / 2;
      return {
        box: [x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight],
        score: detectionScore,
      };
    }),
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

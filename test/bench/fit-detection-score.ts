/**
 * Fits the weights of the detection score (scoreTuning) to a folder of photos with marked faces, and
 * says what they are worth on photos they were not fitted to: four folds by photo.
 *
 *     node test/bench/fit-detection-score.ts <folder>
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPyramid } from '../../electron/core/geometry/sampling.ts';
import { detectionTuning, scoreTuning } from '../../electron/core/tuning.ts';
import { openPhoto } from '../../electron/vision/decode/open-photo.ts';
import {
  findCandidates,
  planFor,
  type CandidateSigns,
} from '../../electron/vision/detect/find-candidates.ts';
import { createNetworks } from '../../electron/vision/networks.ts';
import { fitLogistic } from './logistic.ts';
import {
  annotatedBox,
  intersectionOverUnion,
  recallAtFalsePositives,
  type Corners,
} from './measures.ts';
import { benchLimits, modelsFolder } from './setting.ts';
import { readMarkedFaces } from './truth.ts';

const FOLDS = 4;
const FALSE_POSITIVES = [25, 50, 100, 500];

const folder = process.argv[2];
if (folder === undefined) {
  console.error(
    'Usage: node test/bench/fit-detection-score.ts <folder with images/ and faces.csv>',
  );
  process.exit(2);
}

/** The signs as the score weighs them, after a 1 for the bias. */
function row(signs: CandidateSigns): number[] {
  return [
    1,
    signs.firstLogit + signs.secondLogit + signs.mirroredLogit,
    signs.proposalScore,
    signs.refinedLogit,
    Math.log(Math.min(signs.size, scoreTuning.fullSize)),
  ];
}

const networks = await createNetworks({ modelsFolder, provider: 'cpu' });
const photos: {
  faces: readonly Corners[];
  found: { box: Corners; row: number[]; isFace: boolean }[];
}[] = [];
for (const [file, faces] of readMarkedFaces(folder)) {
  const photo = await openPhoto(readFileSync(join(folder, 'images', file)), benchLimits);
  const pyramid = createPyramid(await photo.view(detectionTuning.viewSide));
  const plan = planFor(Math.max(pyramid.width, pyramid.height), 0.01);
  const candidates = await findCandidates(networks, pyramid, plan);
  const scaleX = photo.width / pyramid.width;
  const scaleY = photo.height / pyramid.height;
  const found = candidates.map(({ box: [x1 = 0, y1 = 0, x2 = 0, y2 = 0], signs }) => {
    const box = annotatedBox([x1 * scaleX, y1 * scaleY, x2 * scaleX, y2 * scaleY]);
    const isFace = faces.some((face) => intersectionOverUnion(box, face) >= 0.4);
    return { box, row: row(signs), isFace };
  });
  photos.push({ faces, found });
}

const fitted = (keep: (index: number) => boolean) => {
  const rows = photos.flatMap(({ found }, index) => (keep(index) ? found : []));
  return fitLogistic(
    rows.map(({ row: signs }) => signs),
    rows.map(({ isFace }) => isFace),
  );
};
const foldWeights = Array.from({ length: FOLDS }, (_, fold) =>
  fitted((index) => index % FOLDS !== fold),
);
const scored = photos.map(({ faces, found }, index) => ({
  faces,
  found: found.map(({ box, row: signs }) => ({
    box,
    score: signs.reduce((sum, value, i) => sum + value * foldWeights[index % FOLDS]![i]!, 0),
  })),
}));

const names = ['bias', 'verifiedLogits', 'proposalScore', 'refinedLogit', 'logSize'];
const weights = fitted(() => true);
console.log(names.map((name, i) => `${name} ${weights[i]!.toFixed(3)}`).join('  '));
console.log(
  `cross-validated recall at  ${FALSE_POSITIVES.map((n) => String(n).padStart(6)).join(' ')}`,
);
for (const overlap of [0.4, 0.5]) {
  const recalls = recallAtFalsePositives(scored, overlap, FALSE_POSITIVES);
  console.log(`  overlap ≥ ${overlap}             ${recalls.map((r) => r.toFixed(4)).join(' ')}`);
}

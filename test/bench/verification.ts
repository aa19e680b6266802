/**
 * How well embeddings tell people apart on folders of pairs: LFW's form (pairs.csv) or CFP's
 * (pairs-frontal-profile.csv), each with fold, a, b, same and paths relative to the folder.
 *
 *     node test/bench/verification.ts <folder>
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DetectedFace } from '../../electron/core/face.ts';
import { EMBEDDING_SIZE, embedFeatures } from '../../electron/core/head.ts';
import { createFaceAnalyzer } from '../../electron/vision/analyze-faces.ts';
import { openPhoto } from '../../electron/vision/decode/open-photo.ts';
import { acceptanceAtFalseAcceptance, foldedAccuracy, type ScoredPair } from './measures.ts';
import { benchLimits, shippedHead, modelsFolder } from './setting.ts';
import { readTable } from './truth.ts';

const folder = process.argv[2];
if (folder === undefined) {
  console.error('Usage: node test/bench/verification.ts <folder with pairs.csv and images>');
  process.exit(2);
}
const lists = ['pairs.csv', 'pairs-frontal-profile.csv', 'pairs-frontal-frontal.csv'];
const found = lists.filter((file) => existsSync(join(folder, file)));

const analyzer = await createFaceAnalyzer({ modelsFolder, provider: 'cpu', threads: 1 });
const head = shippedHead();
const embeddings = new Map<string, Float32Array | undefined>();

/** The face nearest the centre weighted by size: width × height less twice the squared distance. */
function mainFace(faces: readonly DetectedFace[], width: number, height: number) {
  const weight = ({ box }: DetectedFace) => {
    const x = (box.x + box.width / 2 - 0.5) * width;
    const y = (box.y + box.height / 2 - 0.5) * height;
    return box.width * width * box.height * height - 2 * (x * x + y * y);
  };
  let best: DetectedFace | undefined;
  for (const face of faces) {
    if (best === undefined || weight(face) > weight(best)) best = face;
  }
  return best;
}

async function embeddingOf(path: string): Promise<Float32Array | undefined> {
  if (embeddings.has(path)) return embeddings.get(path);
  const photo = await openPhoto(readFileSync(join(folder!, path)), benchLimits);
  const faces = await analyzer.analyze(photo);
  // Photos known to show a face: the best candidate is better than none.
  const chosen =
    mainFace(faces, photo.width, photo.height) ??
    (await analyzer.analyze(photo, { minScore: 0 }))[0];
  const embedding = chosen && embedFeatures(head, chosen.features);
  embeddings.set(path, embedding);
  return embedding;
}

console.log(
  'pairs                         count   missing  10-fold accuracy  accepted at 1 in 1,000',
);
for (const file of found) {
  const pairs: ScoredPair[] = [];
  let missing = 0;
  for (const row of readTable(folder, file)) {
    const a = await embeddingOf(row['a']!);
    const b = await embeddingOf(row['b']!);
    let similarity = 0;
    if (a && b) for (let i = 0; i < EMBEDDING_SIZE; i += 1) similarity += a[i]! * b[i]!;
    else missing += 1;
    pairs.push({ fold: Number(row['fold']), similarity, same: row['same'] === '1' });
  }
  const cells = [
    file.padEnd(28),
    String(pairs.length).padStart(6),
    String(missing).padStart(9),
    foldedAccuracy(pairs).toFixed(4).padStart(17),
    acceptanceAtFalseAcceptance(pairs, 0.001).toFixed(4).padStart(23),
  ];
  console.log(cells.join(' '));
}

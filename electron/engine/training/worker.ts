import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import type { LearningRecord, LearningStep } from '../../contract/learning.ts';
import type { Head } from '../../core/head.ts';
import { unpackGenericFaces } from '../../core/training/generic-faces.ts';
import { learn, type LearningCheckpoint, type LearningOutcome } from '../../core/training/learn.ts';
import { TrainingError } from '../../core/training/training-faces.ts';
import { learningTuning, trainingTuning } from '../../core/tuning.ts';
import { openStoreForReading } from '../../store/store.ts';
import { gatherFaces, type GatheredFaces } from './gather.ts';
import { headChanges } from './head-changes.ts';
import { hardestTriplets } from './hardest.ts';
import type { TrainingMessage, TrainingStart } from './protocol.ts';

/**
 * The thread that trains. It reads the library and writes nothing but its checkpoint, so it may be
 * ended at any time.
 */
const start = workerData as TrainingStart;
const { databasePath, checkpointPath, genericPath, base, inUse, version } = start;
const tell = (message: TrainingMessage) => parentPort!.postMessage(message);
const { seed } = learningTuning;

/** Raised whenever checkpoints are made otherwise. */
const checkpointFormat = 4;

interface SavedRun {
  readonly format: number;
  readonly fingerprint: string;
  readonly baseVersion: string;
  readonly checkpoint: LearningCheckpoint;
}

try {
  const store = openStoreForReading(databasePath);
  const gathered = gatherFaces(store, seed);
  store.close();
  const steps: LearningStep[] = [];
  const { calibration } = start;
  const options = { ...trainingTuning, generic: readGeneric(), seed, version, calibration };
  const saved = readCheckpoint(gathered);
  const learning = learn(base, gathered.faces, gathered.events, options, saved);
  for (;;) {
    const next = learning.next();
    if (next.done) {
      finish(gathered, steps, next.value);
      break;
    }
    const { checkpoint, ...step } = next.value;
    steps.push(step);
    tell({ kind: 'step', step });
    if (checkpoint) saveCheckpoint(gathered, checkpoint);
  }
} catch (error) {
  if (!(error instanceof TrainingError)) throw error;
  tell({ kind: 'refused', message: error.message });
}

function finish(
  gathered: GatheredFaces,
  steps: readonly LearningStep[],
  outcome: LearningOutcome,
): void {
  const { faces, faceIds } = gathered;
  const named = faces.persons.filter((person) => person >= 0);
  const head: Head | null = outcome.head;
  const record: Omit<LearningRecord, 'seconds'> = {
    baseVersion: inUse.version,
    people: new Set(named).size,
    faces: named.length,
    rejections: faces.rejections.length,
    unnamedFaces: faces.persons.length - named.length,
    steps: [...steps],
    before: { ...outcome.before, generic: [...outcome.before.generic] },
    after: { ...outcome.after, generic: [...outcome.after.generic] },
    share: outcome.share,
    thresholdShift: outcome.thresholdShift,
    ...(head && { calibration: outcome.calibration }),
    reason: outcome.reason,
    ...headChanges(
      gathered,
      { head: inUse, odds: start.calibrationInUse.pairs },
      head
        ? { head, odds: outcome.calibration.pairs }
        : { head: inUse, odds: start.calibrationInUse.pairs },
      seed,
    ),
    hardest: hardestTriplets(gathered, inUse, head ?? inUse, seed),
    doubts: outcome.doubts
      .filter(({ doubt }) => doubt > 0.5)
      .slice(0, learningTuning.shownDoubts)
      .map(({ row, person, perhaps, doubt }) => ({
        faceId: faceIds[row]!,
        personId: person,
        perhapsPersonId: perhaps,
        doubt,
      })),
  };
  rmSync(checkpointPath, { force: true });
  tell({ kind: 'done', record, head });
}

function readGeneric() {
  try {
    return unpackGenericFaces(readFileSync(genericPath));
  } catch {
    return [];
  }
}

function saveCheckpoint({ fingerprint }: GatheredFaces, checkpoint: LearningCheckpoint): void {
  const run: SavedRun = {
    format: checkpointFormat,
    fingerprint,
    baseVersion: base.version,
    checkpoint,
  };
  writeFileSync(`${checkpointPath}.new`, serialize(run));
  renameSync(`${checkpointPath}.new`, checkpointPath);
}

/** A run that was cut off, if it was about the same labels and the same head. */
function readCheckpoint({ fingerprint }: GatheredFaces): LearningCheckpoint | undefined {
  try {
    const run = deserialize(readFileSync(checkpointPath)) as SavedRun;
    const same =
      run.format === checkpointFormat &&
      run.fingerprint === fingerprint &&
      run.baseVersion === base.version;
    return same ? run.checkpoint : undefined;
  } catch {
    return undefined;
  }
}

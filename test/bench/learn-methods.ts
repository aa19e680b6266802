import {
  EMBEDDING_SIZE,
  embedFeatures,
  FEATURE_SIZE,
  type Head,
} from '../../electron/core/head.ts';
import type { GenericFaces } from '../../electron/core/training/generic-faces.ts';
import { learn, type LearningOutcome } from '../../electron/core/training/learn.ts';
import { timesTransposed, transposed } from '../../electron/core/matrices.ts';
import { symmetricEigen } from '../../electron/core/symmetric-eigen.ts';
import type { HeadRecipe } from '../../electron/core/training/recipe.ts';
import { trainHead } from '../../electron/core/training/train-head.ts';
import { TrainingError, type TrainingFaces } from '../../electron/core/training/training-faces.ts';
import { calibrationTuning, trainingTuning } from '../../electron/core/tuning.ts';

/** Batch-hard triplets as they are usually trained. */
const triplets: HeadRecipe = {
  kind: 'triplet',
  miner: 'batch-hard',
  margin: 0.2,
  identities: 64,
  faces: 4,
  steps: 300,
  learningRate: 3e-4,
  beta2: 0.999,
  pull: { weights: 1e-3, generic: 0 },
};

function finish<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}

export const trainOnTriplets = (base: Head, faces: TrainingFaces, seed: number): Head =>
  finish(
    trainHead(base, faces, {
      ...trainingTuning,
      recipe: triplets,
      generic: [],
      seed,
      version: 'triplets',
    }),
  ).head;

/** What the product does; null where it says that the labels are too few. */
export function learnAsKith(
  base: Head,
  faces: TrainingFaces,
  events: Int32Array,
  generic: readonly GenericFaces[],
  seed: number,
): LearningOutcome | null {
  const { encoder: calibration } = calibrationTuning;
  const options = { ...trainingTuning, calibration, generic, seed, version: 'kith' };
  try {
    return finish(learn(base, faces, events, options));
  } catch (error) {
    if (error instanceof TrainingError) return null;
    throw error;
  }
}

/**
 * Linear discriminant analysis of the named faces' embeddings, all directions kept: whitens the
 * scatter within people, half of which is shrunk towards a sphere since the faces are few.
 */
export function discriminantHead(base: Head, { features, persons }: TrainingFaces): Head {
  const named = [...persons.keys()].filter((row) => persons[row]! >= 0);
  const embeddings = embedFeatures(base, features);
  const within = new Float32Array(EMBEDDING_SIZE * EMBEDDING_SIZE);
  for (const rows of Map.groupBy(named, (row) => persons[row]!).values()) {
    const mean = new Float32Array(EMBEDDING_SIZE);
    for (const row of rows) {
      for (let i = 0; i < EMBEDDING_SIZE; i++) {
        mean[i]! += embeddings[row * EMBEDDING_SIZE + i]! / rows.length;
      }
    }
    for (const row of rows) {
      const off = mean.map((value, i) => embeddings[row * EMBEDDING_SIZE + i]! - value);
      for (let i = 0; i < EMBEDDING_SIZE; i++) {
        for (let j = 0; j < EMBEDDING_SIZE; j++) {
          within[i * EMBEDDING_SIZE + j]! += off[i]! * off[j]!;
        }
      }
    }
  }
  const { values, vectors } = symmetricEigen(Float64Array.from(within), EMBEDDING_SIZE);
  const sphere = values.reduce((sum, value) => sum + value, 0) / EMBEDDING_SIZE;
  // One face a person tells nothing of how a person's faces differ.
  if (!(sphere > 1e-9)) return base;
  const scaled = Float32Array.from(
    vectors,
    (value, at) => value / Math.sqrt(0.5 * values[Math.floor(at / EMBEDDING_SIZE)]! + 0.5 * sphere),
  );
  return {
    version: 'discriminant',
    weights: timesTransposed(scaled, transposed(base.weights, FEATURE_SIZE), EMBEDDING_SIZE),
    bias: timesTransposed(scaled, base.bias, EMBEDDING_SIZE),
  };
}

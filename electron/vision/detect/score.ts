import { scoreTuning } from '../../core/tuning.ts';
import type { CandidateSigns } from './find-candidates.ts';

/**
 * Probability that a candidate is a face, 0 to 1: a logistic over the detectors' signs, fitted to
 * photos whose faces were marked by people.
 */
export function detectionScore(signs: CandidateSigns): number {
  const logit =
    scoreTuning.bias +
    scoreTuning.verifiedLogits * (signs.firstLogit + signs.secondLogit + signs.mirroredLogit) +
    scoreTuning.proposalScore * signs.proposalScore +
    scoreTuning.refinedLogit * signs.refinedLogit +
    scoreTuning.logSize * Math.log(Math.min(signs.size, scoreTuning.fullSize));
  return 1 / (1 + Math.exp(-logit));
}

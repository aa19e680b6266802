import { verificationTuning } from './tuning.ts';

/**
 * The probability that two faces are one person by how alike they are, if as many pairs of one
 * person as of two were shown.
 *
 * @param similarity cosine similarity of their embeddings, −1 to 1.
 * @returns 0 to 1.
 */
export function samePersonProbability(similarity: number): number {
  const { evenSimilarity, slope } = verificationTuning;
  return 1 / (1 + Math.exp(-slope * (similarity - evenSimilarity)));
}

/** How a similarity is turned to a probability. */
export interface Odds {
  /** Cosine similarity at which both are as likely. */
  readonly evenSimilarity: number;
  /** Logarithmic odds for each unit of similarity above, more than 0. */
  readonly slope: number;
}

/** How the similarities that a head gives are read. */
export interface HeadCalibration {
  /** That two faces are one person, if as many pairs of one person as of two were shown. */
  readonly pairs: Odds;
  /** That a face which a group offers a person is that person, by its mean similarity to the others. */
  readonly offers: Odds;
}

/** The probability at a cosine similarity, −1 to 1. */
export function probabilityOf(similarity: number, { evenSimilarity, slope }: Odds): number {
  return 1 / (1 + Math.exp(-slope * (similarity - evenSimilarity)));
}

/** The inverse of {@link probabilityOf}; `probability` above 0 and below 1. */
export function similarityOf(probability: number, { evenSimilarity, slope }: Odds): number {
  return evenSimilarity + Math.log(probability / (1 - probability)) / slope;
}

/** How a head is trained; the figures in use stand in `tuning.ts`. */
export type HeadRecipe = PairRecipe | TripletRecipe;

/** What holds the head near the one it started from. */
export interface Pull {
  /** Weight of the squared change of the weights (L2-SP, Li et al., arXiv 1802.01483). */
  readonly weights: number;
  /**
   * Weight of the mean squared change of embeddings of faces in general, in squared lengths; of a
   * pair stage divided by the number of named people.
   */
  readonly generic: number;
  /** Of more named people so many count. */
  readonly mostPeople?: number;
}

/** Pairs under a logistic likelihood, in whitened directions; first of named faces, then of all. */
export interface PairRecipe {
  readonly kind: 'pair-logistic';
  /** Directions of the features in which the head may change. */
  readonly rank: number;
  /** How fast the bias is trained, see `Whitening`; 0 leaves it. */
  readonly biasInput: number;
  /** Steepness of the likelihood by cosine similarity. */
  readonly scale: number;
  readonly beta2: number;
  readonly mineEvery: number;
  /** Pairs of two people less similar than this are not looked at: they are done. */
  readonly leastSimilarity: number;
  /** At most so many pairs a mining, thinned by chance. */
  readonly maxPairs: number;
  readonly named: PairStage;
  /** Faces without names join in; leave out to train on named faces alone. */
  readonly all?: PairStage & {
    /** Weight of a face without a name; a named one has 1. */
    readonly unnamedWeight: number;
    /** Two classes at this mean similarity are as likely two people as one, and how steeply. */
    readonly apartSimilarity: number;
    readonly apartTemperature: number;
  };
}

export interface PairStage {
  readonly steps: number;
  readonly learningRate: number;
  /** Cosine similarity at which one person and two are equally likely. */
  readonly threshold: number;
  /** False accepts among pairs of two people that weigh as much as missing everyone. */
  readonly falseAccepts: number;
  readonly pull: Pull;
}

/** Triplets with a margin, batch by batch, in the head's own weights. */
export interface TripletRecipe {
  readonly kind: 'triplet';
  readonly miner: 'random' | 'semi-hard' | 'batch-hard' | 'batch-all';
  /** On squared distances, 0 to 4; null for the soft margin. */
  readonly margin: number | null;
  readonly identities: number;
  readonly faces: number;
  readonly steps: number;
  readonly learningRate: number;
  readonly beta2: number;
  readonly pull: Pull;
}

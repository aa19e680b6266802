/** Every threshold of the product, with its unit and its reason. */

export const scanTuning = {
  /** Refuse photos above this many pixels: 30,000 × 30,000 is a bomb, 250 megapixels is a large panorama. */
  maxPixels: 268_000_000,
  /** Give up on one photo after this time: the slowest honest decode seen is some seconds. */
  millisecondsPerPhoto: 120_000,
} as const;

export const renewalTuning = {
  /**
   * Intersection over union, 0 to 1, from which a face that newer models find is one that was there:
   * detectors frame faces differently, yet faces side by side hardly overlap.
   */
  sameFaceOverlap: 0.4,
} as const;

export const decodeTuning = {
  /**
   * Up to this many pixels a photo is held decoded (3 bytes each: 192 MB); larger ones are decoded
   * region by region, so that one panorama does not need gigabytes.
   */
  maxHeldPixels: 64_000_000,
  /**
   * Regions asked for together are decoded as one rectangle around them, if that is at most this
   * share of the photo: for 12 megapixels 30 ms instead of 75 for everything.
   */
  maxBandShare: 0.6,
  /** Room decoded around each region, as a share of its longer side: face crops ask for it next. */
  regionMargin: 0.5,
  /** A damaged photo is used if at least this share of its rows was decoded: the faces are often above. */
  minReadableShare: 0.25,
  /** Larger files are refused unread, in bytes: no photo of 268 megapixels is larger, videos are. */
  maxFileBytes: 1_073_741_824,
} as const;

export const cropTuning = {
  /** Side of a face's picture, in pixels: sharp on a grid of people on a high-density screen. */
  side: 192,
  /** Side of the square that is shown, in lengths of the face box's longer side: hair and chin are in. */
  enlargement: 1.6,
  /** JPEG quality, 1 to 100: some 8 kB a face. */
  jpegQuality: 85,
} as const;

export const indexTuning = {
  /**
   * Links per face (M). Among 100,000 synthetic faces recall@10 is 0.983; with a construction width of
   * 200 and a search width of 160 it is 0.993, and building takes twice as long.
   */
  links: 16,
  /** Candidates looked at when a face is added (efConstruction). */
  constructionWidth: 120,
  /** Candidates looked at when searching (ef); at least the number of neighbours asked for. */
  searchWidth: 64,
  /**
   * Parts of the index, each in a thread of its own. Fixed, so that a library is grouped alike on
   * every computer; a part costs some 10 MB.
   */
  parts: 2,
  /** Faces that are sent to a part at a time, and batches that may wait there. */
  facesPerBatch: 512,
  batchesAhead: 2,
  /** Room for short-lived objects of such a thread, megabytes. */
  youngMemory: 8,
  /** Faces that fit at first; doubled when full. */
  initialCapacity: 1024,
  /** Seed of the levels that faces are put on. */
  seed: 100,
} as const;

export const compactTuning = {
  /**
   * Directions of a head with less than this share of the strongest one's energy (singular value
   * squared) are left out where faces are compared by the million: with 0.0025 the pretrained head
   * keeps 65.
   */
  leastShare: 0.0025,
} as const;

export const clusteringTuning = {
  /** Likely faces looked up for each face: people with more faces are joined through each other. */
  neighbours: 48,
  /** Cosine similarity below which two faces are no likely pair. */
  edgeSimilarity: 0.3,
  /**
   * Mean cosine similarity of all pairs at which two large groups are one person with even odds, in
   * a library of `usualPeople`; two lone faces need `loneRise` more, others in between.
   */
  manyThreshold: 0.485,
  loneRise: 0.13,
  usualPeople: 2000,
  /** The threshold's rise when there are ten times as many people: more strangers look alike. */
  risePerTenfoldPeople: 0.1,
  /**
   * Fewer people count as so many: a family's few are alike. Among 20 faces of sample photos strangers
   * side by side reach 0.45; with 200, two lone faces need 0.515.
   */
  leastPeople: 200,
  /** Faces turned by less are frontal, by more in profile, degrees. */
  frontalYaw: 20,
  profileYaw: 50,
  /** By how much less alike a frontal and a profile face of one person are, cosine similarity. */
  profileLeniency: 0.06,
  /** How much of a group's likeness to strangers its threshold rises by. */
  impostorWeight: 0.8,
  /** Groups that stand for other people; fewer than `leastCohort` say nothing. */
  cohortSize: 512,
  leastCohort: 40,
  /** Share of the cohort, the most alike, that a group's likeness to strangers is measured by. */
  impostorShare: 0.1,
  /**
   * How much of what a group's faces are more alike than usual (mean cosine similarity of its pairs)
   * its threshold rises by; as many pairs as say as much as the usual, and faces by which half of it
   * is left.
   */
  cohesionWeight: 0.5,
  usualCohesion: 0.62,
  cohesionPairs: 3,
  cohesionFaces: 10,
  /**
   * How often two halves of a person were seen with the same companion, 0 to 1, and the most that a
   * companion in common adds to the logarithmic odds. Of families' libraries those of many families
   * gain most, and those of one, where all are seen with all, lose nothing.
   */
  companionShare: 0.5,
  companionLimit: 3.75,
  /**
   * The likest faces of other groups that a group has to stand out from, and by how much, cosine
   * similarity. Of the faces of family photos in groups of three and more that did so by less than
   * 0.02, 45 % were somebody else's, of those in all other such groups 3 %.
   */
  crowdSize: 10,
  crowdMargin: 0.05,
  /** Subtracted where two groups share all photos, cosine similarity; less by the root of the share. */
  samePhotoPenalty: 0.3,
  /** Logarithmic odds of being one person for each unit of cosine similarity above the threshold. */
  slope: 25,
  /** Probability from which two groups are joined, unless the user wants otherwise. */
  sureness: 0.5,
  surenessOfFirstPass: 0.88,
  /** Probability from which a face that is too poor to found a group joins one. */
  surenessOfUnclear: 0.9,
  /**
   * Probability from which a face joins a named person after the user said that it is not another:
   * at 0.5 faces of nobody in particular go from one person to the next.
   */
  surenessOfRejected: 0.9,
  /** Faces smaller (pixels) or more blurred (0 to 1) are unclear. */
  clearSize: 24,
  clearSharpness: 0.1,
  /** Probability from which it is worth asking whether a group is a person, or two are one. */
  suggestProbability: 0.03,
  /** Persons that a group may be asked about. */
  suggestionsPerGroup: 3,
  /**
   * A group of so many faces is large, and one of so many times fewer does not move its mean: it joins
   * without being the large one's best. 30,000 synthetic faces took a quarter of the time.
   */
  largeGroup: 32,
  smallShare: 16,
  /** Decides which groups stand for other people. */
  seed: 1,
  /** Up to so many faces all is grouped anew each time: some seconds. Above, what was touched. */
  wholeFaces: 20_000,
  /** All is grouped anew when the library has grown by so much since it last was. */
  wholeGrowth: 1.2,
  /** A group of more faces that the user said something of is not taken apart by single faces. */
  facesTakenApart: 2000,
  /** A group of no more faces may be taken apart when a new face resembles one of it. */
  facesLoosened: 32,
  /** Rounds of looking for the best cut of a group in two; it settles in a few. */
  splitRounds: 20,
  /**
   * Probability from which it is worth asking whether a group is two people. Of 31 groups asked about
   * in four albums 14 were; among families, where it matters, 12 of 18.
   */
  splitProbability: 0.3,
  /** Faces of the smaller side from which it is: one alone is picked out when the group is named. */
  leastSide: 2,
} as const;

export const reviewTuning = {
  /** Faces of a group that a question shows, and confirmed faces of the person it asks about. */
  facesShown: 24,
  facesOfPerson: 6,
  /** Faces that one page asks to confirm. */
  facesPerPage: 30,
  /** Faces that one answer can settle at most. */
  facesPerAnswer: 5000,
  /** Confirmed faces of a person that a group is compared with to say why it may be that person. */
  facesCompared: 400,
  /**
   * Probability from which "is this Anna?" is asked of a group: below it one in fifteen was right, in
   * family photos, and "who is this?" with Anna offered first is the better question.
   */
  leastProbability: 0.2,
  /**
   * Share of each person's faces that two groups have to hold for "are these two one person?": a blurred
   * face of each that are alike say nothing of the others.
   */
  leastShare: 0.5,
  /** Pairs of faces shown as a reason. */
  pairsShown: 3,
} as const;

export const verificationTuning = {
  /** Probability from which two faces are said to be one person: 0.42 of similarity by Kith's head. */
  sameProbability: 0.75,
  /** Longest side of a photo from outside as it is shown, pixels. */
  previewSide: 1600,
  /** Nearest faces looked through for a named one when a photo from outside is identified. */
  identifyNeighbours: 100,
} as const;

/** Probabilities by similarity, of which each head has its own. */
export const calibrationTuning = {
  /**
   * Of the encoder's own layer. Pairs: fitted on as many pairs of each kind from press photos,
   * families (half of the strangers from one family) and profiles; press photos deserve steeper odds
   * and families flatter ones. Offers: on groups of which one face was named, from the same.
   */
  encoder: {
    pairs: { evenSimilarity: 0.334, slope: 13.4 },
    offers: { evenSimilarity: 0.54, slope: 20 },
  },
} as const;

export const detectionTuning = {
  /** Longest side of the picture that faces are looked for in, pixels. */
  viewSide: 1280,
  /** Longest side of the picture for a second look at photos with small faces, pixels. */
  closerSide: 2560,
  /** The second look is worth its time if it is at least so many times larger than the view. */
  closerGain: 1.3,
  /**
   * A photo has small faces if one candidate is smaller than this in the view (pixels) and at least so
   * probable: far below the score for showing it, since small ones are hard to tell. Five faces of 40
   * pixels in 24 megapixels gave 0.49 and three of 0.08; of 32 other large photos 3 passed 0.05.
   */
  smallFace: 28,
  smallFaceScore: 0.05,
  /** Longest sides that RFB looks at, pixels: its anchors reach from 10 to 256 pixels. */
  proposalSizes: [640, 1280],
  /** RFB does not look at a picture enlarged more than this: nothing is to be found between pixels. */
  largestEnlargement: 2,
  /** Least RFB score of a proposal, 0 to 1: low, since O-Net decides. */
  proposalScore: 0.2,
  /** RFB proposals that overlap more (intersection over union) count as one. */
  proposalOverlap: 0.4,
  /**
   * Smallest face the P-Net pyramid looks for, pixels of the view: in small photos 20; in large
   * ones a share of the longest side, since the pyramid's time grows with the square of it and RFB
   * finds the small ones.
   */
  smallestFace: 20,
  smallestFaceShare: 1 / 32,
  /** Scale of one pyramid level to the one before: MTCNN's published factor. */
  pyramidFactor: 0.709,
  /** Least P-Net and R-Net scores, 0 to 1: low, since O-Net decides. */
  scanScore: 0.5,
  refineScore: 0.5,
  /** First looks that overlap more (intersection over union) are one face. */
  firstLookOverlap: 0.6,
  /** Least O-Net logit of a first look worth a second. */
  firstLookLogit: -2,
  /** Final boxes that overlap more (intersection over union) are one face. */
  finalOverlap: 0.4,
  /**
   * Least detection score of a face that the user is shown, 0 to 1. On FDDB's development part 2,354
   * of 2,532 marked faces pass, and 57 others, of which some 45 are faces that were not marked.
   */
  faceScore: 0.4,
  /** Faces at least this large in the view, pixels, are aligned from it: the encoder sees no more. */
  enoughPixels: 72,
  /** Longest side of a face's cut-out from the full photo, pixels: twice the encoder's picture. */
  regionSide: 256,
} as const;

/**
 * Weights of the detection score: a logistic regression on the 1,408 photos of FDDB's development
 * part (a candidate is a face when it overlaps a marked one by 0.4). Left out, because they did not
 * raise the cross-validated recall: number of merged proposals, agreement of both looks' boxes,
 * landmark fit, length and mirror agreement of the encoder's features.
 */
export const scoreTuning = {
  bias: -9.89,
  /** For the sum of O-Net's logits: first look, second look, second look mirrored. */
  verifiedLogits: 0.258,
  /** For the best RFB score on the face, 0 to 1. */
  proposalScore: 1.058,
  /** For R-Net's logit. */
  refinedLogit: 0.21,
  /** For the logarithm of the size in pixels of the view, which above `fullSize` says no more. */
  logSize: 1.845,
  fullSize: 60,
} as const;

export const embeddingTuning = {
  /** Pictures per encoder call, faces and their mirror images: 8 was the fastest measured. */
  batchSize: 8,
  /** Sides of the squares in which O-Net looks for the landmarks, in sides of the face's square. */
  landmarkSquares: [0.9, 1, 1.1],
} as const;

export const qualityTuning = {
  /**
   * Logarithm of squared Laplacian over variance for a face that counts as blurred and as crisp:
   * medians of press photos whose faces have a sixth of the encoder's resolution, and all of it.
   */
  blurredLogRatio: -5,
  crispLogRatio: -2.4,
  /** From this size in pixels on, size does not limit recognition: the aligned face's own scale. */
  fullSize: 80,
  /** What is left of a face that is quite blurred. */
  leastSharpness: 0.3,
  /** Degrees at which half of a face's quality is left. */
  yawLimit: 45,
  pitchLimit: 45,
} as const;

export const groupingTuning = {
  /** While a scan runs, groups are made anew at most this often, milliseconds; longer when it takes longer. */
  restMilliseconds: 3000,
  /** After the user said something: soon, yet once for several quick actions, milliseconds. */
  afterLabelMilliseconds: 400,
  /** A thread that is given up has so long to let the index finish what it is at, milliseconds. */
  abandonMilliseconds: 5000,
  /** Faces of a grouping that are written at once: some milliseconds, since the user waits meanwhile. */
  facesPerWrite: 1000,
  /** Faces that are read and embedded at once: some milliseconds, and enough to be quick. */
  facesPerRead: 2048,
  /** The index is written when so many faces are new, or this share of all: it is one large file. */
  unsavedFaces: 1000,
  unsavedShare: 0.05,
  /**
   * Room for short-lived objects, megabytes. Left alone, a thread takes 67 for what lives for
   * milliseconds, little by little, so that memory seems to grow with the library.
   */
  youngMemory: 24,
} as const;

/** Raised whenever the same photo would give other faces or features: recorded with what was found. */
export const pipelineVersion = 1;

export const previewTuning = {
  /** Longest side in pixels when full size is wanted of a photo that browsers cannot show. */
  fullSide: 8192,
  /** Room that previews may take on the disk, bytes; those used least lately go first. */
  maxBytes: 2_000_000_000,
} as const;

export const visionPoolTuning = {
  /** A process that takes longer to start or to load its models is given up; a provider is tried out meanwhile. */
  millisecondsToStart: 300_000,
  /** After so many failed starts in a row no more are tried: the cause lies not in a photo. */
  maxFailedStarts: 3,
  /** Requests after which a process is replaced: whatever its libraries leak is given back. */
  maxRequestsPerProcess: 5_000,
  /**
   * A process above this many bytes of memory is replaced, but not before `minRequestsPerProcess`;
   * above twice as much at once. Models and a photo of 24 megapixels take 350 MB.
   */
  maxResidentBytes: 500_000_000,
  /** Starting costs up to a second: at a third of a second a photo, some per cent of the time. */
  minRequestsPerProcess: 200,
  /** An idle process is ended after this time, in milliseconds: models take 100 MB. */
  millisecondsIdle: 60_000,
} as const;

export const providerTuning = {
  /** Least cosine similarity to the CPU's embedding, on each face of the reference batch. */
  minCosine: 0.999,
  /** Faces in the reference batch: enough to keep a graphics processor busy, soon done on a CPU. */
  batchSize: 4,
  /** A provider that takes this many times as long as the CPU over one face is not given the batch. */
  hopelessRatio: 20,
  /** Timed runs go on for this time, milliseconds, or for so many runs. */
  millisecondsToTime: 500,
  maxTimedRuns: 20,
  /** A trial is ended after this time, milliseconds: loading a driver and compiling takes some seconds. */
  millisecondsPerTrial: 45_000,
  /** The same where slow providers are wanted: software drivers are some 400 times slower. */
  millisecondsPerSlowTrial: 240_000,
  /** A provider that could not be tried out is tried again after this time, milliseconds: a day. */
  millisecondsToRetry: 86_400_000,
} as const;

export const restoreTuning = {
  /**
   * A face of a label file is a face of the library if their boxes overlap so much (intersection over
   * union): detections of other versions shift by a tenth, neighbours overlap by less than a third.
   */
  boxOverlap: 0.5,
} as const;

export const drawnFaceTuning = {
  /** Smallest face that can be marked by hand, full-resolution pixels: the encoder sees nothing below. */
  minSide: 16,
  /** A box that overlaps a known face so much (intersection over union) marks that face again. */
  sameFaceOverlap: 0.5,
  /** How far outside the box, in its sides, landmarks may be: boxes drawn by hand are rough. */
  landmarkReach: 0.25,
  /** Least distance of the eyes and of eyes and mouth, in sides of the box: half of a frontal face's. */
  eyeDistance: 0.12,
  eyesAboveMouth: 0.18,
} as const;

/** How a head learns from labels; see `core/training`. */
export const trainingTuning = {
  recipe: {
    kind: 'pair-logistic',
    /** Directions of the features that are trained: the rest hold hardly anything. */
    rank: 64,
    /** By the bias, heads take off what all faces of a library have in common. */
    biasInput: 3,
    /** Steepness of the likelihood by cosine similarity: 0.1 more is e² times as likely one person. */
    scale: 20,
    /** Memory of Adam's mean square: a hundred steps, since a stage has but 40. */
    beta2: 0.99,
    /** Steps for which mined pairs are used. */
    mineEvery: 20,
    /** Cosine similarity below which two people are told apart well enough. */
    leastSimilarity: 0.15,
    /** Pairs in use at a time: they decide how long a step takes. */
    maxPairs: 40_000,
    named: {
      steps: 40,
      learningRate: 0.01,
      threshold: 0.5,
      falseAccepts: 0.01,
      /**
       * With 0.15 a library of ten named people leaves faces in general as they were. With 140 people
       * of families counted as 45, the listed pairs of press photos lost up to 0.2 points.
       */
      pull: { weights: 0.1, generic: 0.15, mostPeople: 30 },
    },
    all: {
      steps: 40,
      learningRate: 0.02,
      threshold: 0.6,
      falseAccepts: 0.002,
      pull: { weights: 0.06, generic: 0.15, mostPeople: 30 },
      unnamedWeight: 1,
      apartSimilarity: 0.2,
      apartTemperature: 0.03,
    },
  },
  doubts: {
    /** A face is compared with so many of its person's likest faces. */
    likest: 3,
    /** Cosine similarity that two pictures of one person have at the least, mostly. */
    expected: 0.2,
    temperature: 0.05,
  },
  /** Held-out pairs of one person that count as much as what is known of the base's similarities. */
  priorPairs: 200,
  /**
   * Parts that are tried of the share of the change that faces in general bear: less of it may be
   * better for those held out.
   */
  shares: [1, 0.7, 0.4],
  shareStep: 0.025,
  gate: {
    /** Share of named faces held out for the trial, by whole days and by whole persons. */
    eventShare: 0.15,
    personShare: 0.15,
    /** Fewer pairs of one person among those held out say nothing. */
    leastPairs: 20,
    /** With fewer, what up to so many trials held out is put together: one pair must not decide. */
    wantedPairs: 100,
    maxTrials: 3,
    /** Faces that are compared with each other, at most: 6 million pairs take some seconds. */
    maxFaces: 2500,
    /**
     * Fall of the accuracy on faces in general, 0 to 1, mean of their populations. Of 40 heads trained
     * on names of families and celebrities, by as much of its change as this allows, none costs the
     * 6,000 listed pairs of press photos more than 0.1 point, nor 12 million pairs more than 0.04;
     * and of nine with a seventh of the names wrong none. Of heads that harmed others more, twice as
     * much let 7 of 40 cost more than 0.1 point of the listed pairs, and this 2.
     */
    genericFall: 0.0005,
    /** Cosine similarity: without it, a fall of 0.2 points is between 0.15 and 0.25 by who is drawn. */
    genericBlur: 0.03,
    /** Rise of the clearance that counts, in standard deviations of pairs of two people. */
    leastClearance: 0.05,
    /** Eight crowds of 100 people have 6 times fewer pairs of two people than one of 800. */
    genericCrowds: 8,
    genericPeople: 100,
    genericFacesEach: 4,
  },
} as const;

/**
 * How the head that Kith comes with was trained, by `npm run train:encoder`: named faces alone, for
 * longer, and with fewer false accepts worth a miss than a library's own.
 */
export const encoderTuning = {
  pairs: {
    kind: 'pair-logistic',
    rank: 64,
    /** What all faces have in common is taken off: with more of it faces from the side lose. */
    biasInput: 1,
    scale: 20,
    beta2: 0.99,
    mineEvery: 15,
    leastSimilarity: 0.15,
    maxPairs: 80_000,
    named: {
      steps: 90,
      learningRate: 0.0133,
      threshold: 0.5,
      /** From 0.001 to 0.05 the less, the more is gained on kin and lost from the side. */
      falseAccepts: 0.02,
      pull: { weights: 0.1, generic: 0 },
    },
  },
  /** Share of the change that is taken: all of it gains more on kin, and loses a little elsewhere. */
  share: 0.8,
} as const;

/** When and on what a library learns. */
export const learningTuning = {
  /** Seed of every choice: a training that is repeated comes to the same. */
  seed: 1,
  /** Named faces of one person, of all, and faces in all that take part: some ten seconds of work. */
  facesPerPerson: 100,
  namedFaces: 2000,
  allFaces: 3000,
  /** Pairs of split faces that take part. */
  splitPairs: 2000,
  /**
   * It is offered from so many people with several faces, so many faces, and so much that is new of
   * all that was said: when labels have doubled, since each offer that is taken is an action too.
   */
  leastPeople: 12,
  leastFaces: 60,
  leastNewLabels: 20,
  leastNewShare: 0.5,
  /** By itself only when groups and labels have stood still so long, milliseconds: not amid naming. */
  quietMilliseconds: 30_000,
  /** Named faces among which the hardest triplets are looked for, and how many are shown. */
  tripletFaces: 1000,
  shownTriplets: 12,
  shownDoubts: 24,
  shownTurned: 24,
  shownPulled: 8,
  /** Groups that came together or fell apart, and faces of each part. */
  shownGroups: { examples: 6, faces: 4 },
} as const;

/** The picture of all faces; see `engine/map`. */
export const mapTuning = {
  /**
   * Faces that are laid out by their neighbourhoods; others are put beside those they resemble. 6,000
   * take 12 s and half a gigabyte in two dimensions, 100,000 with them 20 s.
   */
  laidOut: 6000,
  /** Neighbours of each face that keep it close, and how close faces may lie: UMAP's defaults. */
  neighbours: 15,
  leastDistance: 0.1,
  /** Side of the picture that a first layout starts from, in the units of the least distance. */
  firstSide: 20,
  /**
   * Rounds and first step of a layout that starts from another head's, so that it moves what changed:
   * on 7,500 press photos faces move by 0.05 under the same head, without such a start by 0.39.
   */
  laterRounds: 60,
  laterStep: 0.1,
  /** Laid out faces that decide where another goes, and how much more a likeness of 1 weighs than 0. */
  besides: 5,
  likenessSlope: 20,
  /** Share of the faces that lie within the unit circle or sphere. */
  within: 0.98,
  /** Coordinates beyond are put on this edge. */
  edge: 2,
  seed: 1,
} as const;

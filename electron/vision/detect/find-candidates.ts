import { descendingOrder, suppress } from '../../core/geometry/boxes.ts';
import { sampleResized, type ImagePyramid } from '../../core/geometry/sampling.ts';
import { detectionTuning } from '../../core/tuning.ts';
import type { Networks } from '../networks.ts';
import { proposeByPyramid, rateBoxes, squaresOf, verifyBoxes } from './mtcnn.ts';
import { decodeRfb, gathered, thinned, type Proposals } from './rfb.ts';

/** RFB takes (byte − 127) / 128. */
const RFB_INPUT = { mean: 127, scale: 1 / 128 } as const;

/** A verified place where a face may be, with the signs that speak for or against it. */
export interface Candidate {
  /** x1, y1, x2, y2, pixels of the picture looked at. */
  readonly box: Float32Array;
  /** x, y of the five landmarks, same pixels. */
  readonly landmarks: Float32Array;
  readonly signs: CandidateSigns;
}

export interface CandidateSigns {
  /** Logits of O-Net's face probability: first look, second look, second look mirrored. */
  readonly firstLogit: number;
  readonly secondLogit: number;
  readonly mirroredLogit: number;
  /** Highest score of an RFB proposal on the face, 0 when there was none. */
  readonly proposalScore: number;
  /** Logit of R-Net's face probability. */
  readonly refinedLogit: number;
  /** Geometric mean of width and height, pixels of the picture looked at. */
  readonly size: number;
}

/** Where to look for faces: what is found elsewhere is not worth the time. */
export interface SearchPlan {
  /** Longest sides in pixels at which RFB looks at the picture. */
  readonly proposalSizes: readonly number[];
  /** Smallest face that the P-Net pyramid looks for in pixels of the picture, null for no pyramid. */
  readonly smallestFace: number | null;
  /** Least O-Net logit of a first look worth a second. */
  readonly firstLookLogit: number;
}

/**
 * The plan for a whole photo whose longest side is `longestSide` pixels.
 * @param minScore where even unlikely faces are wanted, no first look is too bad for a second.
 */
export function planFor(longestSide: number, minScore: number): SearchPlan {
  const { proposalSizes, smallestFace, smallestFaceShare, largestEnlargement } = detectionTuning;
  const largest = Math.round(longestSide * largestEnlargement);
  const sizes = proposalSizes.filter((size) => size <= largest);
  return {
    proposalSizes: sizes.length > 0 ? sizes : [largest],
    smallestFace: Math.max(smallestFace, longestSide * smallestFaceShare),
    firstLookLogit: firstLookLogitFor(minScore),
  };
}

export function firstLookLogitFor(minScore: number): number {
  return minScore > 0 ? detectionTuning.firstLookLogit : -Infinity;
}

/** Places where faces may be, each with its signs, in no particular order. */
export async function findCandidates(
  networks: Networks,
  pyramid: ImagePyramid,
  plan: SearchPlan,
): Promise<Candidate[]> {
  const fromRfb = await proposeByRfb(networks, pyramid, plan.proposalSizes);
  const proposals =
    plan.smallestFace === null
      ? fromRfb
      : gathered([
          { proposals: fromRfb, scaleX: 1, scaleY: 1 },
          {
            proposals: await proposeByPyramid(networks, pyramid, {
              minFace: plan.smallestFace,
              scaleFactor: detectionTuning.pyramidFactor,
              scanScore: detectionTuning.scanScore,
              refineScore: detectionTuning.refineScore,
            }),
            scaleX: 1,
            scaleY: 1,
          },
        ]);
  return verifyProposals(networks, pyramid, proposals, fromRfb.scores.length, plan.firstLookLogit);
}

/** RFB at each of the sizes, proposals of all sizes thinned out together. */
async function proposeByRfb(
  networks: Networks,
  pyramid: ImagePyramid,
  sizes: readonly number[],
): Promise<Proposals> {
  const longest = Math.max(pyramid.width, pyramid.height);
  const lists: { proposals: Proposals; scaleX: number; scaleY: number }[] = [];
  for (const size of sizes) {
    const scale = size / longest;
    const width = Math.max(64, Math.round(pyramid.width * scale));
    const height = Math.max(64, Math.round(pyramid.height * scale));
    const input = new Float32Array(width * height * 3);
    sampleResized(pyramid, width, height, RFB_INPUT, input);
    const { probabilities, regressions } = await networks.propose(input, width, height);
    lists.push({
      proposals: decodeRfb(
        probabilities,
        regressions,
        width,
        height,
        detectionTuning.proposalScore,
        detectionTuning.proposalOverlap,
      ),
      scaleX: pyramid.width / width,
      scaleY: pyramid.height / height,
    });
  }
  return thinned(gathered(lists), detectionTuning.proposalOverlap);
}

/**
 * O-Net twice over all proposals, then one candidate for each place.
 * @param rfbCount the first so many proposals are RFB's: their scores are a sign.
 */
async function verifyProposals(
  networks: Networks,
  pyramid: ImagePyramid,
  proposals: Proposals,
  rfbCount: number,
  firstLookLogit: number,
): Promise<Candidate[]> {
  const first = await verifyBoxes(networks, pyramid, squaresOf(proposals.boxes));
  const places: { readonly keeper: number; proposalScore: number }[] = [];
  const keeper = suppress(first.boxes, first.logits, detectionTuning.firstLookOverlap);
  for (const index of descendingOrder(first.logits)) {
    if (keeper[index] !== index || first.logits[index]! < firstLookLogit) continue;
    places.push({ keeper: index, proposalScore: 0 });
  }
  const firstBoxes = new Float32Array(places.length * 4);
  places.forEach(({ keeper: from }, to) =>
    firstBoxes.set(first.boxes.subarray(from * 4, from * 4 + 4), to * 4),
  );
  const squares = squaresOf(firstBoxes);
  const second = await verifyBoxes(networks, pyramid, squares);
  const refinedLogits = await rateBoxes(networks, pyramid, squares);
  const mirroredLook = await verifyBoxes(networks, pyramid, squares, true);
  const strengths = second.logits.map((value, i) => value + first.logits[places[i]!.keeper]!);
  const finalKeeper = suppress(second.boxes, strengths, detectionTuning.finalOverlap);

  // Every RFB proposal whose first look ended on a face speaks for it.
  const placeOf = new Map(places.map(({ keeper: index }, place) => [index, place]));
  for (let index = 0; index < rfbCount; index += 1) {
    const place = placeOf.get(keeper[index]!);
    if (place === undefined) continue;
    const target = places[finalKeeper[place]!]!;
    target.proposalScore = Math.max(target.proposalScore, proposals.scores[index]!);
  }

  const candidates: Candidate[] = [];
  for (const place of new Set(finalKeeper)) {
    const { keeper: index, proposalScore } = places[place]!;
    const box = meanOf(second.boxes, mirroredLook.boxes, place * 4, 4);
    const width = box[2]! - box[0]!;
    const height = box[3]! - box[1]!;
    if (!(width > 0 && height > 0)) continue;
    candidates.push({
      box,
      landmarks: meanOf(second.landmarks, mirroredLook.landmarks, place * 10, 10),
      signs: {
        firstLogit: first.logits[index]!,
        secondLogit: second.logits[place]!,
        mirroredLogit: mirroredLook.logits[place]!,
        proposalScore,
        refinedLogit: refinedLogits[place]!,
        size: Math.sqrt(width * height),
      },
    });
  }
  return candidates;
}

/** Two guesses are better than one, and O-Net's left-right bias falls out. */
function meanOf(a: Float32Array, b: Float32Array, from: number, length: number): Float32Array {
  const mean = new Float32Array(length);
  for (let i = 0; i < length; i += 1) mean[i] = (a[from + i]! + b[from + i]!) / 2;
  return mean;
}

import { UMAP } from 'umap-js';
import { placeBeside, scattered } from '../../core/map/beside.ts';
import { principalCoordinates } from '../../core/map/principal.ts';
import { applyPlacement, fitPlacement } from '../../core/map/procrustes.ts';
import { createRandom } from '../../core/random.ts';
import { mapTuning } from '../../core/tuning.ts';
import { FaceIndex } from '../grouping/face-index.ts';
import type { MadeMap } from './protocol.ts';

export type InIndex = <T>(work: () => T) => T;

export interface FacesToLayOut {
  /** Rising. */
  readonly faceIds: Uint32Array<ArrayBuffer>;
  /** Unit vectors, face by face. */
  readonly embeddings: Float32Array;
  readonly size: number;
}

/**
 * Lays faces out in a plane or in space, so that faces that are alike lie together: UMAP (McInnes,
 * Healy and Melville, arXiv 1802.03426) over the nearest neighbours of a sample, started from
 * principal components; the other faces go beside those of the sample they resemble.
 *
 * @param base a map that the new one is to be compared with: the layout starts from it, and is
 * turned and scaled onto it, so that what moved has moved among its neighbours.
 * @param onShare hears how far it is, 0 to 1.
 * @param inIndex does what uses the index, which nothing may cut off; what it throws ends the layout.
 */
export function layOut(
  faces: FacesToLayOut,
  dimensions: 2 | 3,
  base: MadeMap | undefined,
  onShare: (share: number) => void = () => undefined,
  sampleSize: number = mapTuning.laidOut,
  inIndex: InIndex = (work) => work(),
): MadeMap {
  const { faceIds, embeddings, size } = faces;
  const count = faceIds.length;
  const rowsByScatter = [...faceIds.keys()].sort(
    (a, b) => scattered(faceIds[a]!) - scattered(faceIds[b]!) || a - b,
  );
  const sample = rowsByScatter.slice(0, sampleSize).sort((a, b) => a - b);
  const rest = rowsByScatter.slice(sampleSize);
  const embedding = (row: number) => embeddings.subarray(row * size, (row + 1) * size);
  const index = FaceIndex.create('map', size);
  for (const [place, row] of sample.entries()) inIndex(() => index.add(place, embedding(row)));
  onShare(0.1);

  const start = startOf(faces, sample, dimensions, base);
  const search: Search = (face, count) => inIndex(() => index.search(face, count));
  const layout = neighbourLayout(
    sample.map(embedding),
    search,
    start,
    base !== undefined,
    (share) => onShare(0.1 + 0.6 * share),
  );
  const points = new Float32Array(count * dimensions);
  for (const [place, row] of sample.entries()) points.set(layout[place]!, row * dimensions);
  for (const [done, row] of rest.entries()) {
    const found = search(embedding(row), mapTuning.besides);
    const place = placeBeside(
      found.similarities,
      dimensions,
      (rank, dimension) => layout[found.faceIds[rank]!]![dimension]!,
    );
    points.set(place, row * dimensions);
    if (done % 1000 === 0) onShare(0.7 + (0.3 * done) / rest.length);
  }
  const unit = (base && turnOnto(base, faceIds, points, dimensions)) ?? fitInto(points, dimensions);
  return { faceIds, points, unit, laidOut: sample.length };
}

type Search = FaceIndex['search'];

/** The layout of a sample by its neighbourhoods. */
function neighbourLayout(
  embeddings: readonly Float32Array[],
  search: Search,
  start: readonly (readonly number[])[],
  later: boolean,
  onShare: (share: number) => void,
): readonly (readonly number[])[] {
  const neighbours = Math.min(mapTuning.neighbours, embeddings.length - 1);
  // With so few faces there are no neighbourhoods.
  if (neighbours < 4) return start;
  const indices: number[][] = [];
  const distances: number[][] = [];
  for (const [place, embedding] of embeddings.entries()) {
    const found = search(embedding, neighbours);
    const others = found.faceIds
      .map((other, rank) => ({ other, distance: Math.max(0, 1 - found.similarities[rank]!) }))
      .filter(({ other }) => other !== place)
      .slice(0, neighbours - 1);
    // UMAP counts a face as its own nearest neighbour; a search may miss it among equals.
    indices.push([place, ...others.map(({ other }) => other)]);
    distances.push([0, ...others.map(({ distance }) => distance)]);
  }
  const umap = new UMAP({
    nComponents: start[0]!.length,
    nNeighbors: neighbours,
    minDist: mapTuning.leastDistance,
    random: createRandom(mapTuning.seed),
    ...(later && { nEpochs: mapTuning.laterRounds, learningRate: mapTuning.laterStep }),
  });
  umap.setPrecomputedKNN(indices, distances);
  const rounds = umap.initializeFit(embeddings.map((embedding) => Array.from(embedding)));
  // The library starts at random; these are the very arrays that it moves.
  const layout = umap.getEmbedding();
  for (const [place, point] of layout.entries()) {
    for (let i = 0; i < point.length; i++) point[i] = start[place]![i]!;
  }
  for (let round = 0; round < rounds; round++) {
    umap.step();
    if (round % 10 === 0) onShare(round / rounds);
  }
  return layout;
}

/** Where the sample's faces start: where they were on the map before, or by principal components. */
function startOf(
  { faceIds, embeddings, size }: FacesToLayOut,
  sample: readonly number[],
  dimensions: 2 | 3,
  base: MadeMap | undefined,
): number[][] {
  const rows = new Float32Array(sample.length * size);
  for (const [place, row] of sample.entries()) {
    rows.set(embeddings.subarray(row * size, (row + 1) * size), place * size);
  }
  const principal = principalCoordinates(rows, size, dimensions);
  const largest = principal.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-12);
  const half = mapTuning.firstSide / 2;
  // No two faces start at one point: UMAP could not tell them apart.
  const random = createRandom(mapTuning.seed);
  const known = new Map(base && [...base.faceIds].map((faceId, row) => [faceId, row]));
  return sample.map((row, place) => {
    const before = known.get(faceIds[row]!);
    return Array.from({ length: dimensions }, (_, i) => {
      const start =
        base && before !== undefined
          ? base.points[before * dimensions + i]! * base.unit
          : (principal[place * dimensions + i]! / largest) * (base?.unit ?? half);
      return start + 1e-3 * (random() - 0.5);
    });
  });
}

/**
 * Turns a layout onto another one by the faces they share.
 *
 * @returns the new layout's unit in UMAP's; undefined where they share too few faces.
 */
function turnOnto(
  base: MadeMap,
  faceIds: Uint32Array,
  points: Float32Array,
  dimensions: number,
): number | undefined {
  const rowOf = new Map([...base.faceIds].map((faceId, row) => [faceId, row]));
  const shared = [...faceIds.keys()].filter((row) => rowOf.has(faceIds[row]!));
  if (shared.length <= dimensions) return undefined;
  const pick = (from: Float32Array, rows: readonly number[]) => {
    const picked = new Float32Array(rows.length * dimensions);
    for (const [at, row] of rows.entries()) {
      picked.set(from.subarray(row * dimensions, (row + 1) * dimensions), at * dimensions);
    }
    return picked;
  };
  const before = pick(
    base.points,
    shared.map((row) => rowOf.get(faceIds[row]!)!),
  );
  const placement = fitPlacement(pick(points, shared), before, dimensions);
  applyPlacement(placement, points);
  keepOnEdge(points);
  return 1 / placement.scale;
}

/** Centres a layout and scales it so that nearly all of it lies within 1. @returns that 1 before. */
function fitInto(points: Float32Array, dimensions: number): number {
  const count = points.length / dimensions;
  const middle = new Float64Array(dimensions);
  for (let at = 0; at < points.length; at++) middle[at % dimensions]! += points[at]! / count;
  const radii = new Float64Array(count);
  for (let at = 0; at < points.length; at++) {
    points[at]! -= middle[at % dimensions]!;
    radii[Math.floor(at / dimensions)]! += points[at]! ** 2;
  }
  radii.sort();
  const radius = Math.sqrt(radii[Math.floor(mapTuning.within * (count - 1))] ?? 0) || 1;
  for (let at = 0; at < points.length; at++) points[at]! /= radius;
  keepOnEdge(points);
  return radius;
}

function keepOnEdge(points: Float32Array): void {
  const { edge } = mapTuning;
  for (let at = 0; at < points.length; at++) {
    points[at] = Math.min(edge, Math.max(-edge, points[at]!));
  }
}

import { seededRandom, shuffledOrder, type Random } from '../random.ts';
import type { WeightedGraph } from './neighbour-graph.ts';

export interface LeidenOptions {
  /**
   * Modularity with a resolution (Reichardt and Bornholdt 2006), 1 being Newman's; or the constant
   * Potts model, whose resolution is the least mean weight that holds a community together, absent
   * edges counting 0.
   */
  readonly quality: 'modularity' | 'constant-potts';
  readonly resolution: number;
  readonly seed?: number;
  /** Whole runs, each beginning with the outcome before: 2 as in igraph. */
  readonly iterations?: number;
  /** Randomness of the refinement (θ): 0.01 as published. */
  readonly randomness?: number;
}

/** A graph between aggregated nodes; `mass` is what the quality function counts in a node. */
interface Level extends WeightedGraph {
  readonly mass: Float64Array;
}

/**
 * The Leiden algorithm: Traag, Waltman and van Eck, From Louvain to Leiden, Scientific Reports 9
 * (2019) 5233, as in its supplement's pseudo-code: fast local moving, refinement, aggregation.
 *
 * @returns for each node a community, numbered from 0 in the order of their first nodes.
 */
export function leiden(graph: WeightedGraph, options: LeidenOptions): Uint32Array {
  const { quality, iterations = 2, randomness = 0.01 } = options;
  const random = seededRandom(options.seed ?? 1);
  const mass = new Float64Array(graph.size).fill(1);
  let resolution = options.resolution;
  if (quality === 'modularity') {
    let total = 0;
    for (let node = 0; node < graph.size; node++) {
      mass[node] = 0;
      for (let e = graph.offsets[node]!; e < graph.offsets[node + 1]!; e++) {
        mass[node]! += graph.weights[e]!;
      }
      total += mass[node]!;
    }
    resolution /= total || 1;
  }
  let communities: Uint32Array = Uint32Array.from({ length: graph.size }, (_, node) => node);
  for (let round = 0; round < iterations; round++) {
    let level: Level = { ...graph, mass };
    let nodeOf: Uint32Array = Uint32Array.from({ length: graph.size }, (_, node) => node);
    let partition = numbered(communities);
    for (;;) {
      partition = moveNodes(level, partition, resolution, random);
      communities = nodeOf.map((node) => partition[node]!);
      if (count(partition) === level.size) break;
      const refined = refine(level, partition, resolution, randomness, random);
      const parts = count(refined);
      if (parts === level.size) break;
      const partitionOfPart = new Uint32Array(parts);
      for (let node = 0; node < level.size; node++) {
        partitionOfPart[refined[node]!] = partition[node]!;
      }
      nodeOf = nodeOf.map((node) => refined[node]!);
      level = aggregate(level, refined, parts);
      partition = numbered(partitionOfPart);
    }
  }
  return numbered(communities);
}

/** Moves nodes to the neighbouring community that gains most until none gains (`MoveNodesFast`). */
function moveNodes(level: Level, before: Uint32Array, resolution: number, random: Random) {
  const { size, offsets, targets, weights, mass } = level;
  const partition = Uint32Array.from(before);
  const massOf = new Float64Array(size);
  const members = new Uint32Array(size);
  for (let node = 0; node < size; node++) {
    massOf[partition[node]!]! += mass[node]!;
    members[partition[node]!]!++;
  }
  const free: number[] = [];
  for (let community = size - 1; community >= 0; community--) {
    if (members[community] === 0) free.push(community);
  }
  const link = new Float64Array(size);
  const queue = Array.from(shuffledOrder(size, random));
  const queued = new Uint8Array(size).fill(1);
  for (let head = 0; head < queue.length; head++) {
    const node = queue[head]!;
    queued[node] = 0;
    const own = partition[node]!;
    massOf[own]! -= mass[node]!;
    members[own]!--;
    const touched: number[] = [];
    for (let e = offsets[node]!; e < offsets[node + 1]!; e++) {
      const community = partition[targets[e]!]!;
      if (link[community] === 0) touched.push(community);
      link[community]! += weights[e]!;
    }
    const gain = (community: number) =>
      link[community]! - resolution * mass[node]! * massOf[community]!;
    let best = own;
    // Alone, if the own community is worse than that.
    let bestGain = gain(own);
    if (bestGain < 0 && members[own]! > 0) {
      best = free.at(-1)!;
      bestGain = 0;
    }
    for (const community of touched) {
      if (gain(community) > bestGain + 1e-12) {
        best = community;
        bestGain = gain(community);
      }
    }
    for (const community of touched) link[community] = 0;
    if (members[best] === 0) {
      if (best !== own) free.pop();
    }
    partition[node] = best;
    massOf[best]! += mass[node]!;
    members[best]!++;
    if (best === own) continue;
    if (members[own] === 0) free.push(own);
    for (let e = offsets[node]!; e < offsets[node + 1]!; e++) {
      const other = targets[e]!;
      if (partition[other] === best || queued[other] === 1) continue;
      queued[other] = 1;
      queue.push(other);
    }
  }
  return numbered(partition);
}

/** Splits each community into parts that are well connected within it (`RefinePartition`). */
function refine(
  level: Level,
  partition: Uint32Array,
  resolution: number,
  randomness: number,
  random: Random,
): Uint32Array {
  const { size, offsets, targets, weights, mass } = level;
  const massOfCommunity = new Float64Array(size);
  for (let node = 0; node < size; node++) massOfCommunity[partition[node]!]! += mass[node]!;
  const part = Uint32Array.from({ length: size }, (_, node) => node);
  const massOf = Float64Array.from(mass);
  const members = new Uint32Array(size).fill(1);
  /** Weight between each part and the rest of its community. */
  const outward = new Float64Array(size);
  for (let node = 0; node < size; node++) {
    for (let e = offsets[node]!; e < offsets[node + 1]!; e++) {
      if (partition[targets[e]!] === partition[node]) outward[node]! += weights[e]!;
    }
  }
  const wellConnected = (candidate: number, community: number) =>
    outward[candidate]! >=
    resolution * massOf[candidate]! * (massOfCommunity[community]! - massOf[candidate]!) - 1e-12;
  const link = new Float64Array(size);
  for (const node of shuffledOrder(size, random)) {
    const community = partition[node]!;
    if (members[part[node]!] !== 1 || !wellConnected(node, community)) continue;
    const touched: number[] = [];
    for (let e = offsets[node]!; e < offsets[node + 1]!; e++) {
      if (partition[targets[e]!] !== community) continue;
      const other = part[targets[e]!]!;
      if (link[other] === 0) touched.push(other);
      link[other]! += weights[e]!;
    }
    const options: { readonly part: number; readonly gain: number }[] = [
      { part: part[node]!, gain: 0 },
    ];
    for (const other of touched) {
      const gain = link[other]! - resolution * mass[node]! * massOf[other]!;
      if (gain >= 0 && wellConnected(other, community)) options.push({ part: other, gain });
    }
    const chosen = choose(options, randomness, random).part;
    if (chosen !== part[node]) {
      const own = part[node]!;
      members[own] = 0;
      massOf[own] = 0;
      outward[chosen]! += outward[own]! - 2 * link[chosen]!;
      massOf[chosen]! += mass[node]!;
      members[chosen]!++;
      part[node] = chosen;
    }
    for (const other of touched) link[other] = 0;
  }
  return numbered(part);
}

/** One of them by chance, the more probable the more it gains. */
function choose<T extends { readonly gain: number }>(
  options: readonly T[],
  randomness: number,
  random: Random,
): T {
  const most = Math.max(...options.map(({ gain }) => gain));
  const weights = options.map(({ gain }) => Math.exp((gain - most) / randomness));
  let left = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [i, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return options[i]!;
  }
  return options.at(-1)!;
}

/** Parts become nodes. Weights within a part are dropped: no move changes what they add. */
function aggregate(level: Level, part: Uint32Array, parts: number): Level {
  const mass = new Float64Array(parts);
  const nodesOf: number[][] = Array.from({ length: parts }, () => []);
  for (let node = 0; node < level.size; node++) {
    mass[part[node]!]! += level.mass[node]!;
    nodesOf[part[node]!]!.push(node);
  }
  const offsets = new Uint32Array(parts + 1);
  const targets = new Uint32Array(level.targets.length);
  const weights = new Float32Array(level.targets.length);
  const place = new Int32Array(parts).fill(-1);
  let end = 0;
  for (const [from, nodes] of nodesOf.entries()) {
    const start = end;
    for (const node of nodes) {
      for (let e = level.offsets[node]!; e < level.offsets[node + 1]!; e++) {
        const to = part[level.targets[e]!]!;
        if (to === from) continue;
        if (place[to]! < start) {
          place[to] = end;
          targets[end++] = to;
        }
        weights[place[to]!]! += level.weights[e]!;
      }
    }
    offsets[from + 1] = end;
  }
  return {
    size: parts,
    offsets,
    targets: targets.slice(0, end),
    weights: weights.slice(0, end),
    mass,
  };
}

/** The same partition, numbered from 0 in the order of first members. */
function numbered(partition: Uint32Array): Uint32Array {
  const numbers = new Map<number, number>();
  return partition.map((community) => {
    const known = numbers.get(community);
    if (known !== undefined) return known;
    numbers.set(community, numbers.size);
    return numbers.size - 1;
  });
}

function count(partition: Uint32Array): number {
  return partition.reduce((most, community) => Math.max(most, community), -1) + 1;
}

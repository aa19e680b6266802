import { pairSimilarities } from './distances.ts';

/** How well embeddings tell people apart. */
export interface Separation {
  /** Share of pairs of one person that are accepted where 1 of 1,000 pairs of two people is. */
  readonly accepted: number;
  /**
   * BCubed F (Bagga and Baldwin 1998) of average linkage at the threshold that is best for these
   * very faces: free of any setting.
   */
  readonly grouped: number;
  /** Pairs of one person that were looked at. */
  readonly samePairs: number;
  /** Cosine similarity that 1 of 1,000 pairs of two people is above. */
  readonly limit: number;
  /**
   * How far pairs of one person lie above the limit on average, in standard deviations of pairs of two
   * people: tells heads apart where all pairs are accepted by both.
   */
  readonly clearance: number;
}

const falseAccepts = 0.001;

/**
 * @param counted whether a row counts: all rows are grouped, but only pairs with such a row and only
 *   such rows are measured. All count without it.
 */
export function measureSeparation(
  embeddings: Float32Array,
  dimensions: number,
  identities: ArrayLike<number>,
  counted: (row: number) => boolean = () => true,
): Separation {
  const similarities = pairSimilarities(embeddings, dimensions);
  return {
    ...verify(similarities, identities, counted),
    grouped: bestGrouping(similarities, identities, counted),
  };
}

/** Verification alone. */
export function measureVerification(
  embeddings: Float32Array,
  dimensions: number,
  identities: ArrayLike<number>,
): Omit<Separation, 'grouped'> {
  return verify(pairSimilarities(embeddings, dimensions), identities, () => true);
}

function verify(
  similarities: Float32Array,
  identities: ArrayLike<number>,
  counted: (row: number) => boolean,
): Omit<Separation, 'grouped'> {
  const count = identities.length;
  const counts = Uint8Array.from({ length: count }, (_, row) => (counted(row) ? 1 : 0));
  const same: number[] = [];
  let different = new Float32Array((count * (count - 1)) / 2);
  let size = 0;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      if (counts[i] === 0 && counts[j] === 0) continue;
      const similarity = similarities[i * count + j]!;
      if (identities[i] === identities[j]) same.push(similarity);
      else different[size++] = similarity;
    }
  }
  different = different.subarray(0, size);
  const limit = greatest(different, Math.floor(size * falseAccepts)) ?? -1;
  const accepted = same.filter((similarity) => similarity > limit).length / (same.length || 1);
  const clearance = (mean(same) - limit) / (deviation(different) || 1);
  return { accepted, samePairs: same.length, limit, clearance };
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at]!;
  return sum / (values.length || 1);
}

function deviation(values: Float32Array): number {
  const middle = mean(values);
  let square = 0;
  for (const value of values) square += (value - middle) ** 2;
  return Math.sqrt(square / (values.length || 1));
}

/** Ranges that similarities are counted in before the few greatest are sorted. */
const ranges = 4096;

/** The value with `rank` greater ones, of values from −1 to 1. */
function greatest(values: Float32Array, rank: number): number | undefined {
  const rangeOf = (value: number) => Math.min(ranges - 1, Math.floor(((value + 1) / 2) * ranges));
  const counts = new Uint32Array(ranges);
  for (const value of values) counts[rangeOf(value)]!++;
  let range = ranges - 1;
  for (let above = 0; range > 0 && above + counts[range]! <= rank; range--) above += counts[range]!;
  return values
    .filter((value) => rangeOf(value) >= range)
    .sort()
    .at(-1 - rank);
}

/** BCubed F after each merge, on the way from single faces to one group; the greatest. */
function bestGrouping(
  similarities: Float32Array,
  identities: ArrayLike<number>,
  counted: (row: number) => boolean,
): number {
  const count = identities.length;
  const totals = new Map<number, number>();
  const groups = Array.from(identities, (identity, row) => {
    totals.set(identity, (totals.get(identity) ?? 0) + 1);
    return { size: 1, people: new Map([[identity, { all: 1, counted: counted(row) ? 1 : 0 }]]) };
  });
  const parent = Array.from(identities, (_, row) => row);
  const root = (row: number): number => {
    while (parent[row] !== row) row = parent[row]!;
    return row;
  };
  let rows = 0;
  let precision = 0;
  let recall = 0;
  const weigh = (group: number, sign: number) => {
    const { size, people } = groups[group]!;
    for (const [identity, there] of people) {
      precision += (sign * there.counted * there.all) / size;
      recall += (sign * there.counted * there.all) / totals.get(identity)!;
    }
  };
  for (let row = 0; row < count; row++) {
    weigh(row, 1);
    if (counted(row)) rows++;
  }
  if (rows === 0) return 0;
  const f = () => (2 * precision * recall) / (precision + recall) / rows;
  let best = f();
  const merges = dendrogram(Float64Array.from(similarities), count);
  for (const { a, b } of merges.sort((x, y) => y.similarity - x.similarity)) {
    const into = root(a);
    const from = root(b);
    weigh(into, -1);
    weigh(from, -1);
    const { size, people } = groups[into]!;
    for (const [identity, there] of groups[from]!.people) {
      const known = people.get(identity) ?? { all: 0, counted: 0 };
      people.set(identity, {
        all: known.all + there.all,
        counted: known.counted + there.counted,
      });
    }
    groups[into] = { size: size + groups[from]!.size, people };
    parent[from] = into;
    weigh(into, 1);
    best = Math.max(best, f());
  }
  return best;
}

/** Average linkage by chains of nearest neighbours (Murtagh 1983); merges in no order. */
function dendrogram(similarity: Float64Array, count: number) {
  const sizes = new Array<number>(count).fill(1);
  const open = new Set(Array.from({ length: count }, (_, row) => row));
  const merges: { a: number; b: number; similarity: number }[] = [];
  const chain: number[] = [];
  while (open.size > 1) {
    if (chain.length === 0) chain.push(open.values().next().value!);
    const tip = chain.at(-1)!;
    const before = chain.at(-2);
    // On equal similarity the one before it, or the chain would go round.
    let next = before ?? -1;
    let most = before === undefined ? -Infinity : similarity[tip * count + before]!;
    for (const other of open) {
      if (other !== tip && similarity[tip * count + other]! > most) {
        most = similarity[tip * count + other]!;
        next = other;
      }
    }
    if (next !== before) {
      chain.push(next);
      continue;
    }
    chain.length -= 2;
    merges.push({ a: tip, b: next, similarity: most });
    open.delete(tip);
    for (const other of open) {
      if (other === next) continue;
      const sum =
        similarity[tip * count + other]! * sizes[tip]! +
        similarity[next * count + other]! * sizes[next]!;
      const mean = sum / (sizes[tip]! + sizes[next]!);
      similarity[next * count + other] = mean;
      similarity[other * count + next] = mean;
    }
    sizes[next]! += sizes[tip]!;
  }
  return merges;
}

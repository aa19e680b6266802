/** Unit vectors of faces whose persons are known. */
export interface KnownEmbeddings {
  readonly embeddings: Float32Array;
  readonly dimensions: number;
  readonly persons: readonly string[];
  /** 0 to 1. */
  readonly qualities: readonly number[];
}

/** Persons need so many faces for figures about what differs within a person. */
export const leastFaces = 4;

const shares = [0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95];

/** Root mean square of each axis, falling, of those above `least`, scaled so that their squares sum to 1. */
export function axesOf({ embeddings, dimensions }: KnownEmbeddings, least: number): number[] {
  const squares = new Float64Array(dimensions);
  for (const [at, value] of embeddings.entries()) squares[at % dimensions]! += value * value;
  const count = embeddings.length / dimensions;
  const axes = [...squares]
    .map((square) => Math.sqrt(square / count))
    .filter((axis) => axis > least)
    .sort((a, b) => b - a);
  const length = Math.hypot(...axes);
  return axes.map((axis) => axis / length);
}

/**
 * The axes raised to one power so that random directions over them have cosine similarities with
 * this standard deviation: real axes go together, so that there are fewer in effect than are seen.
 */
export function sharpened(axes: readonly number[], wantedDeviation: number): number[] {
  const raised = (power: number) => {
    const values = axes.map((axis) => axis ** power);
    const length = Math.hypot(...values);
    return values.map((value) => value / length);
  };
  let [low, high] = [0, 20];
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (Math.sqrt(raised(middle).reduce((sum, a) => sum + a ** 4, 0)) < wantedDeviation)
      low = middle;
    else high = middle;
  }
  return raised(low);
}

/**
 * Cosine similarity of the directions of each two persons, freed of what faces stray: the mean
 * similarity of faces across, over the geometric mean of those within both.
 */
export function directionSimilarities(
  known: KnownEmbeddings,
  wanted: (personA: string, personB: string) => boolean,
): number[] {
  const persons = personsOf(known).filter(({ within }) => within > 0.2);
  return persons.flatMap((a, at) =>
    persons.slice(0, at).flatMap((b) => {
      if (!wanted(a.person, b.person)) return [];
      const across = dot(a.sum, b.sum) / (a.rows.length * b.rows.length);
      return [across / Math.sqrt(a.within * b.within)];
    }),
  );
}

/** How alike faces of one person are. */
export interface WithinFigures {
  /** Quantiles of the similarity of two faces of one person, each person counting alike. */
  readonly pairs: readonly number[];
  /** Quantiles of a face's similarity to the nearest of the same person. */
  readonly nearest: readonly number[];
  /** Rise of the logarithm of a face's mean similarity to the others, from quality 0 to 1. */
  readonly qualitySlope: number;
}

export function withinFigures(known: KnownEmbeddings): WithinFigures {
  const { embeddings, dimensions, qualities } = known;
  const row = (at: number) => embeddings.subarray(at * dimensions, (at + 1) * dimensions);
  const pairs: { value: number; weight: number }[] = [];
  const nearest: { value: number; weight: number }[] = [];
  let [together, square] = [0, 0];
  for (const { rows } of personsOf(known)) {
    const means: number[] = [];
    for (const a of rows) {
      let [best, sum] = [-1, 0];
      for (const b of rows) {
        if (a === b) continue;
        const value = dot(row(a), row(b));
        pairs.push({ value, weight: 1 / (rows.length * (rows.length - 1)) });
        best = Math.max(best, value);
        sum += value;
      }
      nearest.push({ value: best, weight: 1 / rows.length });
      means.push(Math.log(Math.max(0.05, sum / (rows.length - 1))));
    }
    const middle = mean(means);
    const middleQuality = mean(rows.map((at) => qualities[at]!));
    for (const [i, at] of rows.entries()) {
      const quality = qualities[at]! - middleQuality;
      together += quality * (means[i]! - middle);
      square += quality * quality;
    }
  }
  return {
    pairs: quantiles(pairs),
    nearest: quantiles(nearest),
    qualitySlope: together / (square || 1),
  };
}

/**
 * The exponent of a power law that gives these counts, from 1 to the largest seen, most probably
 * (Clauset, Shalizi and Newman 2009).
 */
export function powerLawExponent(counts: readonly number[]): number {
  const largest = Math.max(...counts);
  const logarithms = counts.reduce((sum, count) => sum + Math.log(count), 0);
  const likelihood = (exponent: number) => {
    let total = 0;
    for (let n = 1; n <= largest; n++) total += n ** -exponent;
    return -exponent * logarithms - counts.length * Math.log(total);
  };
  let best = 0.5;
  for (let exponent = 0.5; exponent < 4; exponent += 0.01) {
    if (likelihood(exponent) > likelihood(best)) best = exponent;
  }
  return best;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

interface PersonFaces {
  readonly person: string;
  readonly rows: readonly number[];
  readonly sum: Float64Array;
  /** Mean similarity of two different faces. */
  readonly within: number;
}

function personsOf({ embeddings, dimensions, persons }: KnownEmbeddings): PersonFaces[] {
  return [...Map.groupBy(persons.keys(), (row) => persons[row]!)]
    .filter(([, rows]) => rows.length >= leastFaces)
    .map(([person, rows]) => {
      const sum = new Float64Array(dimensions);
      for (const row of rows) {
        for (let i = 0; i < dimensions; i++) sum[i]! += embeddings[row * dimensions + i]!;
      }
      const count = rows.length;
      return { person, rows, sum, within: (dot(sum, sum) - count) / (count * (count - 1)) };
    });
}

function quantiles(values: { readonly value: number; readonly weight: number }[]): number[] {
  values.sort((a, b) => a.value - b.value);
  const total = values.reduce((sum, { weight }) => sum + weight, 0);
  let [at, below] = [0, 0];
  return shares.map((share) => {
    while (below + values[at]!.weight < share * total) below += values[at++]!.weight;
    return values[at]!.value;
  });
}

function dot(a: Float32Array | Float64Array, b: Float32Array | Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

import type { Evaluation } from './evaluation.ts';
import { leiden } from './leiden.ts';
import { heaviestEdges, similarityGraph } from './neighbour-graph.ts';
import { twoPassClustering } from './two-pass.ts';

/** One way to run an algorithm. */
export interface BaselineSetting {
  readonly text: string;
  /** As its authors use it, with embeddings of their own. */
  readonly published: boolean;
  readonly run: () => ArrayLike<number>;
}

export interface Baseline {
  readonly name: string;
  readonly settings: readonly BaselineSetting[];
  /** What every run needs first, for instance the similarities of all pairs. */
  readonly preparationSeconds: number;
}

/** Cosine similarities that are tried out: 0.25, 0.275, … 0.9. */
const sweep = Array.from({ length: 27 }, (_, step) => (10 + step) / 40);
const lowest = sweep[0]!;

/** Resolutions of modularity that are tried out: 1, the published one, doubled again and again. */
const resolutions = Array.from({ length: 13 }, (_, step) => 2 ** step);

/** Neighbours in the graph that modularity is looked at: as many as Kith looks up. */
const neighbours = 48;

/** The first pass of two is so much more cautious than the second, whose thresholds these are. */
const cautions = [0.05, 0.1, 0.2];
const secondPasses = sweep.filter((cosine) => cosine >= 0.35 && cosine <= 0.7);

/** Rows of `embeddings` are unit vectors. Without `evaluation` only what is written here. */
export function* baselinesFor(
  embeddings: Float32Array,
  dimensions: number,
  evaluation: Evaluation | undefined,
): Generator<Baseline> {
  if (evaluation) yield* evaluated(embeddings, dimensions, evaluation);
  const started = performance.now();
  const graph = similarityGraph(embeddings, dimensions, lowest);
  const nearest = heaviestEdges(graph, neighbours);
  const preparationSeconds = (performance.now() - started) / 1000;
  yield {
    name: `Leiden, modularity, ${neighbours} neighbours`,
    preparationSeconds,
    settings: resolutions.map((resolution) => ({
      text: `resolution ${resolution}`,
      published: resolution === 1,
      run: () => leiden(nearest, { quality: 'modularity', resolution }),
    })),
  };
  yield {
    name: 'Leiden, constant Potts',
    preparationSeconds,
    settings: sweep.map((resolution) => ({
      text: `resolution ${resolution}`,
      published: false,
      run: () => leiden(graph, { quality: 'constant-potts', resolution }),
    })),
  };
  yield {
    name: 'two passes (Apple)',
    preparationSeconds,
    settings: cautions.flatMap((caution) =>
      secondPasses.map((secondSimilarity) => ({
        text: `${Number((secondSimilarity + caution).toFixed(3))}, then ${secondSimilarity}`,
        published: false,
        run: () =>
          twoPassClustering(graph, embeddings, dimensions, {
            firstSimilarity: secondSimilarity + caution,
            secondSimilarity,
          }),
      })),
    ),
  };
}

function* evaluated(
  embeddings: Float32Array,
  dimensions: number,
  evaluation: Evaluation,
): Generator<Baseline> {
  const size = embeddings.length / dimensions;
  const started = performance.now();
  const graph = evaluation.similarityGraph(embeddings, size, dimensions, lowest - 1e-6);
  const preparationSeconds = (performance.now() - started) / 1000;
  const algorithms = [
    // Each with its published threshold as a cosine similarity, and its name for a threshold.
    ['Ente, linear', evaluation.enteLinear, 0.76, similarity],
    ['Immich, incremental', evaluation.immichIncremental, 0.5, distance],
    ['PhotoPrism, DBSCAN', evaluation.photoprismDbscan, 1 - 0.64 ** 2 / 2, euclidean],
    ['Chinese whispers', evaluation.chineseWhispers, 1 - 0.6 ** 2 / 2, similarity],
    ['single link', evaluation.singleLink, undefined, similarity],
  ] as const;
  for (const [name, run, published, options] of algorithms) {
    const at = (cosine: number, isPublished: boolean) => ({
      text: String(Number(cosine.toFixed(4))),
      published: isPublished,
      run: () => run(embeddings, size, dimensions, { ...options(cosine), graph }),
    });
    yield {
      name,
      preparationSeconds,
      settings: [
        ...(published === undefined ? [] : [at(published, true)]),
        ...sweep.map((cosine) => at(cosine, false)),
      ],
    };
  }
  if (size > evaluation.largestLinkage) return;
  const begun = performance.now();
  const tree = evaluation.averageLinkageTree(embeddings, size, dimensions, {
    minSimilarity: lowest,
  });
  yield {
    name: 'average linkage',
    preparationSeconds: (performance.now() - begun) / 1000,
    settings: sweep.map((cosine) => ({
      text: String(cosine),
      published: false,
      run: () => evaluation.cutTree(tree, cosine),
    })),
  };
}

const similarity = (cosine: number) => ({ minSimilarity: cosine });
const distance = (cosine: number) => ({ maxDistance: 1 - cosine });
const euclidean = (cosine: number) => ({ eps: Math.sqrt(2 - 2 * cosine) });

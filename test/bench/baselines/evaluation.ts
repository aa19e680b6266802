import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Other products' algorithms and the labelling effort, from a folder that lies outside this project
 * and is named when they are wanted: baselines.mjs, metrics.mjs and similarity.mjs.
 */
export interface Evaluation {
  readonly similarityGraph: (
    embeddings: Float32Array,
    size: number,
    dimensions: number,
    minSimilarity: number,
  ) => SimilarityGraph;
  readonly enteLinear: Algorithm;
  readonly immichIncremental: Algorithm;
  readonly photoprismDbscan: Algorithm;
  readonly chineseWhispers: Algorithm;
  readonly singleLink: Algorithm;
  readonly averageLinkageTree: (
    embeddings: Float32Array,
    size: number,
    dimensions: number,
    options: { readonly minSimilarity: number },
  ) => LinkageTree;
  readonly cutTree: (tree: LinkageTree, minSimilarity: number) => Int32Array;
  readonly largestLinkage: number;
  readonly labellingEffort: (
    truth: readonly string[],
    predicted: ArrayLike<string | number>,
  ) => {
    readonly actions: number;
    readonly dismissed: number;
    readonly actionsPer100Faces: number;
  };
}

declare const graphBrand: unique symbol;
declare const treeBrand: unique symbol;
interface SimilarityGraph {
  readonly [graphBrand]: never;
}
interface LinkageTree {
  readonly [treeBrand]: never;
}

type Algorithm = (
  embeddings: Float32Array,
  size: number,
  dimensions: number,
  options: Readonly<Record<string, unknown>> & { readonly graph: SimilarityGraph },
) => Int32Array;

/** @throws Error when a file is missing. */
export async function loadEvaluation(folder: string): Promise<Evaluation> {
  const load = async (name: string) =>
    (await import(pathToFileURL(join(resolve(folder), name)).href)) as Record<string, unknown>;
  const [baselines, metrics, similarity] = await Promise.all(
    ['baselines.mjs', 'metrics.mjs', 'similarity.mjs'].map(load),
  );
  const all = {
    ...baselines,
    ...metrics,
    ...similarity,
    largestLinkage: baselines!['MAX_LINKAGE_FACES'],
  };
  return all as unknown as Evaluation;
}

export interface PrecisionRecall {
  readonly precision: number;
  readonly recall: number;
  readonly f: number;
}

/** How well a clustering agrees with the identities; every figure 0 to 1. */
export interface ClusterMeasures {
  readonly pairwise: PrecisionRecall;
  /** Bagga and Baldwin 1998; Amigó et al. 2009. */
  readonly bcubed: PrecisionRecall;
  /** Mutual information over the mean of both entropies (Strehl and Ghosh 2002). */
  readonly normalizedMutualInformation: number;
  readonly groups: number;
}

/** @throws RangeError when there are no faces or not as many identities. */
export function clusterMeasures(
  clusters: ArrayLike<string | number>,
  identities: ArrayLike<string | number>,
): ClusterMeasures {
  const count = clusters.length;
  if (count === 0 || identities.length !== count) {
    throw new RangeError(`${count} faces in groups, ${identities.length} with an identity`);
  }
  const sizeOfCluster = countBy(Array.from(clusters));
  const sizeOfIdentity = countBy(Array.from(identities));
  const both = countBy(Array.from(clusters, (cluster, row) => `${cluster}\n${identities[row]}`));
  const sizeOfBoth = Array.from(clusters, (cluster, row) =>
    both.get(`${cluster}\n${identities[row]}`)!,
  );

  const pairs = (sizes: ReadonlyMap<unknown, number>) =>
    sum(sizes.values(), (size) => (size * (size - 1)) / 2);
  const together = pairs(both);
  let [precision, recall, information] = [0, 0, 0];
  for (const [row, shared] of sizeOfBoth.entries()) {
    const inCluster = sizeOfCluster.get(clusters[row]!)!;
    const ofIdentity = sizeOfIdentity.get(identities[row]!)!;
    precision += shared / inCluster / count;
    recall += shared / ofIdentity / count;
    information += Math.log((count * shared) / (inCluster * ofIdentity)) / count;
  }
  const entropy = (sizes: ReadonlyMap<unknown, number>) =>
    -sum(sizes.values(), (size) => (size / count) * Math.log(size / count));
  const entropies = entropy(sizeOfCluster) + entropy(sizeOfIdentity);
  return {
    pairwise: withF(
      together / (pairs(sizeOfCluster) || 1),
      together / (pairs(sizeOfIdentity) || 1),
    ),
    bcubed: withF(precision, recall),
    // Two clusterings without information, both one single group, agree.
    normalizedMutualInformation: entropies === 0 ? 1 : Math.max(0, (2 * information) / entropies),
    groups: sizeOfCluster.size,
  };
}

function withF(precision: number, recall: number): PrecisionRecall {
  const both = precision + recall;
  return { precision, recall, f: both === 0 ? 0 : (2 * precision * recall) / both };
}

function countBy<T>(values: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function sum(values: Iterable<number>, of: (value: number) => number): number {
  let total = 0;
  for (const value of values) total += of(value);
  return total;
}

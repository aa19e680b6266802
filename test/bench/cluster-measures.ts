/**
 * Pairwise and BCubed (Bagga and Baldwin 1998; Amigó et al. 2009) precision, recall and F of a
 * clustering, 0 to 1.
 */
export function clusterMeasures(clusters: readonly string[], identities: readonly string[]) {
  const pairs = (count: number) => (count * (count - 1)) / 2;
  const sizeOfCluster = countBy(clusters);
  const sizeOfIdentity = countBy(identities);
  const sizeOfBoth = countBy(clusters.map((cluster, row) => `${cluster}\n${identities[row]}`));
  const sum = (sizes: Map<string, number>) =>
    [...sizes.values()].reduce((total, size) => total + pairs(size), 0);
  const together = sum(sizeOfBoth);
  const pairPrecision = together / (sum(sizeOfCluster) || 1);
  const pairRecall = together / (sum(sizeOfIdentity) || 1);
  let precision = 0;
  let recall = 0;
  for (const [row, cluster] of clusters.entries()) {
    const both = sizeOfBoth.get(`${cluster}\n${identities[row]}`)!;
    precision += both / sizeOfCluster.get(cluster)! / clusters.length;
    recall += both / sizeOfIdentity.get(identities[row]!)! / clusters.length;
  }
  const f = (a: number, b: number) => (a + b === 0 ? 0 : (2 * a * b) / (a + b));
  return {
    'pair precision': pairPrecision,
    'pair recall': pairRecall,
    'pair F': f(pairPrecision, pairRecall),
    'BCubed precision': precision,
    'BCubed recall': recall,
    'BCubed F': f(precision, recall),
  };
}

function countBy(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

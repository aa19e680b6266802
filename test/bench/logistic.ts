/**
 * Weights of a logistic regression by Newton's method, with a ridge of `penalty` on all but the
 * first weight (the bias, whose sign is 1 in every row).
 */
export function fitLogistic(
  rows: readonly (readonly number[])[],
  outcomes: readonly boolean[],
  penalty = 1,
): number[] {
  const size = rows[0]?.length ?? 0;
  let weights = new Array<number>(size).fill(0);
  for (let step = 0; step < 30; step += 1) {
    const gradient = weights.map((weight, i) => (i === 0 ? 0 : -penalty * weight));
    const curvature = weights.map((_, i) =>
      weights.map((__, j) => (i === j ? (i === 0 ? 1e-9 : penalty) : 0)),
    );
    rows.forEach((row, index) => {
      const value = row.reduce((sum, sign, i) => sum + sign * weights[i]!, 0);
      const probability = 1 / (1 + Math.exp(-value));
      const error = (outcomes[index] ? 1 : 0) - probability;
      const spread = probability * (1 - probability);
      for (let i = 0; i < size; i += 1) {
        gradient[i]! += error * row[i]!;
        for (let j = 0; j < size; j += 1) curvature[i]![j]! += spread * row[i]! * row[j]!;
      }
    });
    const change = solve(curvature, gradient);
    weights = weights.map((weight, i) => weight + change[i]!);
    if (Math.max(...change.map(Math.abs)) < 1e-9) break;
  }
  return weights;
}

/** x of matrix · x = right, by elimination; the matrix is positive definite. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const work = matrix.map((row, i) => [...row, right[i]!]);
  const size = work.length;
  for (let pivot = 0; pivot < size; pivot += 1) {
    const lead = work[pivot]!;
    for (let i = 0; i < size; i += 1) {
      if (i === pivot) continue;
      const factor = work[i]![pivot]! / lead[pivot]!;
      for (let j = pivot; j <= size; j += 1) work[i]![j]! -= factor * lead[j]!;
    }
  }
  return work.map((row, i) => row[size]! / row[i]!);
}

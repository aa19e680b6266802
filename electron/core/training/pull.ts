/**
 * What holds the head near the one it started from: trace(change · form · changeᵀ), with `form`
 * width × width, symmetric, or its diagonal alone when the rest is zero.
 *
 * @returns the pull's cost; its slope is added to `slope`, as large as `change`.
 */
export function addPull(
  change: Float32Array,
  width: number,
  form: Float32Array,
  slope: Float32Array,
): number {
  let cost = 0;
  if (form.length === width) {
    for (let at = 0; at < change.length; at++) {
      const pulled = form[at % width]! * change[at]!;
      cost += change[at]! * pulled;
      slope[at]! += 2 * pulled;
    }
    return cost;
  }
  for (let at = 0; at < change.length; at += width) {
    for (let i = 0; i < width; i++) {
      let sum = 0;
      for (let j = 0; j < width; j++) sum += form[i * width + j]! * change[at + j]!;
      cost += change[at + i]! * sum;
      slope[at + i]! += 2 * sum;
    }
  }
  return cost;
}

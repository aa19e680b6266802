/**
 * Points of a line chart, for SVG's `points`: values from left to right, the greatest at the top.
 *
 * @param greatest value that reaches the top; what lies above is cut.
 */
export function linePoints(
  values: readonly number[],
  greatest: number,
  width: number,
  height: number,
): string {
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  return values
    .map((value, at) => {
      const share = Math.min(1, Math.max(0, value / (greatest || 1)));
      return `${(at * step).toFixed(1)},${((1 - share) * height).toFixed(1)}`;
    })
    .join(' ');
}

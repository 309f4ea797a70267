/**
 * Quantile by linear interpolation between order statistics (type 7 of Hyndman & Fan 1996, the default of R and numpy).
 *
 * @param sorted ascending, without NaN
 * @param share 0 to 1
 * @returns NaN without values
 */
export function quantileSorted(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return NaN
  const position = (sorted.length - 1) * share
  const below = Math.floor(position)
  const low = sorted[below]!
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!
  return low + (high - low) * (position - below)
}

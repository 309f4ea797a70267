/**
 * Quantiles of values that are counted: what `quantileSorted` gives when every value stands there as often as it was counted (type 7 of
 * Hyndman & Fan 1996).
 *
 * @param values shape (n), ascending, distinct
 * @param counts shape (n), none 0
 * @param shares each 0 to 1, ascending
 * @returns one a share; NaN without values
 */
export function quantilesOfCounts(
  values: Float64Array,
  counts: Int32Array,
  shares: readonly number[],
): readonly number[] {
  let total = 0
  for (let i = 0; i < counts.length; i++) total += counts[i]!
  let index = 0
  let before = 0
  /** Value at a rank from 0, at or after the last one asked for. */
  const at = (rank: number): number => {
    while (index < values.length - 1 && before + counts[index]! <= rank) before += counts[index++]!
    return values[index]!
  }
  return shares.map((share) => {
    if (total === 0) return NaN
    const position = (total - 1) * share
    const below = Math.floor(position)
    const low = at(below)
    // The next rank has the same value unless this one is the last of its value.
    const isLast = before + counts[index]! === below + 1
    const high = isLast && index < values.length - 1 ? values[index + 1]! : low
    return low + (high - low) * (position - below)
  })
}

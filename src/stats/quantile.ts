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

/** The middle value, or the mean of the two in the middle. @returns NaN without values */
export function median(values: readonly number[]): number {
  return quantileSorted(Float64Array.from(values).sort(), 0.5)
}

/**
 * The same quantile without sorting: the values are parted around the order statistics (quickselect, Hoare 1961), which takes a time
 * proportional to their number.
 *
 * @param values without NaN; their order changes
 * @param share 0 to 1
 * @returns NaN without values
 */
export function selectQuantile(values: Float64Array, share: number): number {
  if (values.length === 0) return NaN
  const position = (values.length - 1) * share
  const below = Math.floor(position)
  partAround(values, below)
  const low = values[below]!
  if (below === values.length - 1) return low
  let high = Infinity
  for (let at = below + 1; at < values.length; at++) if (values[at]! < high) high = values[at]!
  return low + (high - low) * (position - below)
}

/** Puts the value of that rank into its place, nothing larger before it and nothing smaller behind it. */
function partAround(values: Float64Array, rank: number): void {
  let from = 0
  let to = values.length - 1
  while (from < to) {
    const pivot = medianOfThree(values[from]!, values[(from + to) >> 1]!, values[to]!)
    let left = from
    let right = to
    while (left <= right) {
      while (values[left]! < pivot) left++
      while (values[right]! > pivot) right--
      if (left > right) break
      const moved = values[left]!
      values[left++] = values[right]!
      values[right--] = moved
    }
    if (rank <= right) to = right
    else if (rank >= left) from = left
    else return
  }
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
}

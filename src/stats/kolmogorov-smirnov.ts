/**
 * Largest difference of the shares of two samples up to a value (Smirnov's D of two samples, 1939): 0 for the same distribution, 1 where one
 * sample lies below the other.
 *
 * @param a values; NaN is none. Both are sorted in place.
 * @returns null where one of the two has no values
 */
export function kolmogorovSmirnov(a: Float64Array, b: Float64Array): number | null {
  const [sizeA, sizeB] = [sortValues(a), sortValues(b)]
  if (sizeA === 0 || sizeB === 0) return null
  let [upToA, upToB, largest] = [0, 0, 0]
  // Behind the last value of one sample its share is 1, and the other's only comes nearer.
  while (upToA < sizeA && upToB < sizeB) {
    const value = Math.min(a[upToA]!, b[upToB]!)
    while (upToA < sizeA && a[upToA]! <= value) upToA++
    while (upToB < sizeB && b[upToB]! <= value) upToB++
    largest = Math.max(largest, Math.abs(upToA / sizeA - upToB / sizeB))
  }
  return largest
}

/** @returns how many values there are: NaN comes last */
function sortValues(values: Float64Array): number {
  values.sort()
  let count = values.length
  while (count > 0 && Number.isNaN(values[count - 1]!)) count--
  return count
}

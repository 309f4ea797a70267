/**
 * Squared Euclidean distance of two rows of row-major matrices, summed in column order.
 *
 * @param aStart index of the first value of the row in `a`
 * @param bStart index of the first value of the row in `b`
 */
export function squaredDistance(
  a: Float64Array,
  aStart: number,
  b: Float64Array,
  bStart: number,
  dimensions: number,
): number {
  let sum = 0
  for (let j = 0; j < dimensions; j++) {
    const difference = a[aStart + j]! - b[bStart + j]!
    sum += difference * difference
  }
  return sum
}

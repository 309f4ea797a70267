/**
 * How far sizes have shifted: half the sum of the differences of shares, the total variation distance. It is the least share of customers who
 * would have to be elsewhere for the sizes to be as before.
 *
 * @param before customers of each segment, in any order; at least one customer
 * @param now of the same segments in the same order
 * @returns 0 for equal shares, 1 where no segment has customers in both
 */
export function sizesShift(before: readonly number[], now: readonly number[]): number {
  const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0)
  const [totalBefore, totalNow] = [sum(before), sum(now)]
  return before.reduce((shift, size, i) => shift + Math.abs(now[i]! / totalNow - size / totalBefore) / 2, 0)
}

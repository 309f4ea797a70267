/** Far more than there are people. */
const MOST = 2 ** 40

/**
 * Smallest whole number for which something holds that then holds of all larger ones; Infinity where it never does.
 *
 * @param from where to begin
 */
export function smallestWhole(holds: (value: number) => boolean, from: number): number {
  if (holds(from)) return from
  let low = from
  let high = from * 2
  while (!holds(high)) {
    low = high
    high *= 2
    if (high > MOST) return Infinity
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) high = middle
    else low = middle
  }
  return high
}

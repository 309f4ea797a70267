/**
 * Holm's step-down adjustment (Holm 1979): keeps the chance of any false alarm at the level that the adjusted values are compared with.
 *
 * @returns in the order given
 */
export function adjustByHolm(ps: readonly number[]): readonly number[] {
  const order = ascending(ps)
  const adjusted = new Array<number>(ps.length)
  let largest = 0
  order.forEach((at, rank) => {
    largest = Math.max(largest, Math.min(1, ps[at]! * (ps.length - rank)))
    adjusted[at] = largest
  })
  return adjusted
}

/**
 * Benjamini and Hochberg's step-up adjustment (1995): keeps the expected share of false alarms among the alarms.
 *
 * @returns in the order given
 */
export function adjustByBenjaminiHochberg(ps: readonly number[]): readonly number[] {
  const order = ascending(ps)
  const adjusted = new Array<number>(ps.length)
  let smallest = 1
  for (let rank = order.length - 1; rank >= 0; rank--) {
    const at = order[rank]!
    smallest = Math.min(smallest, (ps[at]! * ps.length) / (rank + 1))
    adjusted[at] = smallest
  }
  return adjusted
}

function ascending(ps: readonly number[]): readonly number[] {
  return ps.map((_, at) => at).sort((a, b) => ps[a]! - ps[b]! || a - b)
}

const HALVINGS = 200

/**
 * Where an increasing function crosses 0: bisection, until no number lies between.
 *
 * @param from where it is below 0, or the answer
 * @param to where it is above 0, or the answer
 */
export function solveIncreasing(valueAt: (at: number) => number, from: number, to: number): number {
  let low = from
  let high = to
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = low + (high - low) / 2
    if (middle <= low || middle >= high) break
    if (valueAt(middle) < 0) low = middle
    else high = middle
  }
  return low + (high - low) / 2
}

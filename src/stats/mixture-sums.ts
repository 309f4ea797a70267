import type { Mixture } from './mixture.ts'

/** Weighted sums of rows by component: of 1, of the differences to an origin, and of their squares. */
export class MixtureSums {
  readonly counts: Float64Array
  readonly first: Float64Array
  readonly second: Float64Array
  readonly origins: Float64Array
  private readonly dimensions: number

  constructor(componentCount: number, dimensions: number) {
    this.dimensions = dimensions
    this.counts = new Float64Array(componentCount)
    this.first = new Float64Array(componentCount * dimensions)
    this.second = new Float64Array(componentCount * dimensions)
    this.origins = new Float64Array(componentCount * dimensions)
  }

  /** @param origins near the means, so that squares do not cancel */
  begin(origins: Float64Array): void {
    this.origins.set(origins)
    this.counts.fill(0)
    this.first.fill(0)
    this.second.fill(0)
  }

  add(component: number, share: number, values: Float64Array, at: number): void {
    const { dimensions, first, second, origins } = this
    this.counts[component]! += share
    for (let j = 0, to = component * dimensions; j < dimensions; j++, to++) {
      const difference = values[at + j]! - origins[to]!
      const shared = share * difference
      first[to]! += shared
      second[to]! += shared * difference
    }
  }

  /**
   * Adds rows to one component: dimension by dimension, so that its sums stay in registers, and two rows side by side.
   *
   * @param from first of the rows in `starts` and `shares`
   * @param starts indexes of the rows' first values
   */
  addRows(
    component: number,
    from: number,
    to: number,
    starts: Int32Array,
    shares: Float64Array,
    values: Float64Array,
  ): void {
    const { dimensions, first, second, origins } = this
    let count = 0
    for (let i = from; i < to; i++) count += shares[i]!
    this.counts[component]! += count
    const pairEnd = to - ((to - from) % 2)
    for (let j = 0, at = component * dimensions; j < dimensions; j++, at++) {
      const origin = origins[at]!
      let [first0, first1, second0, second1] = [0, 0, 0, 0]
      let i = from
      for (; i < pairEnd; i += 2) {
        const difference0 = values[starts[i]! + j]! - origin
        const difference1 = values[starts[i + 1]! + j]! - origin
        const shared0 = shares[i]! * difference0
        const shared1 = shares[i + 1]! * difference1
        first0 += shared0
        first1 += shared1
        second0 += shared0 * difference0
        second1 += shared1 * difference1
      }
      if (i < to) {
        const difference = values[starts[i]! + j]! - origin
        const shared = shares[i]! * difference
        first0 += shared
        second0 += shared * difference
      }
      first[at]! += first0 + first1
      second[at]! += second0 + second1
    }
  }

  mixture(floors: Float64Array, rowCount: number): Mixture {
    const { dimensions, counts, first, second, origins } = this
    const means = new Float64Array(first.length)
    const variances = new Float64Array(first.length)
    for (let to = 0; to < first.length; to++) {
      const count = counts[Math.floor(to / dimensions)]!
      const shift = first[to]! / count
      means[to] = origins[to]! + shift
      variances[to] = Math.max(second[to]! / count - shift * shift, floors[to % dimensions]!)
    }
    return { dimensions, weights: counts.map((count) => count / rowCount), means, variances }
  }
}

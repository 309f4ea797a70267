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

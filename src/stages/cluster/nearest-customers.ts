/** Features named on each side. */
const MOST_NAMED = 3

export interface NearCustomer {
  readonly customerId: string
  /** Euclidean, over the standardised features. */
  readonly distance: number
  /** Where the two are closest, the closest first. */
  readonly alike: readonly FeatureDifference[]
  /** Where they are furthest from each other, the furthest first; none of those they are alike in. */
  readonly different: readonly FeatureDifference[]
}

export interface FeatureDifference {
  readonly feature: string
  /** Distance in the feature alone; in standard deviations times its weight for a number. */
  readonly distance: number
}

interface Candidate {
  readonly customerId: string
  readonly squared: number
  readonly coordinates: Float64Array
}

/** Exact search: looks at everybody, remembers the nearest. Of equally near ones the first by id. */
export class NearestCustomers {
  private readonly target: Float64Array
  private readonly count: number
  private readonly nearest: Candidate[] = []

  /** @param target coordinates of the customer to compare with, at least one */
  constructor(target: Float64Array, count: number) {
    this.target = target
    this.count = count
  }

  /** @param values shape (ids, dimensions of the target), row-major */
  add(customerIds: readonly string[], values: Float64Array): void {
    const dimensions = this.target.length
    customerIds.forEach((customerId, row) => {
      const coordinates = values.subarray(row * dimensions, (row + 1) * dimensions)
      let squared = 0
      for (let i = 0; i < dimensions; i++) squared += (coordinates[i]! - this.target[i]!) ** 2
      this.offer({ customerId, squared, coordinates })
    })
  }

  /** @param names feature of each coordinate */
  found(names: readonly string[]): readonly NearCustomer[] {
    return this.nearest.map(({ customerId, squared, coordinates }) => ({
      customerId,
      distance: Math.sqrt(squared),
      ...this.compare(coordinates, names),
    }))
  }

  private offer(candidate: Candidate): void {
    const last = this.nearest[this.count - 1]
    if (last && !isBefore(candidate, last)) return
    const at = this.nearest.findIndex((other) => isBefore(candidate, other))
    const kept = { ...candidate, coordinates: candidate.coordinates.slice() }
    this.nearest.splice(at < 0 ? this.nearest.length : at, 0, kept)
    this.nearest.length = Math.min(this.nearest.length, this.count)
  }

  private compare(coordinates: Float64Array, names: readonly string[]): Pick<NearCustomer, 'alike' | 'different'> {
    const squares = new Map<string, number>()
    names.forEach((name, i) => squares.set(name, (squares.get(name) ?? 0) + (coordinates[i]! - this.target[i]!) ** 2))
    const differences = [...squares]
      .map(([feature, squared]) => ({ feature, distance: Math.sqrt(squared) }))
      .sort((a, b) => a.distance - b.distance || (a.feature < b.feature ? -1 : 1))
    const alike = differences.slice(0, Math.min(MOST_NAMED, Math.ceil(differences.length / 2)))
    const different = differences
      .slice(alike.length)
      .filter(({ distance }) => distance > 0)
      .reverse()
      .slice(0, MOST_NAMED)
    return { alike, different }
  }
}

function isBefore(a: Candidate, b: Candidate): boolean {
  return a.squared < b.squared || (a.squared === b.squared && a.customerId < b.customerId)
}

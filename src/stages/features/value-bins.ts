import { selectQuantile } from '../../stats/quantile.ts'

/** A share of something lies between 0 and 1. */
const SHARE_EDGES: readonly number[] = Array.from({ length: 11 }, (_, tenth) => tenth / 10)

/** How many customers had which value when a feature was fitted: what later customers are compared with. */
export interface ValueBins {
  readonly minimum: number
  /** Ascending, distinct; the last one is the largest value. Bin i holds edges[i − 1] < value ≤ edges[i]. */
  readonly edges: readonly number[]
  /** Of each bin, then of values outside of all bins, then of null. */
  readonly customers: readonly number[]
}

/** Bins of about a tenth of the customers each; values that many share make them fewer. @param values those that are there; their order changes */
export function fitBins(values: Float64Array, customerCount: number): ValueBins {
  const [smallest, largest] = extremesOf(values)
  const deciles = Array.from({ length: 9 }, (_, i) => selectQuantile(values, (i + 1) / 10))
  const edges = values.length === 0 ? [] : [...new Set([...deciles, largest])]
  const bins = { minimum: smallest, edges }
  const customers = countInBins(values, bins)
  customers[customers.length - 1] = customerCount - values.length
  return { ...bins, customers }
}

/** Without values 0 and 0. */
function extremesOf(values: Float64Array): readonly [smallest: number, largest: number] {
  let [smallest, largest] = [values[0] ?? 0, values[0] ?? 0]
  for (const value of values) {
    if (value < smallest) smallest = value
    if (value > largest) largest = value
  }
  return [smallest, largest]
}

/** Bins of a tenth each, and one of those who have nothing of it. @param before absent: no customers */
export function addShares(shares: Float64Array, before?: ValueBins): ValueBins {
  const bins = { minimum: 0, edges: SHARE_EDGES }
  const customers = countInBins(shares, bins)
  return { ...bins, customers: before ? addCounts(customers, before.customers) : customers }
}

/** @param values null as NaN @returns counts as `customers` has them */
export function countInBins(values: Float64Array, { minimum, edges }: Omit<ValueBins, 'customers'>): number[] {
  const counts = new Array<number>(edges.length + 2).fill(0)
  const [outside, missing] = [edges.length, edges.length + 1]
  for (const value of values) {
    if (Number.isNaN(value)) counts[missing]! += 1
    else if (value < minimum) counts[outside]! += 1
    else {
      let bin = 0
      while (bin < edges.length && value > edges[bin]!) bin += 1
      counts[bin]! += 1
    }
  }
  return counts
}

export function addCounts(a: readonly number[], b: readonly number[]): number[] {
  return a.map((count, i) => count + b[i]!)
}

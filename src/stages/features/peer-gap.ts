import { quantileSorted } from '../../stats/quantile.ts'

/** Share of peers that spend less than the benchmark. */
const HIGH_VALUE = 0.9

/** What spend is compared with, fitted over all customers. */
export interface PeerBenchmarks {
  /** Categories that have a benchmark of their own, by code units. */
  readonly categories: readonly string[]
  /** Of each of them. */
  readonly benchmarks: readonly number[]
  /** Of every other category, also of one that comes later. */
  readonly pooled: number
}

/**
 * The 90 % quantile (type 7) of spend among the customers of each category that has at least `minPeers` of them. The customers of smaller
 * categories share one benchmark; where even all of them together are too few, it is that of everybody. Quantiles of sorted values do not
 * depend on the order of rows.
 *
 * @param spend shape (n)
 * @param codes shape (n): position in `names`; -1 for a customer without a category, who is nobody's peer
 * @param names of the categories, each once
 */
export function fitPeers(
  spend: Float64Array,
  codes: Int32Array,
  names: readonly string[],
  minPeers: number,
): PeerBenchmarks {
  const sizes = new Int32Array(names.length)
  for (const code of codes) if (code >= 0) sizes[code]! += 1
  const own = [...names.keys()]
    .filter((code) => sizes[code]! >= minPeers)
    .sort((a, b) => (names[a]! < names[b]! ? -1 : 1))
  const groups = Array.from(sizes, (size) => new Float64Array(size))
  const filled = new Int32Array(names.length)
  codes.forEach((code, row) => {
    if (code >= 0) groups[code]![filled[code]!++] = spend[row]!
  })
  const small = groups.filter((group) => group.length < minPeers)
  const pooled = benchmarkOf(small.reduce((sum, group) => sum + group.length, 0) < minPeers ? groups : small)
  return {
    categories: own.map((code) => names[code]!),
    benchmarks: own.map((code) => benchmarkOf([groups[code]!])),
    pooled: Number.isNaN(pooled) ? 0 : pooled,
  }
}

function benchmarkOf(groups: readonly Float64Array[]): number {
  const all = new Float64Array(groups.reduce((sum, group) => sum + group.length, 0))
  let offset = 0
  for (const group of groups) {
    all.set(group, offset)
    offset += group.length
  }
  return quantileSorted(all.sort(), HIGH_VALUE)
}

/**
 * How much less customers spend than their benchmark.
 *
 * @param spend shape (n)
 * @param categories shape (n), null for no category
 * @returns shape (n), 0 or more; NaN without a category
 */
export function gapToPeers(
  spend: Float64Array,
  categories: readonly (string | null)[],
  { categories: names, benchmarks, pooled }: PeerBenchmarks,
): Float64Array {
  const byName = new Map(names.map((name, index) => [name, benchmarks[index]!]))
  return spend.map((spent, row) => {
    const category = categories[row] ?? null
    return category === null ? NaN : Math.max(0, (byName.get(category) ?? pooled) - spent)
  })
}

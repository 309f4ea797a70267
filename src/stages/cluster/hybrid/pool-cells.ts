/** Which clusters the combinations of layers come to. */
export interface PooledCells {
  /** One a cluster: the layers' clusters that it is made of. A short one holds everybody of its first layer's cluster. Null: whatever is too small. */
  readonly paths: readonly (readonly number[] | null)[]
  /** Combination → cluster; combinations count like digits, the last layer's cluster fastest. */
  readonly cells: readonly number[]
  /** Customers in combinations that were too small. */
  readonly pooledCustomers: number
}

/**
 * Makes clusters of combinations of layers. One of at least `minimum` customers is a cluster. A smaller one, also one that nobody is in
 * yet, joins
 *  1. of the clusters with the same cluster of the first layer the one that agrees in most layers from the first on, then in most layers,
 *     then the largest, then the first; or
 *  2. where the first layer's cluster has no combination that is large enough: all others of it, as one cluster; or
 *  3. where even these are too few: of all clusters the one that agrees in most layers, then the largest, then the first.
 *
 * @param counts customers of each combination
 * @param radices clusters of each layer
 * @param together all small ones become one cluster instead
 * @returns null when there would be no cluster at all
 */
export function poolCells(
  counts: ArrayLike<number>,
  radices: readonly number[],
  minimum: number,
  together: boolean,
): PooledCells | null {
  const all = Array.from(counts, (customers, cell) => ({ cell, customers, path: pathOf(cell, radices) }))
  const large = all.filter(({ customers }) => customers >= Math.max(1, minimum))
  const small = all.filter(({ customers }) => customers < Math.max(1, minimum))
  const pooledCustomers = small.reduce((sum, { customers }) => sum + customers, 0)
  const cells = new Array<number>(all.length).fill(-1)
  if (together) {
    for (const [cluster, { cell }] of large.entries()) cells[cell] = cluster
    for (const { cell } of small) cells[cell] = large.length
    const paths = [...large.map(({ path }) => path), ...(small.length > 0 ? [null] : [])]
    return { paths, cells, pooledCustomers }
  }
  const whole = Array.from({ length: radices[0]! }, (_, first) => {
    const own = all.filter(({ path }) => path[0] === first)
    return { path: [first], customers: own.reduce((sum, { customers }) => sum + customers, 0) }
  }).filter(({ path, customers }) => customers >= Math.max(1, minimum) && !large.some((one) => one.path[0] === path[0]))
  const clusters = [...large, ...whole].sort((a, b) => comparePaths(a.path, b.path))
  if (clusters.length === 0) return null
  for (const { cell, path } of all) cells[cell] = nearest(path, clusters)
  return { paths: clusters.map(({ path }) => path), cells, pooledCustomers }
}

/** Combination of the layers' clusters. */
export function cellOf(path: readonly number[], radices: readonly number[]): number {
  return path.reduce((cell, cluster, layer) => cell * radices[layer]! + cluster, 0)
}

/** Clusters that also hold customers of another cluster of the first layer than their own. */
export function straysOf(
  { paths, cells }: Pick<PooledCells, 'paths' | 'cells'>,
  counts: ArrayLike<number>,
  radices: readonly number[],
): ReadonlySet<number> {
  return new Set(cells.filter((cluster, cell) => counts[cell]! > 0 && paths[cluster]?.[0] !== pathOf(cell, radices)[0]))
}

interface Cluster {
  readonly path: readonly number[]
  readonly customers: number
}

function nearest(path: readonly number[], clusters: readonly Cluster[]): number {
  const own = clusters.some((one) => one.path[0] === path[0])
  let best = -1
  for (const [index, one] of clusters.entries()) {
    if (own && one.path[0] !== path[0]) continue
    if (best < 0 || isNearer(one, clusters[best]!, path, own)) best = index
  }
  return best
}

function isNearer(one: Cluster, best: Cluster, path: readonly number[], own: boolean): boolean {
  const agreeing = ({ path: other }: Cluster): number => other.filter((cluster, i) => cluster === path[i]).length
  const leading = ({ path: other }: Cluster): number => {
    const differs = other.findIndex((cluster, i) => cluster !== path[i])
    return differs < 0 ? other.length : differs
  }
  const ranks = [own ? leading(one) - leading(best) : 0, agreeing(one) - agreeing(best), one.customers - best.customers]
  return (ranks.find((rank) => rank !== 0) ?? 0) > 0
}

function pathOf(cell: number, radices: readonly number[]): readonly number[] {
  const path: number[] = []
  let rest = cell
  for (const radix of radices.toReversed()) {
    path.unshift(rest % radix)
    rest = Math.floor(rest / radix)
  }
  return path
}

function comparePaths(a: readonly number[], b: readonly number[]): number {
  for (const [i, cluster] of a.entries()) {
    const difference = cluster - (b[i] ?? -1)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

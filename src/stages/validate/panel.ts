import { CountsDoNotReconcile } from '../../errors/counts-do-not-reconcile.ts'

type Row = Readonly<Record<string, unknown>>

/** Customers of the panel by where they are now and where they were. */
export interface PanelCounts {
  readonly clusterCount: number
  /** Keys that are live, in any order. */
  readonly publishedKeys: readonly string[]
  /** Shape (clusterCount, publishedKeys), row-major. */
  readonly counts: Float64Array
}

/** Further memberships, those of other levels and layers. */
export interface AlsoOverlap {
  /** Of `compileAlsoOverlap`, for all of them. */
  readonly rows: readonly Row[]
  /** Published segments that hold customers in this way. */
  readonly keys: readonly string[]
  /** Whether a cluster holds customers in this way only, so that these are its size. */
  readonly isUpper?: (cluster: number) => boolean
}

/** Who is where, and was where. */
export interface Overlap extends PanelCounts {
  /** Customers of each cluster. */
  readonly sizes: readonly number[]
  /** Customers of each published segment, also those who are gone. */
  readonly published: Readonly<Record<string, number>>
  /** Customers in both. */
  readonly panel: number
}

/**
 * Reads the results of `COUNT_OVERLAP` and `COUNT_LIVE`.
 *
 * @param customerCount rows of the candidate
 * @throws CountsDoNotReconcile when the population has more or fewer customers
 */
export function readOverlap(
  clusterCount: number,
  customerCount: number,
  overlapRows: readonly Row[],
  liveRows: readonly Row[],
  also: AlsoOverlap = { rows: [], keys: [] },
): Overlap {
  const published = Object.fromEntries(liveRows.map((row) => [String(row.segment_key), Number(row.customers)]))
  const publishedKeys = [...Object.keys(published), ...also.keys]
  const sizes = new Array<number>(clusterCount).fill(0)
  const counts = new Float64Array(clusterCount * publishedKeys.length)
  let panel = 0
  for (const row of overlapRows) {
    const [cluster, customers] = [Number(row.cluster), Number(row.customers)]
    sizes[cluster]! += customers
    if (row.previous_segment_key === null) continue
    panel += customers
    counts[cluster * publishedKeys.length + publishedKeys.indexOf(String(row.previous_segment_key))]! += customers
  }
  const total = sizes.reduce((sum, size) => sum + size, 0)
  if (total !== customerCount)
    throw new CountsDoNotReconcile(
      `Of ${customerCount} customers of the candidate, ${total} were found with features and at most one published segment.`,
      'Nothing was published. Rerun; when it happens again, report it with the run id.',
    )
  // Clusters that nobody is in first of all, and keys of their kind, share the table: no customer is counted at a pair of both kinds.
  for (const row of also.rows) {
    const [cluster, customers] = [Number(row.cluster), Number(row.customers)]
    if (also.isUpper?.(cluster)) sizes[cluster]! += customers
    const column = publishedKeys.indexOf(String(row.previous_segment_key))
    if (column >= 0) counts[cluster * publishedKeys.length + column]! += customers
  }
  return { clusterCount, publishedKeys, counts, sizes, published, panel }
}

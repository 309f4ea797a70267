import { MOST_REASONS } from '../../run/reasons.ts'
import type { ClusterModel } from './model.ts'
import type { Placed } from './placed.ts'

type Column = Float64Array | Int32Array

/**
 * Columns of the candidate beside bucket and customer_id, with their types: those of every method, then one a score, one a further
 * membership, and the reasons.
 */
export function placedColumns({
  scores,
  also,
}: Pick<ClusterModel, 'scores' | 'also'>): Readonly<Record<string, string>> {
  return {
    cluster: 'INTEGER',
    distance: 'DOUBLE',
    confidence: 'DOUBLE',
    next_cluster: 'INTEGER',
    is_outlier: 'BOOLEAN',
    layer: 'INTEGER',
    ...numbered('score', scores.length, 'DOUBLE'),
    ...numbered('also', also.length, 'INTEGER'),
    ...numbered('reason', MOST_REASONS, 'INTEGER'),
    ...numbered('pull', MOST_REASONS, 'DOUBLE'),
  }
}

/** What a method said of some customers as a table of `chunk_row` and the `placedColumns`; −1 and NaN stand for null. */
export function placedTable(
  placed: Placed,
  { scores, also }: Pick<ClusterModel, 'scores' | 'also'>,
): { readonly rowCount: number; readonly columns: Readonly<Record<string, Column>> } {
  const rowCount = placed.cluster.length
  const none = new Int32Array(rowCount).fill(-1)
  const unknown = new Float64Array(rowCount).fill(NaN)
  const columns: Record<string, Column> = {
    chunk_row: Int32Array.from({ length: rowCount }, (_, row) => row),
    cluster: placed.cluster,
    distance: placed.distance,
    confidence: placed.confidence,
    next_cluster: placed.nextCluster,
    is_outlier: placed.isOutlier,
    layer: placed.layer ?? new Int32Array(rowCount),
  }
  scores.forEach((_, i) => (columns[`score_${i + 1}`] = placed.scores[i]!))
  also.forEach((_, i) => (columns[`also_${i + 1}`] = placed.also[i]!))
  for (let i = 0; i < MOST_REASONS; i++) {
    columns[`reason_${i + 1}`] = placed.reasons[i]?.label ?? none
    columns[`pull_${i + 1}`] = placed.reasons[i]?.size ?? unknown
  }
  return { rowCount, columns }
}

function numbered(name: string, count: number, type: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`${name}_${i + 1}`, type]))
}

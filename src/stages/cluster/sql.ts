import { quoteName, quoteNames, quoteText, selectNamed } from '../../sql/sql-text.ts'
import type { ClusterModel } from './model.ts'
import { placedColumns } from './placed-table.ts'

/** Customers whose silhouettes are computed; each is compared with all others. */
const SILHOUETTE_ROWS = 5_000

/** Column of the sample beside the features: 1 for the customers that stand for all in the silhouette. */
export const IN_SILHOUETTE = 'in_silhouette'

/**
 * The customers a model is fitted on: the first by MD5 of their id, hence the same ones for any number of shards, in the order
 * (bucket, customer_id). The first of them also stand for all in the silhouette.
 *
 * @param relation SQL that yields the features of all customers
 */
export function compileSample(relation: string, features: readonly string[], sampleRows: number): string {
  const names = quoteNames(features)
  return `
SELECT ${names}, CAST(hash_rank <= ${SILHOUETTE_ROWS} AS INTEGER) AS ${IN_SILHOUETTE}
FROM (
  SELECT bucket, customer_id, ${names}, row_number() OVER (ORDER BY md5(customer_id), customer_id) AS hash_rank
  FROM ${relation}
)
WHERE hash_rank <= ${sampleRows}
ORDER BY bucket, customer_id`
}

/** The first customers by MD5 of their id, with their buckets; in no order. */
export function compileHashSample(relation: string, features: readonly string[], rowCount: number): string {
  return `
SELECT bucket, customer_id, ${quoteNames(features)}
FROM ${relation}
QUALIFY row_number() OVER (ORDER BY md5(customer_id), customer_id) <= ${rowCount}`
}

/** Features of the customers of some buckets, in order. */
export function compileBuckets(relation: string, features: readonly string[], from: number, to: number): string {
  return compilePlacing(relation, Object.fromEntries(features.map((name) => [name, quoteName(name)])), from, to)
}

/** What placing reads of the customers of some buckets, in order. @param columns name → SQL over the relation */
export function compilePlacing(
  relation: string,
  columns: Readonly<Record<string, string>>,
  from: number,
  to: number,
): string {
  return `
SELECT ${selectNamed(columns)}
FROM ${relation}
WHERE bucket BETWEEN ${from} AND ${to}
ORDER BY bucket, customer_id`
}

/** What placing reads of one customer; no row when nobody has this id. */
export function compileCustomer(
  relation: string,
  columns: Readonly<Record<string, string>>,
  customerId: string,
): string {
  return `SELECT ${selectNamed(columns)} FROM ${relation} WHERE customer_id = ${quoteText(customerId)}`
}

/** The same of all others in some buckets, with their ids, in order. */
export function compileOthers(
  relation: string,
  columns: Readonly<Record<string, string>>,
  { from, to }: { readonly from: number; readonly to: number },
  customerId: string,
): string {
  return `
SELECT customer_id, ${selectNamed(columns)}
FROM ${relation}
WHERE bucket BETWEEN ${from} AND ${to} AND customer_id <> ${quoteText(customerId)}
ORDER BY bucket, customer_id`
}

type Shape = Pick<ClusterModel, 'scores' | 'also'>

/** The table that placed rows are added to; `placed_row` counts from 0 in the order in which they were placed. */
export function compileCreatePlaced(model: Shape): string {
  const columns = Object.entries(placedColumns(model)).map(([name, type]) => `${name} ${type}`)
  return `CREATE TABLE placed (placed_row BIGINT, ${columns.join(', ')})`
}

/** Adds the table `chunk` (see `placedTable`) and drops it. */
export function compileAddChunk(model: Shape, firstRow: number): readonly string[] {
  const columns = Object.entries(placedColumns(model)).map(([name, type]) => {
    if (type === 'BOOLEAN') return `${name} = 1`
    if (type === 'DOUBLE') return `CASE WHEN isnan(${name}) THEN NULL ELSE ${name} END`
    return `nullif(${name}, -1)`
  })
  return [`INSERT INTO placed SELECT ${firstRow} + chunk_row, ${columns.join(', ')} FROM chunk`, 'DROP TABLE chunk']
}

/**
 * Columns of the candidate: what was placed, with the ids of the file it was computed from.
 *
 * @param featuresFile one shard, whose rows lie in the order (bucket, customer_id)
 */
export function compileCandidate(featuresFile: string): string {
  return `
SELECT f.bucket, f.customer_id, p.* EXCLUDE (placed_row)
FROM read_parquet(${quoteText(featuresFile)}, file_row_number = true) AS f
JOIN placed AS p ON p.placed_row = f.file_row_number`
}

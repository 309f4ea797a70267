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
  const names = listNames(features)
  return `
SELECT ${names}, CAST(hash_rank <= ${SILHOUETTE_ROWS} AS INTEGER) AS ${IN_SILHOUETTE}
FROM (
  SELECT bucket, customer_id, ${names}, row_number() OVER (ORDER BY md5(customer_id), customer_id) AS hash_rank
  FROM ${relation}
)
WHERE hash_rank <= ${sampleRows}
ORDER BY bucket, customer_id`
}

/** Features of the customers of some buckets, in order. */
export function compileBuckets(relation: string, features: readonly string[], from: number, to: number): string {
  return `
SELECT ${listNames(features)}
FROM ${relation}
WHERE bucket BETWEEN ${from} AND ${to}
ORDER BY bucket, customer_id`
}

/** The table that placed rows are added to; `placed_row` counts from 0 in the order in which they were placed. */
export const CREATE_PLACED =
  'CREATE TABLE placed (placed_row BIGINT, cluster INTEGER, distance DOUBLE, confidence DOUBLE, next_cluster INTEGER, is_outlier BOOLEAN)'

/** Adds the table `chunk` (`chunk_row` and the columns of `PlacedColumns`) and drops it. */
export function compileAddChunk(firstRow: number): readonly string[] {
  return [
    `
INSERT INTO placed
SELECT ${firstRow} + chunk_row, cluster, distance, confidence, nullif(next_cluster, -1), is_outlier = 1
FROM chunk`,
    'DROP TABLE chunk',
  ]
}

/**
 * Columns of the candidate: what was placed, with the ids of the file it was computed from.
 *
 * @param featuresFile one shard, whose rows lie in the order (bucket, customer_id)
 */
export function compileCandidate(featuresFile: string): string {
  return `
SELECT f.bucket, f.customer_id, p.cluster, p.distance, p.confidence, p.next_cluster, p.is_outlier
FROM read_parquet(${quoteText(featuresFile)}, file_row_number = true) AS f
JOIN placed AS p ON p.placed_row = f.file_row_number`
}

/** Customers in each cluster of `placed`. */
export const COUNT_PLACED = 'SELECT cluster, count(*) AS customers FROM placed GROUP BY cluster ORDER BY cluster'

/** SQL that yields the rows of Parquet files. */
export function readParquet(files: readonly string[]): string {
  return `read_parquet([${files.map(quoteText).join(', ')}])`
}

function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

function listNames(names: readonly string[]): string {
  return names.map((name) => `"${name.replaceAll('"', '""')}"`).join(', ')
}

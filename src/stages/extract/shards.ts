/** Raised when the meaning of the stage changes. */
export const EXTRACT_VERSION = 2
export const BUCKETS = 256
const ROWS_PER_SHARD = 4_000_000

/** SQL: which of the buckets a customer is in; nobody is in that of the empty text. */
export const BUCKET = `CAST(md5_number_lower(coalesce(customer_id, '')) % ${BUCKETS} AS INTEGER)`

/** SQL: the bucket of rows without a customer. */
export const NOBODY = `CAST(md5_number_lower('') % ${BUCKETS} AS INTEGER)`

/** The rows of one shard: a contiguous range of buckets. */
export function shardOf(rows: string, shard: number, shardCount: number): string {
  return shardCount === 1 ? rows : `SELECT * FROM (${rows}) WHERE bucket * ${shardCount} // ${BUCKETS} = ${shard}`
}

export function decideShardCount(configured: number | undefined, rowCount: number): number {
  return configured ?? Math.min(BUCKETS, Math.max(1, Math.ceil(rowCount / ROWS_PER_SHARD)))
}

/** Raised when the meaning of the stage changes. */
export const EXTRACT_VERSION = 2
export const BUCKETS = 256
const ROWS_PER_SHARD = 4_000_000

/**
 * SQL: which of the buckets a customer is in; nobody is in that of the empty text. It is md5_number_lower(…) % 256, whose own way over the
 * hexadecimal text takes four times as long.
 */
export function bucketOf(customerId: string): string {
  return `CAST((md5_number(coalesce(${customerId}, '')) >> 64) & CAST(${BUCKETS - 1} AS UHUGEINT) AS INTEGER)`
}

/** The rows of one shard: a contiguous range of buckets. */
export function shardOf(rows: string, shard: number, shardCount: number): string {
  return shardCount === 1 ? rows : `SELECT * FROM (${rows}) WHERE bucket * ${shardCount} // ${BUCKETS} = ${shard}`
}

export function decideShardCount(configured: number | undefined, rowCount: number): number {
  return configured ?? Math.min(BUCKETS, Math.max(1, Math.ceil(rowCount / ROWS_PER_SHARD)))
}

const BUCKETS = 256

/** Buckets from … to, both included. */
export interface BucketRange {
  readonly from: number
  readonly to: number
}

/**
 * Splits a shard's buckets into pieces of about `rowsInPiece` rows, a bucket at least, in order.
 *
 * @param shard of `shardCount`: holds the buckets b with floor(b × shardCount ÷ 256) = shard
 * @param rowCount rows of the shard, spread evenly by the hash
 */
export function bucketRanges(
  shard: number,
  shardCount: number,
  rowCount: number,
  rowsInPiece: number,
): readonly BucketRange[] {
  const first = Math.ceil((shard * BUCKETS) / shardCount)
  const end = Math.ceil(((shard + 1) * BUCKETS) / shardCount)
  const pieces = Math.min(end - first, Math.max(1, Math.ceil(rowCount / rowsInPiece)))
  const start = (piece: number): number => first + Math.floor((piece * (end - first)) / pieces)
  return Array.from({ length: pieces }, (_, piece) => ({ from: start(piece), to: start(piece + 1) - 1 }))
}

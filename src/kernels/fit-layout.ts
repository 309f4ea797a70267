import { paddedRows, weightsStart, PACKED_START } from './packed-rows.ts'
import type { PackedRows } from './packed-rows.ts'

const LINE = 64
/** Rows are computed in this many pieces at most: fixed, so that sums run in the same order for any number of threads. */
const MOST_SHARDS = 64
const ROWS_IN_SHARD = 2048
/** Words of the control block, as 32-bit integers. */
export const CONTROL = { ticket: 0, done: 16, phase: 32, argument: 33 } as const
const CONTROL_BYTES = 256

/** Where one fit keeps its state in the memory of the packed rows; addresses in bytes. */
export interface FitLayout {
  readonly rows: number
  /** 0 when every row counts once. */
  readonly weights: number
  readonly control: number
  /** i32 a row. */
  readonly labels: number
  /** f32 a row: squared distance to the nearest centre. */
  readonly nearest: number
  /** f64, shape (clusters, dimensions). */
  readonly centres: number
  /** What `assignRows` calls tiles; while centres are drawn, the points that are tried. */
  readonly tiles: number
  /** Groups of four centres that the tiles hold. */
  readonly groupCount: number
  readonly shards: readonly ShardLayout[]
  /** First address behind it. */
  readonly end: number
}

export interface ShardLayout {
  readonly from: number
  /** Multiple of 8, may lie beyond the last row. */
  readonly to: number
  readonly sums: number
  readonly sizes: number
  /** f64 each: what a phase found out about the shard; of `assign` the number of rows that moved. */
  readonly totals: number
}

/** How many points k-means++ tries for each centre, as scikit-learn does. */
export function trialCount(clusterCount: number): number {
  return 2 + Math.floor(Math.log(clusterCount))
}

/** @param start first free address */
export function layOutFit(packed: PackedRows, start: number, clusterCount: number): FitLayout {
  const { rowCount, dimensions, weighted } = packed
  let end = start
  const take = (bytes: number): number => {
    const address = Math.ceil(end / LINE) * LINE
    end = address + bytes
    return address
  }
  const rows = paddedRows(rowCount)
  const groupCount = Math.ceil(clusterCount / 4)
  const trials = trialCount(clusterCount)
  const control = take(CONTROL_BYTES)
  const labels = take(rows * 4)
  const nearest = take(rows * 4)
  const centres = take(clusterCount * dimensions * 8)
  const tiles = take(Math.max(groupCount * 4 * (dimensions + 1), trials * dimensions) * 16)
  const shardRows = Math.max(ROWS_IN_SHARD, paddedRows(Math.ceil(rows / MOST_SHARDS)))
  const shards = Array.from({ length: Math.ceil(rows / shardRows) }, (_, i) => ({
    from: i * shardRows,
    to: Math.min((i + 1) * shardRows, rows),
    sums: take(clusterCount * dimensions * 8),
    sizes: take(clusterCount * 8),
    totals: take(trials * 8),
  }))
  return {
    rows: PACKED_START,
    weights: weighted ? weightsStart(packed) : 0,
    ...{ control, labels, nearest, centres, tiles, groupCount, shards, end },
  }
}

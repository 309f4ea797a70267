import type { ComputeSession } from '../ports/compute-engine.ts'
import type { Matrix } from '../ports/kernel-pool.ts'
import { bucketRanges } from '../stages/cluster/bucket-ranges.ts'
import { compileBuckets, compileHashSample } from '../stages/cluster/sql.ts'
import { allColumns, allDimensions } from '../stages/features/transform.ts'
import type { FittedTransforms } from '../stages/features/transform.ts'
import { coordinatesOf, ROWS_AT_A_TIME } from './coordinates.ts'

/**
 * Coordinates of many customers in the order (bucket, customer_id), read in pieces into memory that threads share: besides the result only
 * one piece is held.
 *
 * @param rowCount customers wanted, at most `customerCount`
 */
export async function readCoordinates(
  session: ComputeSession,
  relation: string,
  features: FittedTransforms,
  rowCount: number,
  customerCount: number,
  progress: (rows: number) => void,
): Promise<Matrix> {
  const dimensions = allDimensions(features)
  const names = allColumns(features)
  const values = new Float64Array(new SharedArrayBuffer(rowCount * dimensions * Float64Array.BYTES_PER_ELEMENT))
  let from = relation
  if (rowCount < customerCount) {
    await session.execute(`CREATE TABLE wanted AS ${compileHashSample(relation, names, rowCount)}`)
    from = 'wanted'
  }
  let filled = 0
  for (const range of bucketRanges(0, 1, rowCount, ROWS_AT_A_TIME)) {
    const { values: piece } = coordinatesOf(
      await session.columns(compileBuckets(from, names, range.from, range.to)),
      features,
    )
    values.set(piece, filled)
    filled += piece.length
    progress(filled / dimensions)
  }
  if (filled !== values.length)
    throw new Error(`${filled / dimensions} customers were read of the ${rowCount} that the features artifact counts.`)
  return { rowCount, dimensions, values }
}

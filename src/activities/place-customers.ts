import type { ColumnTable, ComputeSession } from '../ports/compute-engine.ts'
import type { KernelPool, Matrix } from '../ports/kernel-pool.ts'
import { flattenCentres } from '../stages/cluster/model.ts'
import type { ClusterModel } from '../stages/cluster/model.ts'
import { placedColumns } from '../stages/cluster/placed-columns.ts'
import { compileAddChunk, CREATE_PLACED } from '../stages/cluster/sql.ts'
import { addUnseen, applyTransforms } from '../stages/features/transform.ts'
import type { Coordinates, FeatureColumns, FittedTransforms, UnseenCounts } from '../stages/features/transform.ts'

/** Rows placed at a time: what bounds memory, and how long the main thread is busy between heartbeats. */
export const ROWS_AT_A_TIME = 131_072

/** Coordinates of customers, from feature columns as the engine reads them. */
export function coordinatesOf({ columns, rowCount }: ColumnTable, features: FittedTransforms): Coordinates & Matrix {
  return applyTransforms(columns as unknown as FeatureColumns, features, rowCount)
}

/**
 * Makes table `placed` of the session: the rows that the queries yield, one query after the other, placed by the model.
 *
 * @param queries yield the columns of the model's features
 * @returns feature → customers whose level the model does not know; only those above 0
 */
export async function placeCustomers(
  session: ComputeSession,
  kernels: KernelPool,
  model: Pick<ClusterModel, 'features' | 'centres' | 'clusterCount' | 'outlierDistance'>,
  queries: readonly string[],
  attempt: { readonly signal: AbortSignal; progress(done: number): void },
): Promise<UnseenCounts> {
  const centres = flattenCentres(model)
  const unseen: UnseenCounts[] = []
  let placed = 0
  await session.execute(CREATE_PLACED)
  for (const query of queries) {
    const table = await session.columns(query)
    const { rowCount } = table
    const matrix = coordinatesOf(table, model.features)
    unseen.push(matrix.unseen)
    const placement = await kernels.place(matrix, centres, model.clusterCount, attempt.signal)
    const chunk_row = Int32Array.from({ length: rowCount }, (_, row) => row)
    await session.createTable('chunk', {
      rowCount,
      columns: { chunk_row, ...placedColumns(placement, model.outlierDistance) },
    })
    for (const sql of compileAddChunk(placed)) await session.execute(sql)
    placed += rowCount
    attempt.progress(placed)
  }
  return addUnseen(unseen)
}

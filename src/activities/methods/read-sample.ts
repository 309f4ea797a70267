import type { ColumnTable } from '../../ports/compute-engine.ts'
import type { Matrix } from '../../ports/kernel-pool.ts'
import { checkCoordinates } from '../../stages/cluster/check-coordinates.ts'
import { judgedRows } from '../../stages/cluster/judged-rows.ts'
import { compileSample, IN_SILHOUETTE } from '../../stages/cluster/sql.ts'
import { allColumns, allDimensions, dimensionNames } from '../../stages/features/transform.ts'
import { coordinatesOf } from '../coordinates.ts'
import type { FitInput } from './method.ts'

export interface Sample {
  /** Columns of `compileSample`. */
  readonly table: ColumnTable
  /** Coordinates of the customers a model is fitted on. */
  readonly matrix: Matrix
  /** Rows that stand for all in the silhouette. */
  readonly judged: Int32Array
}

/**
 * The customers a model is fitted on, see `compileSample`.
 *
 * @throws CoordinatesNotFinite
 */
export async function readSample({
  config,
  session,
  relation,
  features,
}: Pick<FitInput<{ readonly sampleRows: number }>, 'config' | 'session' | 'relation' | 'features'>): Promise<Sample> {
  const table = await session.columns(compileSample(relation, allColumns(features), config.sampleRows))
  if (table.rowCount === 0) {
    const empty = { rowCount: 0, dimensions: allDimensions(features), values: new Float64Array() }
    return { table, matrix: empty, judged: new Int32Array() }
  }
  const matrix = coordinatesOf(table, features)
  checkCoordinates(matrix.values, dimensionNames(features))
  return { table, matrix, judged: judgedRows(table.columns[IN_SILHOUETTE] as Int32Array) }
}

/** Of all rows' labels those of some rows. */
export function takeLabels(labels: Int32Array, rows: Int32Array): Int32Array {
  return rows.map((row) => labels[row]!)
}

import { quoteName } from '../sql/sql-text.ts'
import type { ColumnTable } from '../ports/compute-engine.ts'
import type { Matrix } from '../ports/kernel-pool.ts'
import { allColumns, applyTransforms } from '../stages/features/transform.ts'
import type { Coordinates, FeatureColumns, FittedTransforms } from '../stages/features/transform.ts'

/** Rows worked on at a time: what bounds memory, and how long the main thread is busy between heartbeats. */
export const ROWS_AT_A_TIME = 131_072

/** Coordinates of customers, from feature columns as the engine reads them. */
export function coordinatesOf({ columns, rowCount }: ColumnTable, features: FittedTransforms): Coordinates & Matrix {
  return applyTransforms(columns as unknown as FeatureColumns, features, rowCount)
}

/** The columns that `coordinatesOf` needs: name → SQL over a relation of features. */
export function featureColumns(features: FittedTransforms): Readonly<Record<string, string>> {
  return Object.fromEntries(allColumns(features).map((name) => [name, quoteName(name)]))
}

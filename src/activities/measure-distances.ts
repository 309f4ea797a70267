import type { ComputeSession } from '../ports/compute-engine.ts'
import { valueDistance } from '../stages/validate/comparison/compare-features.ts'
import { addSpread, compareSpread, openSpread } from '../stages/validate/comparison/compare-centres.ts'
import { compareMargins, marginSubjects } from '../stages/validate/comparison/compare-margins.ts'
import type { ComparisonMeasure } from '../stages/validate/comparison/measures.ts'
import {
  compileAllValues,
  compileClusters,
  compileMargins,
  compileValues,
  sampledBuckets,
} from '../stages/validate/comparison/sql.ts'
import { allColumns } from '../stages/features/transform.ts'
import { centresOf } from './centres-of.ts'
import { coordinatesOf, ROWS_AT_A_TIME } from './coordinates.ts'
import type { LiveSide } from './live-side.ts'

/** How tightly the candidate holds its customers, next to the live centres; empty where the live model has no centres in one scaling. */
export async function measureSpread(
  session: ComputeSession,
  { model, relation }: LiveSide,
  { clusterCount, customers }: { readonly clusterCount: number; readonly customers: number },
): Promise<readonly ComparisonMeasure[]> {
  if (!model) return []
  const centres = centresOf(model).filter((_, cluster) => model.clusters[cluster]!.level === 0)
  const known = centres.flatMap((centre) => (centre?.features === model.features ? [centre.values] : []))
  if (known.length === 0 || known.length < centres.length) return []
  const sums = openSpread(clusterCount, known[0]!.length)
  for (let start = 0; start < customers; start += ROWS_AT_A_TIME) {
    const end = start + ROWS_AT_A_TIME
    const table = await session.columns(compileValues(allColumns(model.features), start, end, relation))
    const { columns } = await session.columns(compileClusters(start, end))
    addSpread(sums, coordinatesOf(table, model.features).values, columns.cluster as Int32Array, known)
  }
  return compareSpread(sums)
}

/** How near to borders those are who moved, of table `resolved`. */
export async function measureMargins(session: ComputeSession): Promise<readonly ComparisonMeasure[]> {
  const { columns } = await session.columns(compileMargins(marginSubjects))
  return compareMargins(columns.margin as Float64Array, columns.subject as Int32Array)
}

/** Files of feature values: as the live model was fitted on them, and as they are today. */
export interface ValueFiles {
  readonly before: readonly string[]
  readonly now: readonly string[]
  /** Of the larger of the two. */
  readonly customers: number
}

/** Of each column the largest difference of shares up to a value; one column of both is in memory at a time. */
export async function measureDistances(
  session: ComputeSession,
  { before, now, customers }: ValueFiles,
  names: readonly string[],
): Promise<ReadonlyMap<string, number | null>> {
  const buckets = sampledBuckets(customers)
  const valuesOf = async (files: readonly string[], name: string): Promise<Float64Array> =>
    (await session.columns(compileAllValues(files, name, buckets))).columns.value as Float64Array
  const distances = new Map<string, number | null>()
  for (const name of names) distances.set(name, valueDistance(await valuesOf(before, name), await valuesOf(now, name)))
  return distances
}

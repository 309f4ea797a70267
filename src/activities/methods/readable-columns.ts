import type { RunPlan } from '../../plan/run-plan.ts'
import { knownColumns } from '../../stages/features/known-columns.ts'
import { resolveFeatures } from '../../stages/features/resolve-features.ts'
import type { ReadableColumns } from '../../stages/cluster/readable-columns.ts'

/** Columns that every run of the pipeline has, with their types and units. */
export function readableColumns({ definition }: RunPlan): ReadableColumns {
  const { columns } = knownColumns(resolveFeatures(definition.pipeline.features))
  return Object.fromEntries(columns.map(({ name, type, unit }) => [name, { type, unit }]))
}

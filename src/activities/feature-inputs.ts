import type { ArtifactRef, Manifest } from '../run/artifact.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import { mappedColumns } from '../plan/mapped-columns.ts'
import { windowStart } from '../plan/windows.ts'
import type { ArtifactStore } from '../ports/artifact-store.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import { fileRoleOf, primaryRole } from '../stages/extract/config.ts'
import { parseExpressionSql, readExpression } from '../stages/extract/expression.ts'
import { dataRoles } from '../run/data-roles.ts'
import type { DataRole } from '../run/data-roles.ts'
import type { LevelsProfile } from '../stages/features/choose-levels.ts'
import { levelsIn } from '../stages/features/choose-levels.ts'
import { compileFeatures, windowsOf } from '../stages/features/compile-features.ts'
import type { CompiledFeatures, FeatureInputs } from '../stages/features/compile-features.ts'
import type { FeatureSpec } from '../stages/features/config.ts'
import { checkAggregates, explainFeatureSql, tryFeatureSql, whereOf } from '../stages/features/own-expression.ts'
import { compileTrial } from '../stages/features/relations.ts'
import { resolveFeatures } from '../stages/features/resolve-features.ts'
import { quoteText } from '../sql/sql-text.ts'
import { describeColumns, fetchRows } from './read-artifact.ts'
import type { LocalRows } from './read-artifact.ts'
import { readDocument } from './read-document.ts'

export function featureSpecsOf({ definition }: RunPlan): readonly FeatureSpec[] {
  return resolveFeatures(definition.pipeline.features, mappedColumns(definition.pipeline.extract, definition.sources))
}

export function populationOf({ definition }: RunPlan): 'transactions' | 'customers' {
  const { extract } = definition.pipeline
  return extract.population ?? primaryRole(extract)
}

/** A shard's clean rows on the worker's disk, by role. */
export type RoleRows = ReadonlyMap<DataRole, LocalRows>

export async function fetchRoles(
  store: ArtifactStore,
  { pipeline }: RunPlan['definition'],
  clean: ArtifactRef,
  shard: number,
): Promise<RoleRows> {
  const rows = new Map<DataRole, LocalRows>()
  for (const role of dataRoles)
    if (pipeline.extract[role] !== undefined)
      rows.set(role, await fetchRows(store, clean, shard, fileRoleOf(pipeline.extract, role)))
  return rows
}

/** What cleansing found in all clean rows; only compositions ask for it. */
export async function readLevels(
  store: ArtifactStore,
  clean: ArtifactRef,
  { files }: Manifest,
  specs: readonly FeatureSpec[],
): Promise<FeatureInputs['levels']> {
  const isAsked = specs.some(({ type, levels }) => type === 'composition' && levels.pinned === null)
  return levelsIn(isAsked ? await readDocument<LevelsProfile>(store, clean.uri, files, 'profile') : { roles: {} })
}

/** Makes relations named after the roles, and compiles the features over them. */
export async function compileOver(
  session: ComputeSession,
  plan: RunPlan,
  specs: readonly FeatureSpec[],
  roles: RoleRows,
  levels: FeatureInputs['levels'],
): Promise<CompiledFeatures> {
  const columns: Partial<Record<DataRole, Readonly<Record<string, string>>>> = {}
  for (const [role, { path }] of roles) {
    await session.execute(`create view ${role} as select * from read_parquet(${quoteText(path)})`)
    columns[role] = Object.fromEntries((await describeColumns(session, role)).map(({ name, type }) => [name, type]))
  }
  const { asOf, timezone } = plan
  const windowStarts = Object.fromEntries(windowsOf(specs).map((one) => [one, windowStart(asOf, one, timezone)]))
  const inputs = { asOf, timezone, windowStarts, population: populationOf(plan), columns, levels }
  for (const spec of specs.filter(({ sql }) => sql !== null)) await tryExpression(session, spec, inputs)
  return compileFeatures(specs, inputs)
}

/** @throws ConfigInvalid when the pipeline's own SQL does not work, or could give something else each time */
async function tryExpression(session: ComputeSession, spec: FeatureSpec, inputs: FeatureInputs): Promise<void> {
  const { expression, of } = spec.sql!
  const [parsed] = await session.rows(parseExpressionSql(expression))
  readExpression(expression, String(parsed!.tree), whereOf(spec))
  checkAggregates(spec, String(parsed!.tree))
  try {
    await session.rows(compileTrial(inputs, of, tryFeatureSql(spec)))
  } catch (error) {
    throw explainFeatureSql(error, spec)
  }
}

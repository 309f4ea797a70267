import type { ComputeSession } from '../../../src/ports/compute-engine.ts'
import { windowStart } from '../../../src/plan/windows.ts'
import type { DataRole } from '../../../src/run/data-roles.ts'
import { dataRoles } from '../../../src/run/data-roles.ts'
import { compileFeatures, windowsOf } from '../../../src/stages/features/compile-features.ts'
import type { CompiledFeatures, FeatureInputs } from '../../../src/stages/features/compile-features.ts'
import { featuresConfig } from '../../../src/stages/features/config.ts'
import { resolveFeatures } from '../../../src/stages/features/resolve-features.ts'

export interface At {
  readonly asOf: string
  readonly timezone: string
  readonly population?: 'transactions' | 'customers'
}

/** Compiles against the relations of the session that are named after roles. */
export async function featuresOf(
  session: ComputeSession,
  config: readonly unknown[],
  { asOf, timezone, population = 'transactions' }: At,
): Promise<CompiledFeatures> {
  const columns: Partial<Record<DataRole, Readonly<Record<string, string>>>> = {}
  const tables = await session.rows(
    'select table_name from duckdb_tables() union all select view_name from duckdb_views()',
  )
  for (const role of dataRoles.filter((name) => tables.some((table) => table.table_name === name))) {
    const described = await session.rows(`describe select * from ${role}`)
    columns[role] = Object.fromEntries(described.map((row) => [String(row.column_name), String(row.column_type)]))
  }
  const mapped = Object.fromEntries(Object.entries(columns).map(([role, names]) => [role, Object.keys(names)]))
  const specs = resolveFeatures(featuresConfig.parse(config), mapped)
  const windowStarts = Object.fromEntries(
    windowsOf(specs).map((window) => [window, windowStart(asOf, window, timezone)]),
  )
  const levels = await levelsOf(session, columns, asOf)
  return compileFeatures(specs, { asOf, timezone, windowStarts, population, columns, levels })
}

/** As cleansing profiles them. */
async function levelsOf(
  session: ComputeSession,
  columns: FeatureInputs['columns'],
  asOf: string,
): Promise<FeatureInputs['levels']> {
  const known = new Map<string, { value: string; count: number }[]>()
  for (const [role, names] of Object.entries(columns))
    for (const [name, type] of Object.entries(names)) {
      if (type !== 'VARCHAR') continue
      const before = 'occurred_at' in names ? `occurred_at < timestamptz '${asOf}'` : 'true'
      const rows = await session.rows(
        `select "${name}" as value, count(*) as n from ${role} where ${before} and "${name}" is not null group by all order by n desc, value`,
      )
      known.set(
        `${role}.${name}`,
        rows.map((row) => ({ value: String(row.value), count: Number(row.n) })),
      )
    }
  return (role, column) => known.get(`${role}.${column}`) ?? []
}

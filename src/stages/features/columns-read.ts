import type { FeatureSpec } from './config.ts'
import { entryOf } from './resolve-features.ts'
import type { MappedColumns } from './check-requests.ts'

/** Any instant and level: only which columns the SQL mentions is looked at. */
const SOME_INSTANT = '2000-01-01T00:00:00.000Z'

/**
 * Which of some columns a feature is computed from: those that its SQL mentions, and those it cannot do without.
 *
 * @param mapped columns of each role that there are: some features read a column only where it is mapped
 */
export function columnsRead(spec: FeatureSpec, columns: readonly string[], mapped: MappedColumns): readonly string[] {
  const entry = entryOf(spec)
  const sql = entry.compile({
    column: spec.column,
    prefix: 'feature_',
    windowStart: null,
    asOf: SOME_INSTANT,
    timezone: 'UTC',
    startOf: () => SOME_INSTANT,
    columnsOf: (role) => Object.fromEntries((mapped[role] ?? []).map((name) => [name, 'VARCHAR'])),
    levels: () => ['some'],
    settings: spec.settings,
  })
  const text = JSON.stringify([sql.aggregations, Object.values(sql.values), Object.values(sql.texts ?? {})])
  const needed = entry.needs.flatMap((need) => need.columns)
  return columns.filter((column) => needed.includes(column) || new RegExp(`\\b${column}\\b`).test(text))
}

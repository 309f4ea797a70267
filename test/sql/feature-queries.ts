import { windowStart } from '../../src/plan/windows.ts'
import { roles } from '../../src/run/data-roles.ts'
import type { ColumnType, DataRole } from '../../src/run/data-roles.ts'
import { dataRoles } from '../../src/run/data-roles.ts'
import { entries } from '../../src/stages/features/catalogue.ts'
import { compileFeatures, windowsOf } from '../../src/stages/features/compile-features.ts'
import { featuresConfig } from '../../src/stages/features/config.ts'
import { resolveFeatures } from '../../src/stages/features/resolve-features.ts'
import { neededSettings } from '../stages/features/needed-settings.ts'
import type { CompiledQueries } from './stage-queries.ts'

const sqlTypes: Readonly<Record<ColumnType, string>> = {
  text: 'VARCHAR',
  timestamp: 'TIMESTAMP',
  date: 'DATE',
  decimal: 'DECIMAL(18,4)',
  integer: 'BIGINT',
  boolean: 'BOOLEAN',
}

function columnsOf(role: DataRole): Readonly<Record<string, string>> {
  const own = Object.entries(roles[role].columns).map(([name, type]) => [name, sqlTypes[type]] as const)
  return Object.fromEntries([
    ['bucket', 'INTEGER'],
    ...own,
    ...(role === 'transactions' ? [['is_return', 'BOOLEAN'] as const] : []),
  ])
}

/** Every feature of the catalogue, with a window and a cutoff where it takes one. */
function compile(span: { readonly window?: string }, population: 'transactions' | 'customers'): CompiledQueries {
  const asOf = '2026-10-01T00:00:00Z'
  const config = entries.map((entry) => ({
    [entry.name]: {
      ...neededSettings(entry),
      ...(entry.window === 'any' ? span : {}),
      ...(entry.settings?.cutoff && span.window !== undefined ? { cutoff: '90 days' } : {}),
    },
  }))
  const specs = resolveFeatures(featuresConfig.parse(config))
  const windowStarts = Object.fromEntries(windowsOf(specs).map((one) => [one, windowStart(asOf, one, 'UTC')]))
  const columns = Object.fromEntries(dataRoles.map((role) => [role, columnsOf(role)]))
  const levels = () => [
    { value: 'a', count: 3 },
    { value: 'b', count: 2 },
  ]
  const compiled = compileFeatures(specs, {
    asOf,
    timezone: 'Europe/London',
    windowStarts,
    population,
    columns,
    levels,
  })
  return {
    tables: dataRoles.map(
      (role) =>
        `create table ${role} (${Object.entries(columns[role]!)
          .map(([name, type]) => `${name} ${type}`)
          .join(', ')})`,
    ),
    keys: {},
    queries: {
      query: compiled.query,
      counts: compiled.counts,
      ...(compiled.sums === null ? {} : { sums: compiled.sums }),
    },
  }
}

export const featureQueries: Readonly<Record<string, CompiledQueries>> = {
  'features of all time': compile({}, 'transactions'),
  'features of a window': compile({ window: '12 months' }, 'customers'),
}

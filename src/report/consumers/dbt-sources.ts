import type { ContractColumn, ContractView } from '../../run/contract.ts'
import { runStates } from '../../run/run-status.ts'
import { lineageKinds, moveReasons } from '../../run/transition.ts'
import { gateOutcomes } from '../../run/verdict.ts'

export interface DbtRequest {
  /** Postgres schema of the views. */
  readonly schema: string
  readonly views: readonly ContractView[]
  /** After how many days without a publication dbt warns, and fails; absent: nothing runs on a schedule. */
  readonly freshness?: { readonly warnDays: number; readonly errorDays: number }
}

/** What tells rows of a view apart. Views of one pipeline, `<pipeline>_customers`, have one of their own. */
const keys: Readonly<Record<string, readonly string[]>> = {
  customer_segments: ['pipeline', 'customer_id'],
  customer_segment_history: ['pipeline', 'customer_id', 'valid_from'],
  customer_segment_memberships: ['pipeline', 'customer_id', 'segment_key', 'layer'],
  customer_scores: ['pipeline', 'customer_id', 'score'],
  customer_reasons: ['pipeline', 'customer_id'],
  customer_features: ['pipeline', 'customer_id', 'feature'],
  segments: ['pipeline', 'segment_key'],
  segment_profiles: ['run_key', 'revision', 'segment_key', 'feature'],
  segment_events: ['run_key', 'revision', 'customer_id'],
  runs: ['run_key', 'revision'],
  validation_checks: ['run_key', 'revision', 'gate'],
}

/** Columns of a closed set of values, by name, wherever they are. */
const values: Readonly<Record<string, readonly string[]>> = {
  move_reason: moveReasons,
  outcome: gateOutcomes,
  verdict: gateOutcomes,
  'runs.status': runStates,
  'segment_lineage.kind': lineageKinds,
  'segment_events.event': ['entered', 'left', 'moved'],
}

const SOURCE = 'resegment'
const SEGMENT_COLUMNS = ['segment_key', 'next_segment_key', 'from_segment_key', 'to_segment_key', 'parent_segment_key']

/** `sources.yml` of dbt, as a value: every view with its descriptions, and what it promises as tests. */
export function dbtSources({ schema, views, freshness }: DbtRequest): Readonly<Record<string, unknown>> {
  const names = views.map(({ name }) => name)
  return {
    version: 2,
    sources: [
      {
        name: SOURCE,
        description:
          'Customer segments, as resegment publishes them. The views are a contract: they survive every publication.',
        schema,
        tables: views.map((view) => ({
          name: view.name,
          description: view.description,
          ...(view.name === 'runs' && freshness ? { config: freshnessOf(freshness) } : {}),
          ...testsOf(keyTests(view)),
          columns: view.columns.map((column) => ({
            name: column.name,
            description: column.description,
            data_type: column.type,
            ...testsOf(columnTests(view, column, names)),
          })),
        })),
      },
    ],
  }
}

function freshnessOf({ warnDays, errorDays }: NonNullable<DbtRequest['freshness']>): Readonly<Record<string, unknown>> {
  return {
    loaded_at_field: 'published_at',
    freshness: {
      warn_after: { count: warnDays, period: 'day' },
      error_after: { count: errorDays, period: 'day' },
    },
  }
}

function testsOf(tests: readonly unknown[]): Readonly<Record<string, unknown>> {
  return tests.length === 0 ? {} : { data_tests: tests }
}

function keyOf({ name, columns }: ContractView): readonly string[] {
  const isOfOnePipeline = name.endsWith('_customers') && columns.some((column) => column.name === 'customer_id')
  return keys[name] ?? (isOfOnePipeline ? ['customer_id'] : [])
}

/** dbt's own `unique` knows one column: several are joined to one text. Texts in front of their lengths, so that no two keys meet. */
function keyTests(view: ContractView): readonly unknown[] {
  const key = keyOf(view)
  if (key.length < 2) return []
  const parts = key.map((column) => `length(${column}::text) || ':' || ${column}::text`)
  return [{ unique: { name: `unique_${view.name}`, arguments: { column_name: `(${parts.join(" || ':' || ")})` } } }]
}

function columnTests(
  view: ContractView,
  { name, nullable }: ContractColumn,
  views: readonly string[],
): readonly unknown[] {
  const key = keyOf(view)
  const accepted = values[`${view.name}.${name}`] ?? values[name]
  const isSegment = SEGMENT_COLUMNS.includes(name) && view.name !== 'segments' && views.includes('segments')
  return [
    ...(nullable ? [] : ['not_null']),
    ...(key.length === 1 && key[0] === name ? ['unique'] : []),
    ...(accepted ? [{ accepted_values: { arguments: { values: accepted } } }] : []),
    ...(isSegment
      ? [{ relationships: { arguments: { to: `source('${SOURCE}', 'segments')`, field: 'segment_key' } } }]
      : []),
  ]
}

import { z } from 'zod'
import { gateUnits } from '../../../run/figures.ts'
import { ConfigInvalid } from '../../../errors/config-invalid.ts'
import { quoteName } from '../../../sql/sql-text.ts'
import { everyRun, type GateEntry, type GateFacts, type GateFinding } from './entry.ts'
import { levels, notComputable } from './thresholds.ts'

export const customGate = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z][A-Za-z0-9]*$/)
      .describe('Name in reports and in view validation_checks: `bigSpendersStay`. None of the catalogue.'),
    sql: z
      .string()
      .min(1)
      .describe(
        'A query of the engine (DuckDB) that gives one row with one number, over the views `candidate` and `published`; no number (null): it cannot be computed. See the guide on gates.',
      ),
    meaning: z.string().min(1).optional().describe('What it looks at, in one sentence. Default: the query.'),
    unit: z.enum(gateUnits).default('index').describe('What the number is: a share and a change are shown in percent.'),
    compares: z
      .boolean()
      .default(false)
      .describe('Whether it compares with what is live: it has nothing to say on a first run then.'),
    why: z.string().min(1).optional().describe('Why it matters.'),
    remedy: z.string().min(1).optional().describe('What one may do.'),
    ...levels,
    whenNotComputable: notComputable
      .optional()
      .describe('What a run does when the query gives no number. Default: as for every gate.'),
  })
  .describe('A gate of your own.')

export type CustomGate = z.infer<typeof customGate>

/** An entry like those of the catalogue. */
export function customEntry({ name, sql, meaning, unit, compares, why, remedy }: CustomGate): GateEntry {
  const what = meaning ?? `What this query gives: ${shorten(sql)}`
  const text = {
    unit,
    runs: everyRun,
    meaning: what,
    formula: sql,
    source: 'The pipeline.',
    why: why ?? 'The pipeline asks for it.',
    remedy: remedy ?? 'See the query under validate.custom; `resegment moves RUN --all` lists the customers.',
    defaults: {},
    measure: ({ custom }: GateFacts): readonly GateFinding[] => {
      const value = custom[name] ?? null
      const said = meaning === undefined ? '' : ` (${meaning.replace(/\.$/, '')})`
      return [{ value, message: value === null ? 'The query gave no number.' : `The query gave ${value}${said}.` }]
    },
  }
  return compares ? { kind: 'comparison', ...text } : { kind: 'quality', ...text }
}

/** Columns of view `candidate` that are no features, in the documented order. */
export const candidateColumns = [
  'customer_id',
  'segment_key',
  'previous_segment_key',
  'move_reason',
  'confidence',
  'distance',
  'next_segment_key',
  'is_outlier',
  'layer',
] as const

/**
 * What queries of gates may read: `candidate`, a row a customer with the final segment and the features, and `published`, the memberships
 * that are live. Needs tables `resolved`, `population` and `live`.
 *
 * @param features columns of `population`
 */
export function compileCustomViews(features: readonly string[]): readonly string[] {
  const own = candidateColumns.map((column) => `r.${column}`)
  const taken: readonly string[] = candidateColumns
  const values = features.filter((column) => !taken.includes(column)).map((column) => `p.${quoteName(column)}`)
  return [
    `CREATE VIEW candidate AS SELECT ${[...own, ...values].join(', ')} FROM resolved AS r JOIN population AS p ON p.customer_id = r.customer_id`,
    'CREATE VIEW published AS SELECT customer_id, segment_key FROM live',
  ]
}

/** The line break ends a comment in the query. In brackets nothing but a query can stand. */
export function compileCustomGate({ sql }: CustomGate): string {
  return `SELECT * FROM (${withoutEnd(sql)}\n) LIMIT 2`
}

/** DuckDB adds floats in the order in which threads come: beyond these digits a sum of them may differ from run to run. */
const SIGNIFICANT_DIGITS = 9

/** @throws ConfigInvalid where it is not one number */
export function readCustomGate(gate: CustomGate, rows: readonly Readonly<Record<string, unknown>>[]): number | null {
  const [first, second] = rows
  const columns = Object.keys(first ?? {})
  if (first === undefined || second !== undefined)
    throw notOneNumber(gate, first === undefined ? 'no row' : 'several rows')
  if (columns.length !== 1) throw notOneNumber(gate, `${columns.length} columns (${columns.join(', ')})`)
  const value = first[columns[0]!]
  if (value === null) return null
  const number = typeof value === 'bigint' || typeof value === 'number' ? Number(value) : NaN
  if (Number.isNaN(number) && typeof value !== 'number')
    throw notOneNumber(gate, `${typeof value === 'boolean' ? 'a boolean' : 'text'} ("${String(value).slice(0, 40)}")`)
  return Number.isFinite(number) ? Number(number.toPrecision(SIGNIFICANT_DIGITS)) : null
}

/** The engine's words for "this SQL does not fit", and for values that do not fit what it does with them. */
const BY_THE_SQL = /\b(Parser|Binder|Catalog|Conversion|Invalid Input|Out of Range|Not implemented) Error\b/

/** An error of the engine that a gate's query caused, in words for its author; any other error as it came. */
export function explainCustomGate(error: unknown, gate: CustomGate, features: readonly string[]): unknown {
  if (!(error instanceof Error) || !BY_THE_SQL.test(error.message)) return error
  return new ConfigInvalid(
    `validate.custom ${gate.name}: "${shorten(gate.sql)}" does not work: ${error.message.split('\n')[0]!.slice(0, 400)}.`,
    `View candidate has ${[...candidateColumns, ...features].join(', ')}; view published customer_id and segment_key. Correct the query, then start the next revision.`,
    { cause: error },
  )
}

function notOneNumber(gate: CustomGate, came: string): ConfigInvalid {
  return new ConfigInvalid(
    `validate.custom ${gate.name}: "${shorten(gate.sql)}" gives ${came}; a gate wants one row with one number.`,
    'Make it an aggregate, such as select count(*) filter (where …) / count(*) from candidate; then start the next revision.',
  )
}

export function withoutEnd(sql: string): string {
  return sql.trim().replace(/;\s*$/, '')
}

function shorten(sql: string): string {
  const line = sql.trim().replaceAll(/\s+/g, ' ')
  return line.length > 160 ? `${line.slice(0, 159)}…` : line
}

import { quoteName, timestamp } from '../../sql/sql-text.ts'
import { ConfigInvalid } from '../../errors/config-invalid.ts'
import type { DataRole } from '../../run/data-roles.ts'
import type { Aggregation, CatalogueEntry, FeatureRelation, FeatureRequest, FeatureSql } from './catalogue/entry.ts'
import type { FeatureSpec } from './config.ts'
import { chooseLevels } from './choose-levels.ts'
import type { LevelCount } from './choose-levels.ts'
import { compileRelations, relationNames } from './relations.ts'
import type { RelationInputs } from './relations.ts'
import { entryOf } from './resolve-features.ts'

/** Raised whenever the stage's meaning changes. */
export const FEATURES_VERSION = 5

export interface FeatureInputs extends RelationInputs {
  /** IANA zone of the pipeline. */
  readonly timezone: string
  /** Window (`12 months`) → ISO instant at which it begins, for every window of `windowsOf`. */
  readonly windowStarts: Readonly<Record<string, string>>
  /** Who gets a row: customers with an order, or all of role customers. */
  readonly population: 'transactions' | 'customers'
  /** Values of a text column over all clean rows, most frequent first. */
  readonly levels: (role: DataRole, column: string) => readonly LevelCount[]
}

/** The SQL of a shard. It reads relations named after the roles. */
export interface CompiledFeatures {
  /** bucket, customer_id, then the columns of the features: DOUBLE, or VARCHAR for categories and texts beside values. */
  readonly query: string
  readonly orderBy: string
  /** One row: `customers` with a row, `customers_without_order` that get none. */
  readonly counts: string
  /** One row: `<index of the feature>_<name>`, whole numbers as text, for what entries add up over customers; null without any. */
  readonly sums: string | null
}

/** Windows whose start `compileFeatures` asks for. */
export function windowsOf(specs: readonly FeatureSpec[]): readonly string[] {
  const windows = specs.flatMap((spec) => [
    ...(entryOf(spec).windows ?? []),
    ...(spec.window ? [spec.window] : []),
    ...(typeof spec.settings.cutoff === 'string' ? [spec.settings.cutoff] : []),
  ])
  return [...new Set(windows)]
}

/**
 * Compiles the features of one shard: one row for each customer of the population.
 *
 * An order is the lines of one order_id of a customer that are not returns; its instant is its earliest line, and it belongs to a window
 * by that instant. With population `transactions` a customer with nothing but returns has no order: no row, but counted. Rows at or after
 * the as-of never count, whatever the clean rows hold.
 *
 * @throws ConfigInvalid when a feature's role or column is not there
 */
export function compileFeatures(specs: readonly FeatureSpec[], inputs: FeatureInputs): CompiledFeatures {
  const compiled = specs.map((spec) => {
    const entry = entryOf(spec)
    assertNeeds(entry, inputs)
    return { spec, sql: entry.compile(requestOf(spec, inputs)) }
  })
  const passes = mergePasses(compiled.flatMap(({ sql }) => sql.aggregations))
  const used = new Set(passes.map(({ of }) => of))
  const base = chooseBase(passes, inputs)
  if (base.pass === null && inputs.population === 'transactions') used.add('orders')
  if (inputs.population === 'customers') used.add('customers')
  const mentions = (relation: FeatureRelation, column: string): boolean =>
    passes.some(({ of, text }) => of === relation && new RegExp(`\\b${column}\\b`).test(text))
  const tables = [
    ...compileRelations(inputs, used, mentions),
    ...(base.pass === null ? [`population as (${base.sql})`] : []),
    ...passes.map((pass, index) => `pass_${index} as (${passSql(pass, index === base.pass)}\n      )`),
  ]
  const first = base.pass === null ? 'population' : `pass_${base.pass}`
  const others = passes.map((_, index) => index).filter((index) => index !== base.pass)
  const from = `from ${first}${others.map((index) => `\n      left join pass_${index} using (customer_id)`).join('')}`
  // Features that are made of the same columns have them once.
  const values = [...new Set(compiled.flatMap(({ spec, sql }) => valuesOf(spec, sql)))]
  const sums = compiled.flatMap(({ sql }, index) =>
    Object.entries(sql.sums ?? {}).map(
      ([name, aggregate]) => `cast(cast(coalesce(${aggregate}, 0) as hugeint) as varchar) as "${index}_${name}"`,
    ),
  )
  const withTables = `with ${tables.join(', ')}`
  return {
    query: `
      ${withTables}
      select bucket, customer_id,
        ${values.join(',\n        ')}
      ${from}`,
    orderBy: 'bucket, customer_id',
    counts: countsQuery(inputs),
    sums: sums.length === 0 ? null : `${withTables} select ${sums.join(', ')} ${from}`,
  }
}

interface Pass {
  readonly of: FeatureRelation
  /** Everything it says of the relation's rows. */
  readonly text: string
  readonly aggregation: Aggregation
}

/** Aggregations over the same rows in one group-by each. */
function mergePasses(aggregations: readonly Aggregation[]): readonly Pass[] {
  const byRows = new Map<string, Aggregation>()
  for (const { of, where, per, aggregates } of aggregations) {
    const key = JSON.stringify([of, where, per])
    const known = byRows.get(key)
    byRows.set(key, {
      of,
      ...(where === undefined ? {} : { where }),
      ...(per === undefined ? {} : { per }),
      aggregates: { ...known?.aggregates, ...aggregates },
    })
  }
  return [...byRows.values()].map((pass) => ({
    of: pass.of,
    text: JSON.stringify(pass),
    aggregation: pass,
  }))
}

/** @param withBucket the first pass says whose row it is; the others join it */
function passSql({ aggregation: { of, where, per, aggregates } }: Pass, withBucket: boolean): string {
  const condition = where === undefined ? '' : `\n        where ${where}`
  const rows = per
    ? `(
          select customer_id${listed({ ...per.by, ...per.aggregates })}
          from ${relationNames[of]}${condition}
          group by ${['customer_id', ...Object.values(per.by)].join(', ')}
        )`
    : `${relationNames[of]}${condition}`
  return `
        select ${withBucket ? 'min(bucket) as bucket, ' : ''}customer_id${listed(aggregates)}
        from ${rows}
        group by customer_id`
}

function listed(columns: Readonly<Record<string, string>>): string {
  return Object.entries(columns)
    .map(([name, sql]) => `,\n          ${sql} as ${name}`)
    .join('')
}

/** A pass over all orders has a row for each customer of the population already. */
function chooseBase(passes: readonly Pass[], { population }: FeatureInputs): { pass: number | null; sql: string } {
  if (population === 'customers') return { pass: null, sql: 'select bucket, customer_id from customer_rows' }
  const isWhole = ({ aggregation: { of, where, per } }: Pass): boolean =>
    (of === 'purchases' || of === 'orders') && where === undefined && per === undefined
  const pass = passes.findIndex(isWhole)
  const sql = 'select min(bucket) as bucket, customer_id from orders group by customer_id'
  return pass < 0 ? { pass: null, sql } : { pass, sql }
}

function valuesOf({ type }: FeatureSpec, { values, texts = {} }: FeatureSql): readonly string[] {
  const castTo = (as: string, columns: Readonly<Record<string, string>>): readonly string[] =>
    Object.entries(columns).map(([column, sql]) => `cast(${sql} as ${as}) as ${quoteName(column)}`)
  return [...castTo(type === 'category' ? 'varchar' : 'double', values), ...castTo('varchar', texts)]
}

function countsQuery({ population, asOf }: FeatureInputs): string {
  if (population === 'customers')
    return 'select count(distinct customer_id) as customers, 0 as customers_without_order, null as history_us from customers'
  return `
      select count(*) filter (where has_order) as customers, count(*) filter (where not has_order) as customers_without_order,
        date_diff('microsecond', min(first_at), ${timestamp(asOf)}) as history_us
      from (
        select customer_id, bool_or(not is_return) as has_order, min(occurred_at) filter (where not is_return) as first_at
        from transactions
        where occurred_at < ${timestamp(asOf)}
        group by customer_id
      )`
}

function requestOf(spec: FeatureSpec, inputs: FeatureInputs): FeatureRequest {
  const startOf = (window: string): string => {
    const start = inputs.windowStarts[window]
    if (start === undefined) throw new Error(`No start given for the window ${window}.`)
    return start
  }
  return {
    column: spec.column,
    prefix: `${spec.column.toLowerCase()}__`,
    windowStart: spec.window === null ? null : startOf(spec.window),
    asOf: inputs.asOf,
    timezone: inputs.timezone,
    startOf,
    columnsOf: (role) => inputs.columns[role] ?? {},
    levels: (role, column) => chooseLevels(inputs.levels(role, column), spec.levels),
    settings: spec.settings,
  }
}

function assertNeeds({ name, needs }: CatalogueEntry, { columns }: FeatureInputs): void {
  for (const { role, columns: needed } of needs) {
    const there = columns[role]
    const missing = there ? needed.filter((column) => !(column in there)) : needed
    if (there && missing.length === 0) continue
    const what = there ? `column ${missing.join(', ')} of ${role}` : `rows of role ${role}`
    throw new ConfigInvalid(
      `Feature ${name} needs ${what}, but there is ${there ? Object.keys(there).join(', ') : Object.keys(columns).join(', ')}.`,
      `Map what is missing in a source of extract.${role}, or remove ${name} from features.`,
    )
  }
}

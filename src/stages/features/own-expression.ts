import { ConfigInvalid } from '../../errors/config-invalid.ts'
import type { FeatureSpec } from './config.ts'

/** Aggregates that give the same for any order of rows, whatever they look at. */
const orderFree = new Set([
  'count',
  'count_star',
  'min',
  'max',
  'bool_and',
  'bool_or',
  'quantile_cont',
  'quantile_disc',
])
/** The same over whole numbers and DECIMAL, where adding is exact. */
const overExactNumbers = new Set([
  'sum',
  'avg',
  'mean',
  'median',
  'bit_and',
  'bit_or',
  'bit_xor',
  'count_if',
  'countif',
])
/** Functions that keep whole numbers and DECIMAL what they are, or turn something else into whole numbers. */
const exactFunctions = new Set([
  ...['+', '-', '*', '%', '//', 'abs', 'sign', 'greatest', 'least', 'coalesce', 'nullif', 'ifnull', 'if', 'mod'],
  ...['epoch_us', 'epoch_ms', 'date_diff', 'datediff', 'datesub', 'date_sub', 'length', 'strlen', 'len'],
  ...['year', 'month', 'day', 'hour', 'quarter', 'week', 'weekday', 'dayofweek', 'isodow', 'dayofyear', 'date_part'],
])

type Node = Readonly<Record<string, unknown>>

/** What an expression is called in messages. */
export function whereOf({ column }: FeatureSpec): string {
  return `features.${column}.sql`
}

/**
 * A feature's own expression gives the same for any order of rows and any number of threads: its aggregates only count, compare, or add
 * whole numbers and DECIMAL. What is not known to do so is refused.
 *
 * @param tree the expression as the engine parses it: JSON of a select with it alone
 * @throws ConfigInvalid
 */
export function checkAggregates(spec: FeatureSpec, tree: string): void {
  const where = whereOf(spec)
  const { expression } = spec.sql!
  const refuse = (what: string): never => {
    throw new ConfigInvalid(
      `${where}: "${expression}" ${what}: its result could differ from run to run.`,
      `Use count, min, max, bool_and, bool_or, quantile_cont, or sum, avg and median of whole numbers and DECIMALs (columns, + - *, case, cast to decimal); divide after adding.`,
    )
  }
  const root = (JSON.parse(tree) as { statements: { node: { select_list: Node[] } }[] }).statements[0]!.node
  let aggregates = 0
  const outside = (value: unknown): void => {
    if (value === null || typeof value !== 'object') return
    const node = value as Node
    if (node.class === 'SUBQUERY' || node.class === 'WINDOW') refuse(`has a ${String(node.class).toLowerCase()}`)
    const name = functionName(node)
    if (name !== null && isAggregate(name)) {
      aggregates += 1
      if (!orderFree.has(name) && !overExactNumbers.has(name))
        refuse(`uses ${name}, which depends on the order of rows`)
      if (overExactNumbers.has(name)) (node.children as unknown[]).forEach((child) => exact(child, name))
      return
    }
    Object.values(node).forEach(outside)
  }
  const exact = (value: unknown, aggregate: string): void => {
    if (value === null || typeof value !== 'object') return
    if (Array.isArray(value)) return value.forEach((one) => exact(one, aggregate))
    const node = value as Node
    const name = functionName(node)
    if (name !== null && !exactFunctions.has(name)) refuse(`has ${name} inside ${aggregate}, which may make floats`)
    if (node.class === 'CAST') {
      const type = String((node.cast_type as Node | undefined)?.id ?? '')
      if (/DOUBLE|FLOAT|REAL/.test(type)) refuse(`casts to ${type} inside ${aggregate}`)
      // What is cast to a whole number or DECIMAL may have been anything.
      return
    }
    if (node.class === 'CASE') {
      for (const check of node.case_checks as Node[]) exact(check.then_expr, aggregate)
      return exact(node.else_expr, aggregate)
    }
    if (node.class === 'CONSTANT' && /DOUBLE|FLOAT/.test(JSON.stringify(node.value)))
      refuse(`has a float inside ${aggregate}`)
    if (node.class === 'FUNCTION') (node.children as unknown[]).forEach((child) => exact(child, aggregate))
  }
  outside(root.select_list)
  if (aggregates === 0) refuse('has no aggregate over the rows of a customer')
}

function functionName(node: Node): string | null {
  return node.class === 'FUNCTION' ? String(node.function_name).toLowerCase() : null
}

/** Any name that is not one of the scalar functions people need outside of aggregates counts as one, so that unknown ones are refused. */
function isAggregate(name: string): boolean {
  return !scalars.has(name) && !exactFunctions.has(name)
}

const scalars = new Set([
  ...[
    '/',
    '^',
    '**',
    '||',
    '~~',
    '!~~',
    'round',
    'floor',
    'ceil',
    'ceiling',
    'trunc',
    'sqrt',
    'ln',
    'log',
    'log2',
    'log10',
    'exp',
    'pow',
    'power',
  ],
  ...[
    'lower',
    'upper',
    'trim',
    'substr',
    'substring',
    'concat',
    'replace',
    'split_part',
    'regexp_matches',
    'regexp_extract',
    'contains',
    'starts_with',
  ],
  ...[
    'date_trunc',
    'epoch',
    'to_timestamp',
    'strftime',
    'struct_extract',
    'array_extract',
    'row',
    'struct_pack',
    'isnan',
    'isfinite',
  ],
])

/** The engine's words for "this SQL does not fit". */
const BY_THE_SQL = /\b(Parser|Binder|Catalog) Error\b/

/** The expression by customer, for `compileTrial`. */
export function tryFeatureSql({ sql }: FeatureSpec): string {
  return `(${sql!.expression}\n)`
}

/** An error of the engine that a feature's own SQL caused, in words for its author; any other error as it came. */
export function explainFeatureSql(error: unknown, spec: FeatureSpec): unknown {
  if (!(error instanceof Error) || !BY_THE_SQL.test(error.message)) return error
  const { expression, of } = spec.sql!
  return new ConfigInvalid(
    `${whereOf(spec)}: "${expression}" does not work over ${of}: ${error.message.split('\n')[0]!.slice(0, 500)}.`,
    `Use the columns of ${of}, each inside an aggregate.`,
    { cause: error },
  )
}

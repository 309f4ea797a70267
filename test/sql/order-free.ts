import type { DuckDBConnection } from '@duckdb/node-api'
import { boundPlan, nodesOf } from './bound-plan.ts'
import type { PlanNode } from './bound-plan.ts'
import { givesOneRow, outputKeys } from './unique-keys.ts'
import type { OutputKeys, TableKeys } from './unique-keys.ts'

/** Give the same for any order of rows, whatever the type. */
const ALWAYS = new Set(['count', 'count_star', 'min', 'max', 'bool_and', 'bool_or', 'quantile_cont', 'quantile_disc'])
/** Give the same for any order of rows over integers and DECIMAL, where adding is exact. */
const OVER_EXACT_NUMBERS = new Set([
  ...ALWAYS,
  'sum',
  'sum_no_overflow',
  'avg',
  'mean',
  'bit_and',
  'bit_or',
  'bit_xor',
  'count_if',
  'median',
])
const FLOATS = new Set(['DOUBLE', 'FLOAT'])
/** Ties get equal values, so that the order among them does not show. */
const TIE_FREE_WINDOWS = new Set(['WINDOW_RANK', 'WINDOW_RANK_DENSE', 'WINDOW_PERCENT_RANK', 'WINDOW_CUME_DIST'])
const VOLATILE = new Set([
  'random',
  'uuid',
  'gen_random_uuid',
  'uuidv4',
  'uuidv7',
  'now',
  'current_timestamp',
  'get_current_timestamp',
  'today',
  'current_date',
  'nextval',
])

/**
 * What of a query may differ from run to run, from thread to thread or from shard to shard. A list of what is allowed, so that a
 * function that nobody thought of is refused.
 *
 * - An aggregate over DOUBLE or FLOAT, unless it only counts, compares or takes exact order statistics. The type is the bound one: DuckDB
 *   turns a DECIMAL into a DOUBLE for stddev and corr, which are refused for that.
 * - An aggregate whose result depends on the order of rows: first, any_value, arg_max, mode, list, string_agg, approx_…
 * - A window function that picks by position (row_number, lag, first_value, …) or a limit, unless partition and order contain a unique key
 *   of its input, or all of its columns (rows that tie are then equal).
 * - A function that gives something else each time, and samples.
 *
 * @param keys unique keys of the tables the query reads
 * @returns one sentence each; empty: the query may be used
 */
export async function orderDependence(
  connection: DuckDBConnection,
  sql: string,
  keys: TableKeys = {},
): Promise<readonly string[]> {
  const plan = await boundPlan(connection, sql)
  return [...new Set(refusals(plan, keys, new Map()))]
}

function* refusals(node: PlanNode, tables: TableKeys, ctes: ReadonlyMap<number, OutputKeys>): Generator<string> {
  let known = ctes
  if (node.type === 'LOGICAL_MATERIALIZED_CTE' && node.children?.[0])
    known = new Map([...ctes, [node.table_index ?? 0, outputKeys(node.children[0], tables, ctes)]])
  for (const child of node.children ?? []) yield* refusals(child, tables, known)
  const input = (): OutputKeys =>
    node.children?.[0] ? outputKeys(node.children[0], tables, known) : { width: undefined, keys: [] }
  const own = Object.entries(node).filter(([field]) => field !== 'children')
  for (const expression of nodesOf(own.map(([, value]) => value))) {
    if (expression.expression_class === 'BOUND_AGGREGATE') {
      // A subquery that gives a value is planned as the first of its only row.
      if (!(expression.name === 'first' && givesOneRow(node.children?.[0]))) yield* refuseAggregate(expression)
    }
    if (expression.expression_class === 'BOUND_WINDOW') yield* refuseWindow(expression, input())
    if (expression.expression_class === 'BOUND_FUNCTION' && VOLATILE.has(expression.name ?? ''))
      yield `${expression.name}() gives something else each time`
  }
  if (node.type === 'LOGICAL_SAMPLE') yield 'a sample takes other rows each time'
  if (node.type === 'LOGICAL_DISTINCT' && (node.distinct_type === 'DISTINCT_ON' || node.order_by))
    yield 'distinct on picks any of the rows'
  if (
    (node.type === 'LOGICAL_LIMIT' && !ordersTotally(node.children?.[0], tables, known)) ||
    (node.type === 'LOGICAL_TOP_N' && !coversKey(node.orders ?? [], [], input()))
  )
    yield 'limit without a total order takes any of the rows'
}

function* refuseAggregate(aggregate: PlanNode): Generator<string> {
  const name = aggregate.name ?? ''
  const overFloats = (aggregate.arguments ?? []).some(({ id }) => FLOATS.has(id))
  // count takes ANY: what it counts may be of any type.
  if (ALWAYS.has(name) || (OVER_EXACT_NUMBERS.has(name) && !overFloats)) return
  yield overFloats && OVER_EXACT_NUMBERS.has(name)
    ? `${name} over ${aggregate.arguments!.map(({ id }) => id).join(', ')} depends on the order of adding`
    : `${name} depends on the order of rows, or adds floats`
}

function* refuseWindow(window: PlanNode, input: OutputKeys): Generator<string> {
  if (window.type === 'WINDOW_AGGREGATE')
    yield* refuseAggregate({
      ...window,
      ...window.aggregate,
      arguments: window.arguments ?? window.aggregate?.arguments ?? argumentTypes(window),
    })
  if (TIE_FREE_WINDOWS.has(window.type ?? '')) return
  const orders = window.orders ?? []
  if (window.type === 'WINDOW_AGGREGATE' && orders.length === 0) return
  if (!coversKey(orders, window.partitions ?? [], input))
    yield `${(window.type ?? '').replace('WINDOW_', '').toLowerCase()} without a total order picks any of the rows that tie`
}

function argumentTypes(window: PlanNode): readonly { readonly id: string }[] {
  return (window.children ?? []).flatMap((child) => (child.return_type ? [child.return_type as { id: string }] : []))
}

function coversKey(
  orders: NonNullable<PlanNode['orders']>,
  partitions: readonly PlanNode[],
  input: OutputKeys,
): boolean {
  const covered = new Set(
    [...partitions, ...orders.map(({ expression }) => expression)]
      .filter((one) => one.expression_class === 'BOUND_REF')
      .map((one) => one.index ?? 0),
  )
  const everyColumn = input.width === undefined ? [] : [Array.from({ length: input.width }, (_, index) => index)]
  return [...input.keys, ...everyColumn].some((key) => key.every((position) => covered.has(position)))
}

/** Whether the rows under a limit come in a total order. */
function ordersTotally(node: PlanNode | undefined, tables: TableKeys, ctes: ReadonlyMap<number, OutputKeys>): boolean {
  if (node?.type === 'LOGICAL_PROJECTION') return ordersTotally(node.children?.[0], tables, ctes)
  if (givesOneRow(node)) return true
  if (node?.type !== 'LOGICAL_ORDER_BY' || !node.children?.[0]) return false
  return coversKey(node.orders ?? [], [], outputKeys(node.children[0], tables, ctes))
}

import type { DuckDBConnection } from '@duckdb/node-api'

/** A node or expression of DuckDB's bound logical plan; only what the checks look at. */
export interface PlanNode {
  readonly type?: string
  readonly expression_class?: string
  readonly name?: string
  readonly index?: number
  readonly children?: readonly PlanNode[]
  readonly expressions?: readonly PlanNode[]
  readonly groups?: readonly PlanNode[]
  readonly grouping_sets?: readonly (readonly number[])[]
  readonly partitions?: readonly PlanNode[]
  readonly orders?: readonly { readonly expression: PlanNode }[]
  readonly arg_orders?: readonly unknown[]
  readonly order_bys?: { readonly orders?: readonly unknown[] }
  readonly arguments?: readonly { readonly id: string }[]
  readonly aggregate?: PlanNode
  readonly names?: readonly string[]
  readonly column_indexes?: readonly { readonly index?: number }[]
  readonly projection_ids?: readonly number[]
  readonly projection_map?: readonly number[]
  readonly left_projection_map?: readonly number[]
  readonly right_projection_map?: readonly number[]
  readonly join_type?: string
  readonly conditions?: readonly { readonly left: PlanNode; readonly right: PlanNode; readonly comparison: string }[]
  readonly function_data?: { readonly table?: string }
  readonly cte_index?: number
  readonly table_index?: number
  readonly chunk_types?: readonly unknown[]
  readonly [other: string]: unknown
}

/**
 * Binds a select statement against the connection's tables, as DuckDB itself does: every function with the types it really gets, every
 * column by its position.
 */
export async function boundPlan(connection: DuckDBConnection, sql: string): Promise<PlanNode> {
  const reader = await connection.runAndReadAll(
    `select json_serialize_plan('${sql.replaceAll("'", "''")}', skip_null := true, skip_empty := true)`,
  )
  const answer = JSON.parse(String(reader.getRows()[0]![0])) as {
    error: boolean
    error_message?: string
    plans?: readonly PlanNode[]
  }
  if (answer.error || answer.plans?.length !== 1)
    throw new Error(`Cannot bind, so cannot check: ${answer.error_message ?? 'not one statement'}\n${sql}`)
  return answer.plans[0]!
}

/** Every object of the plan that has a type, parents first. */
export function* nodesOf(value: unknown): Generator<PlanNode> {
  if (Array.isArray(value)) for (const inner of value) yield* nodesOf(inner)
  else if (value !== null && typeof value === 'object') {
    if ('type' in value || 'expression_class' in value) yield value as PlanNode
    for (const inner of Object.values(value)) yield* nodesOf(inner)
  }
}

import type { PlanNode } from './bound-plan.ts'

/** What is known of a node's output: how many columns, and which sets of positions tell any two rows apart. */
export interface OutputKeys {
  /** Undefined: not known. */
  readonly width: number | undefined
  readonly keys: readonly (readonly number[])[]
}

/** Unique keys of base tables, by column name. */
export type TableKeys = Readonly<Record<string, readonly (readonly string[])[]>>

const unknown: OutputKeys = { width: undefined, keys: [] }

/** Follows keys from tables and group-bys upwards. What it does not know has no key, so that a check errs on the refusing side. */
export function outputKeys(node: PlanNode, tables: TableKeys, ctes: ReadonlyMap<number, OutputKeys>): OutputKeys {
  const child = (): OutputKeys => (node.children?.[0] ? outputKeys(node.children[0], tables, ctes) : unknown)
  switch (node.type) {
    case 'LOGICAL_GET': {
      const scanned = (node.column_indexes ?? []).map(({ index }) => node.names?.[index ?? 0])
      const names = node.projection_ids ? node.projection_ids.map((id) => scanned[id]) : scanned
      const declared = tables[node.function_data?.table ?? ''] ?? []
      const keys = declared.map((key) => key.map((column) => names.indexOf(column)))
      return { width: names.length, keys: keys.filter((key) => !key.includes(-1)) }
    }
    case 'LOGICAL_AGGREGATE_AND_GROUP_BY': {
      const groups = node.groups ?? []
      const width = groups.length + (node.expressions ?? []).length
      return { width, keys: (node.grouping_sets ?? []).length > 1 ? [] : [groups.map((_, index) => index)] }
    }
    case 'LOGICAL_PROJECTION': {
      const sources = (node.expressions ?? []).map((one) =>
        one.expression_class === 'BOUND_REF' ? (one.index ?? 0) : undefined,
      )
      const keys = child().keys.map((key) => key.map((position) => sources.indexOf(position)))
      return { width: sources.length, keys: keys.filter((key) => !key.includes(-1)) }
    }
    case 'LOGICAL_WINDOW': {
      const { width, keys } = child()
      return { width: width === undefined ? undefined : width + (node.expressions ?? []).length, keys }
    }
    case 'LOGICAL_COMPARISON_JOIN':
      return joinKeys(node, child(), node.children?.[1] ? outputKeys(node.children[1], tables, ctes) : unknown)
    case 'LOGICAL_FILTER':
    case 'LOGICAL_ORDER_BY':
    case 'LOGICAL_LIMIT':
      return node.projection_map?.length ? unknown : child()
    case 'LOGICAL_CTE_REF':
      return ctes.get(node.cte_index ?? 0) ?? { width: node.chunk_types?.length, keys: [] }
    default:
      return unknown
  }
}

/** A side that finds at most one partner for each of its rows keeps its keys. */
function joinKeys(join: PlanNode, left: OutputKeys, right: OutputKeys): OutputKeys {
  const isInner = join.join_type === 'INNER'
  if (!(isInner || join.join_type === 'LEFT')) return unknown
  if (join.left_projection_map?.length || join.right_projection_map?.length) return unknown
  if (left.width === undefined || right.width === undefined) return unknown
  const leftWidth = left.width
  const equal = (join.conditions ?? []).filter(({ comparison }) => comparison === 'COMPARE_EQUAL')
  const findsOne = ({ keys }: OutputKeys, sides: readonly PlanNode[]): boolean => {
    const compared = sides.filter((side) => side.expression_class === 'BOUND_REF').map((side) => side.index ?? 0)
    return keys.some((key) => key.every((position) => compared.includes(position)))
  }
  const keys: (readonly number[])[] = []
  if (
    findsOne(
      right,
      equal.map((one) => one.right),
    )
  )
    keys.push(...left.keys)
  if (
    isInner &&
    findsOne(
      left,
      equal.map((one) => one.left),
    )
  )
    keys.push(...right.keys.map((key) => key.map((position) => position + leftWidth)))
  return { width: leftWidth + right.width, keys }
}

/** Whether a node gives exactly one row: an aggregate without groups. */
export function givesOneRow(node: PlanNode | undefined): boolean {
  if (node?.type === 'LOGICAL_PROJECTION') return givesOneRow(node.children?.[0])
  return node?.type === 'LOGICAL_AGGREGATE_AND_GROUP_BY' && !node.groups?.length
}

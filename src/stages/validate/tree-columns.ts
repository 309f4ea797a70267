import type { TreeColumn } from '../../stats/tree-split.ts'
import type { RuleColumn } from './segment-rules.ts'

/** A column of features that a surrogate tree may ask about. */
export type AskedColumn = Omit<RuleColumn, 'hasUnknown'>

/** @param values as the engine reads the column: numbers with null as NaN, or texts */
export function treeColumn({ levels }: AskedColumn, values: unknown): TreeColumn {
  if (!levels) return { kind: 'number', values: values as Float64Array }
  const positions = new Map(levels.map((level, code) => [level, code]))
  const texts = values as readonly (string | null)[]
  // A level that is not pinned is none of those a rule can name, as an unknown one.
  const codes = Int32Array.from(texts, (text) => (text === null ? -1 : (positions.get(text) ?? -1)))
  return { kind: 'category', codes, levelCount: levels.length }
}

export function hasUnknown(column: TreeColumn): boolean {
  return column.kind === 'number' && column.values.some((value) => Number.isNaN(value))
}

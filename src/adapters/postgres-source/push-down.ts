import { quoteName } from '../../sql/sql-text.ts'
import type { Source } from '../../stages/extract/config.ts'
import { instantKind, type SourceColumn } from './column-types.ts'

/** More than any zone's offset: what the source leaves out would have been left out in any zone. */
const MARGIN_MS = 2 * 24 * 60 * 60 * 1000

/**
 * A condition that leaves most rows after the as-of at the source, or nothing. It never loses a row that counts: NULLs stay, and
 * dates without a zone get a margin; the engine decides to the microsecond.
 */
export function pushDown(source: Source, columns: readonly SourceColumn[], asOf: string | null): string {
  if (asOf === null) return ''
  // A later version of a row, or a later truth about it, keeps an earlier one from counting: it must be seen.
  const replaced = source.key !== undefined || source.validity !== undefined
  const limited = [...(replaced ? [] : [source.columns.occurred_at]), source.recordedAt]
  const conditions = limited.flatMap((mapped) => conditionOn(nameOf(mapped), columns, asOf))
  return conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`
}

function nameOf(mapped: Source['recordedAt']): string | undefined {
  if (mapped === undefined || typeof mapped === 'string') return mapped
  return 'column' in mapped ? mapped.column : undefined
}

function conditionOn(name: string | undefined, columns: readonly SourceColumn[], asOf: string): readonly string[] {
  const column = columns.find((candidate) => candidate.name === name)
  const kind = column ? instantKind(column) : null
  if (!column || !kind) return []
  const limit = kind === 'timestamptz' ? asOf : new Date(Date.parse(asOf) + MARGIN_MS).toISOString()
  const literal = kind === 'timestamptz' ? `timestamptz '${limit}'` : `${kind} '${limit.slice(0, 10)}'`
  return [`(${quoteName(column.name)} < ${literal} OR ${quoteName(column.name)} IS NULL)`]
}

import type { Source } from '../../stages/extract/config.ts'
import { quoteName } from '../../sql/sql-text.ts'
import { instantKind, type SourceColumn } from './column-types.ts'

/** More than any zone's offset: what the source leaves out would have been left out in any zone. */
const MARGIN_MS = 2 * 24 * 60 * 60 * 1000

/**
 * A condition that leaves most rows after the as-of at the source, or nothing. It never loses a row that counts: NULLs stay, and
 * dates without a zone get a margin; the engine decides to the microsecond.
 */
export function pushDown(source: Source, columns: readonly SourceColumn[], asOf: string): string {
  const mapped = source.columns.occurred_at
  const column = typeof mapped === 'string' ? columns.find(({ name }) => name === mapped) : undefined
  const kind = column ? instantKind(column) : null
  if (!column || !kind) return ''
  const name = quoteName(column.name)
  const limit = kind === 'timestamptz' ? asOf : new Date(Date.parse(asOf) + MARGIN_MS).toISOString()
  const literal = kind === 'timestamptz' ? `timestamptz '${limit}'` : `${kind} '${limit.slice(0, 10)}'`
  return ` WHERE (${name} < ${literal} OR ${name} IS NULL)`
}

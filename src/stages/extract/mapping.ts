import { ConfigInvalid } from '../../errors/config-invalid.ts'
import { SourceSchemaChanged } from '../../errors/source-schema-changed.ts'
import { canonicalColumns, type Source } from './config.ts'
import type { ParsedExpression } from './expression.ts'
import { didYouMean } from './nearest-name.ts'
import { quoteName } from '../../sql/sql-text.ts'

export type SourceRole = 'transactions' | 'customers'
export type TargetType = 'text' | 'timestamp' | 'decimal'

/** One column of the raw artifact and where it comes from. */
export interface MappedColumn {
  readonly name: string
  readonly target: TargetType
  /** SQL over the source's columns with their declared types. */
  readonly sql: string
  /** The source's column, for a plain mapping; null for an expression. */
  readonly column: string | null
}

export interface Mapping {
  readonly sourceName: string
  readonly role: SourceRole
  /** In the order of the artifact. */
  readonly columns: readonly MappedColumn[]
  /** Columns of the source that must be read, in its order. */
  readonly usedColumns: readonly string[]
}

const requiredColumns: Readonly<Record<SourceRole, readonly string[]>> = {
  transactions: ['customer_id', 'occurred_at', 'order_id', 'amount'],
  customers: ['customer_id'],
}

/** Names that the artifact gives its own columns. */
const reserved = new Set(['bucket', 'type_faults', 'is_return', 'rule', 'reason'])

/**
 * Joins a source's definition with the columns it has today.
 *
 * @param sourceColumns names and types, as the source describes itself
 * @param expressions what each `{ sql: … }` refers to, by the expression's text
 * @throws ConfigInvalid, SourceSchemaChanged
 */
export function mapSource(
  source: Source,
  sourceName: string,
  role: SourceRole,
  sourceColumns: readonly string[],
  expressions: ReadonlyMap<string, ParsedExpression>,
): Mapping {
  checkNames(source, sourceName, role)
  const used = new Set<string>()
  const columns = orderedNames(source, role).map((name): MappedColumn => {
    const mapped = source.columns[name]!
    const target = role === 'customers' ? 'text' : targetOf(name)
    if (typeof mapped === 'string') {
      if (!sourceColumns.includes(mapped)) throw missingColumn(sourceName, name, mapped, sourceColumns)
      used.add(mapped)
      return { name, target, sql: quoteName(mapped), column: mapped }
    }
    const parsed = expressions.get(mapped.sql)!
    for (const column of columnsOf(parsed, sourceColumns)) used.add(column)
    // The line break ends a comment in the expression.
    return { name, target, sql: `(${mapped.sql}\n)`, column: null }
  })
  for (const declared of Object.keys(source.types))
    if (!sourceColumns.includes(declared)) throw missingColumn(sourceName, 'types', declared, sourceColumns)
  return { sourceName, role, columns, usedColumns: sourceColumns.filter((column) => used.has(column)) }
}

/** The engine does not tell the case of names apart, so neither does the search for them. */
function columnsOf(parsed: ParsedExpression, sourceColumns: readonly string[]): readonly string[] {
  if (parsed.usesAll) return sourceColumns
  const mentioned = new Set(parsed.names.map((name) => name.toLowerCase()))
  return sourceColumns.filter((column) => mentioned.has(column.toLowerCase()))
}

/** Names of an expression that the source does not have. */
export function unknownNames(parsed: ParsedExpression, sourceColumns: readonly string[]): readonly string[] {
  const known = new Set(sourceColumns.map((column) => column.toLowerCase()))
  return parsed.names.filter((name) => !known.has(name.toLowerCase()))
}

export function missingColumn(
  sourceName: string,
  usedBy: string,
  column: string,
  sourceColumns: readonly string[],
): SourceSchemaChanged {
  return new SourceSchemaChanged(
    `Source ${sourceName} has no column "${column}", which ${usedBy} uses. ${didYouMean(column, sourceColumns)}It has ${sourceColumns.map((name) => `"${name}"`).join(', ')}.`,
    `Correct sources.${sourceName} in resegment.yaml, or bring the column back.`,
  )
}

function checkNames(source: Source, sourceName: string, role: SourceRole): void {
  const missing = requiredColumns[role].filter((name) => !(name in source.columns))
  if (missing.length > 0)
    throw new ConfigInvalid(
      `Source ${sourceName} maps no ${missing.join(', ')}, and a source of ${role} needs ${missing.length === 1 ? 'it' : 'them'}.`,
      `Add ${missing.join(', ')} under sources.${sourceName}.columns.`,
    )
  const taken = Object.keys(source.columns).filter((name) => reserved.has(name))
  if (taken.length > 0)
    throw new ConfigInvalid(
      `Source ${sourceName} maps ${taken.join(', ')}, and resegment needs that name itself.`,
      `Give it another name under sources.${sourceName}.columns.`,
    )
}

function orderedNames(source: Source, role: SourceRole): readonly string[] {
  const mapped = Object.keys(source.columns)
  const first = role === 'customers' ? ['customer_id'] : Object.keys(canonicalColumns)
  return [...first.filter((name) => mapped.includes(name)), ...mapped.filter((name) => !first.includes(name)).sort()]
}

function targetOf(name: string): TargetType {
  const types: Readonly<Record<string, TargetType>> = canonicalColumns
  return types[name] ?? 'text'
}

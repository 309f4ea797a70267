import { ConfigInvalid } from '../../errors/config-invalid.ts'
import { SourceSchemaChanged } from '../../errors/source-schema-changed.ts'
import type { ColumnExpression, Source } from './config.ts'
import type { ParsedExpression } from './expression.ts'
import { didYouMean } from './nearest-name.ts'
import { controlRoles, reservedColumns, roles, type ColumnType, type SourceRole } from '../../run/data-roles.ts'
import { quoteName } from '../../sql/sql-text.ts'

/** Columns that decide whether a row counts; no canonical name has a colon. */
export const RECORDED_AT = ':recorded_at'
export const VALID_FROM = ':valid_from'
export const VALID_TO = ':valid_to'

/** One column of the raw artifact, or one that decides about the row, and where it comes from. */
export interface MappedColumn {
  readonly name: string
  /** The key under `sources.<name>`, for messages. */
  readonly where: string
  readonly target: ColumnType
  /** SQL over the source's columns with their declared types. */
  readonly sql: string
  /** The source's column, for a plain mapping; null for an expression. */
  readonly column: string | null
  /** What the value is made of, in the order of the source. */
  readonly madeOf: readonly string[]
}

export interface Mapping {
  readonly sourceName: string
  readonly role: SourceRole
  /** In the order of the artifact, then those that decide about the row. */
  readonly columns: readonly MappedColumn[]
  /** Columns of the source that must be read, in its order. */
  readonly usedColumns: readonly string[]
}

/** What is wanted of a source. */
export interface MappingRequest {
  readonly source: Source
  readonly sourceName: string
  /** Whose columns the names are. */
  readonly role: SourceRole
  /** Canonical columns of a lookup; absent: all that the role takes. */
  readonly only?: readonly string[]
}

/** Keys of a source that hold columns or expressions, with what they give. */
export function mappedKeys({ source, role, only }: Omit<MappingRequest, 'sourceName'>): readonly {
  name: string
  where: string
  target: ColumnType
  from: ColumnExpression
}[] {
  const taken = only ?? takenNames(source, role)
  return [
    ...taken.flatMap((name) => {
      const from = source.columns[name]
      return from === undefined ? [] : [{ name, where: `columns.${name}`, target: targetOf(role, name, from), from }]
    }),
    ...(source.recordedAt === undefined
      ? []
      : [{ name: RECORDED_AT, where: 'recordedAt', target: 'timestamp' as const, from: source.recordedAt }]),
    ...(source.validity === undefined
      ? []
      : [
          { name: VALID_FROM, where: 'validity.from', target: 'timestamp' as const, from: source.validity.from },
          { name: VALID_TO, where: 'validity.to', target: 'timestamp' as const, from: source.validity.to },
        ]),
  ]
}

/**
 * Joins a source's definition with the columns it has today.
 *
 * @param sourceColumns names, as the source describes itself
 * @param expressions what each `{ sql: … }` refers to, by the expression's text
 * @throws ConfigInvalid, SourceSchemaChanged
 */
export function mapSource(
  request: MappingRequest,
  sourceColumns: readonly string[],
  expressions: ReadonlyMap<string, ParsedExpression>,
): Mapping {
  const { source, sourceName, role } = request
  if (request.only === undefined) checkNames(request)
  for (const declared of Object.keys(source.types))
    if (!sourceColumns.includes(declared)) throw missingColumn(sourceName, 'types', declared, sourceColumns)
  const columns = mappedKeys(request).map(({ from, ...key }): MappedColumn => {
    const { name } = key
    const column = columnOf(from)
    if (column !== null) {
      if (!sourceColumns.includes(column))
        throw missingColumn(sourceName, name.startsWith(':') ? key.where : name, column, sourceColumns)
      return { ...key, sql: quoteName(column), column, madeOf: [column] }
    }
    const { sql } = from as { readonly sql: string }
    // The line break ends a comment in the expression.
    return { ...key, sql: `(${sql}\n)`, column, madeOf: columnsOf(expressions.get(sql)!, sourceColumns) }
  })
  const used = new Set(columns.flatMap(({ madeOf }) => madeOf))
  return { sourceName, role, columns, usedColumns: sourceColumns.filter((column) => used.has(column)) }
}

/** The source's column that a mapping names; null for an expression. */
export function columnOf(from: ColumnExpression): string | null {
  if (typeof from === 'string') return from
  return 'column' in from ? from.column : null
}

/** Columns that a source of a role must have and does not, neither mapped nor looked up. */
export function missingNames(source: Source, role: SourceRole): readonly string[] {
  const lookedUp = source.lookups.flatMap(({ columns }) => columns)
  return roles[role].required.filter((name) => !(name in source.columns) && !lookedUp.includes(name))
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

function checkNames({ source, sourceName, role }: MappingRequest): void {
  const missing = missingNames(source, role)
  if (missing.length > 0)
    throw new ConfigInvalid(
      `Source ${sourceName} maps no ${missing.join(', ')}, and a source of ${role} needs ${missing.length === 1 ? 'it' : 'them'}.`,
      `Add ${missing.join(', ')} under sources.${sourceName}.columns.`,
    )
  const reserved: readonly string[] = reservedColumns
  const taken = takenNames(source, role).filter((name) => reserved.includes(name) && !(name in roles[role].columns))
  if (taken.length > 0)
    throw new ConfigInvalid(
      `Source ${sourceName} maps ${taken.join(', ')}, and resegment needs that name itself.`,
      `Give it another name under sources.${sourceName}.columns.`,
    )
}

/** Canonical columns in the order of the role, then all others by name; a control role takes only its own. */
function takenNames(source: Source, role: SourceRole): readonly string[] {
  const mapped = Object.keys(source.columns)
  const known = Object.keys(roles[role].columns)
  const controls: readonly string[] = controlRoles
  const others = controls.includes(role) ? [] : mapped.filter((name) => !known.includes(name)).sort()
  return [...known.filter((name) => mapped.includes(name)), ...others]
}

function targetOf(role: SourceRole, name: string, from: ColumnExpression): ColumnType {
  return roles[role].columns[name] ?? (typeof from === 'string' ? undefined : from.type) ?? 'text'
}

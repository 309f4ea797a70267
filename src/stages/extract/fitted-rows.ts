import { ConfigInvalid } from '../../errors/config-invalid.ts'
import type { ColumnType as DeclaredType, SourceRole } from '../../run/data-roles.ts'
import type { Source } from './config.ts'
import { castDeclared } from './declared-types.ts'
import { fitValue, storedTypes } from './fit-value.ts'
import { VALID_TO, type MappedColumn, type Mapping } from './mapping.ts'
import { quoteName } from '../../sql/sql-text.ts'
import { faultOf, quoted } from './text-value.ts'
import { withoutNullTexts, type Dialect } from './written-text.ts'

/** A source as a session sees it. */
export interface Relation {
  /** SQL that yields the rows. */
  readonly sql: string
  /** Column name → type: the engine's word, or `NUMERIC` for texts that hold numbers of no declared scale. */
  readonly columns: Readonly<Record<string, string>>
}

/** A source that lies before the session, mapped. */
export interface SourceRows {
  readonly source: Source
  readonly relation: Relation
  readonly mapping: Mapping
  readonly dialect: Dialect
}

/** SQL over which the types of mapped values can be asked (`DESCRIBE`), one column each, in their order. */
export function compileValues(rows: SourceRows, columns: readonly MappedColumn[]): string {
  return `SELECT ${columns.map(({ name, sql }) => `${sql} AS ${valueName(name)}`).join(', ')} FROM (${compileTyped(rows)})`
}

/**
 * Every row of the source in its canonical columns, those that decide about the row, and `type_faults`, whatever its date.
 *
 * @param valueTypes type of each mapped value, as `DESCRIBE` gave it
 * @throws ConfigInvalid when a value's type can never fit its column
 */
export function compileFitted(rows: SourceRows, valueTypes: Readonly<Record<string, string>>): string {
  const { relation, mapping, source } = rows
  const declared = mapping.usedColumns.filter((column) => typeOf(rows, column) !== undefined)
  const fits = mapping.columns.map((mapped) => {
    const { name, target, sql, column } = mapped
    // Text stays what it was, also where the column is declared a number for calculations.
    const keepsText = target === 'text' && column !== null && declared.includes(column)
    const type = keepsText ? relation.columns[column]! : valueTypes[name]!
    const fitted = fitValue({
      value: valueName(name),
      type,
      target,
      timezone: source.timezone,
      ...(column === null ? {} : { dialect: rows.dialect }),
      decimalType: decimalTypeOf(mapping.role, name),
    })
    if (fitted === null) throw unfit(mapping.sourceName, mapped, type)
    return { ...mapped, type, fitted, value: keepsText ? rawName(column) : sql }
  })
  // Three layers, since the engine computes a repeated expression again inside a CASE: values, fitted values, faults.
  // A value has a name of its own, or an expression could mean it by mistake.
  const values = [
    ...fits.map(({ name, value }) => `${value} AS ${valueName(name)}`),
    ...declared.map(
      (column) =>
        `${faultOf(column, rawName(column), relation.columns[column]!, quoteName(column))} AS ${faultName(column)}`,
    ),
  ]
  const typed = fits.filter(({ target }) => target !== 'text')
  const fittedValues = [
    ...fits.map(({ name, fitted }) => `${fitted} AS ${quoteName(name)}`),
    ...typed.map(({ name }) => valueName(name)),
    ...declared.map(faultName),
  ]
  const faults = [
    ...declared.map(faultName),
    ...typed.map((fit) => {
      const fault = faultOf(labelOf(fit), valueName(fit.name), fit.type, quoteName(fit.name))
      // An end that never comes is how many tables write "still".
      return fit.name === VALID_TO
        ? `CASE WHEN NOT contains(lower(CAST(${valueName(fit.name)} AS VARCHAR)), 'inf') THEN ${fault} END`
        : fault
    }),
  ]
  const columns = [
    ...fits.map(({ name }) => quoteName(name)),
    `${faults.length === 0 ? 'CAST(NULL AS VARCHAR)' : `nullif(concat_ws('; ', ${faults.join(', ')}), '')`} AS type_faults`,
  ]
  const mapped = `SELECT ${values.join(',\n  ')}\nFROM (${compileTyped(rows)})`
  return `SELECT ${columns.join(', ')}\nFROM (SELECT ${fittedValues.join(',\n  ')}\nFROM (${mapped}))`
}

/** Distinct beginnings of what a mapped column is made of: column `sample`, at most `count` of them. */
export function compileSamples({ relation }: SourceRows, { madeOf }: MappedColumn, count: number): string | undefined {
  const [column] = madeOf
  if (column === undefined) return undefined
  const text = quoted(quoteName(column))
  return `SELECT sample FROM (SELECT ${text} AS sample FROM ${relation.sql} WHERE ${text} <> '') GROUP BY sample ORDER BY sample LIMIT ${count}`
}

/** Rates need the digits that money does not. */
export function decimalTypeOf(role: SourceRole, name: string): string {
  return role === 'rates' && name === 'rate' ? 'DECIMAL(18, 8)' : storedTypes.decimal
}

/** The used columns with their declared types; what a declared column held stays beside it as `raw:<column>`. */
function compileTyped(rows: SourceRows): string {
  const { source, relation, mapping, dialect } = rows
  const columns = mapping.usedColumns.flatMap((column) => {
    const name = quoteName(column)
    const type = typeOf(rows, column)
    const isText = relation.columns[column] === 'VARCHAR'
    const present = isText ? withoutNullTexts(name, dialect) : name
    if (type === undefined) return [present === name ? name : `${present} AS ${name}`]
    return [
      `${castDeclared(name, type, isText, dialect, source.timezone)} AS ${name}`,
      `${present} AS ${rawName(column)}`,
    ]
  })
  return `SELECT ${columns.length > 0 ? columns.join(', ') : '1 AS none'} FROM ${relation.sql}`
}

function typeOf(
  { source, relation }: Pick<SourceRows, 'source' | 'relation'>,
  column: string,
): Exclude<DeclaredType, 'text'> | undefined {
  const declared = source.types[column] ?? (relation.columns[column] === 'NUMERIC' ? 'decimal' : undefined)
  return declared === 'text' ? undefined : declared
}

const rawName = (column: string): string => quoteName(`raw:${column}`)
const valueName = (name: string): string => quoteName(`value:${name}`)
const faultName = (column: string): string => quoteName(`fault:${column}`)
const labelOf = ({ name, where }: MappedColumn): string => (name.startsWith(':') ? where : name)

function unfit(sourceName: string, { name, where, target }: MappedColumn, type: string): ConfigInvalid {
  const examples: Partial<Record<DeclaredType, string>> = {
    timestamp: '{ sql: to_timestamp(seconds) }',
    date: '{ sql: cast(… as date) }',
    boolean: "{ sql: answer = 'yes' }",
    integer: '{ sql: cast(… as bigint) }',
  }
  return new ConfigInvalid(
    `sources.${sourceName}.${where} gives ${type}, and ${name.startsWith(':') ? where : name} is a ${target}.`,
    `Map it with an expression that gives a ${target}, such as ${examples[target] ?? '{ sql: cast(… as decimal(18, 4)) }'}.`,
  )
}

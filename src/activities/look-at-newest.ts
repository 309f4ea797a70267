import { quoteName, quoteText } from '../sql/sql-text.ts'
import { roles } from '../run/data-roles.ts'
import { compileFitted } from '../stages/extract/fitted-rows.ts'
import { fitValue } from '../stages/extract/fit-value.ts'
import { columnOf, mapSource, RECORDED_AT } from '../stages/extract/mapping.ts'
import type { Source } from '../stages/extract/config.ts'
import type { SourceLook } from '../stages/extract/source-look.ts'
import { dialectOf, plainDialect } from '../stages/extract/written-text.ts'
import { parseExpressions, typesOf } from './extract-source.ts'
import type { LookRequest } from './look-request.ts'

export interface NewestLook {
  readonly newest: SourceLook['newest']
  /** Present when the whole source had to be read. */
  readonly read: { readonly rows: number; readonly unreadable: number } | undefined
}

/** How fresh a source is: asked of the source where it knows, else read from all its rows, one column of them. */
export async function lookAtNewest(
  request: LookRequest,
  sourceColumns: Readonly<Record<string, string>>,
): Promise<NewestLook> {
  const { session, view, source, sourceName } = request
  const isFile = [source.from].flat().some((place) => 'file' in place)
  const from = instantOf(request)
  const name = source.complete ? 'complete.column' : 'occurred_at'
  const column = from === undefined ? null : columnOf(from)
  if (from === undefined || (column !== null && !(column in sourceColumns)))
    return { newest: null, read: isFile ? await readAll(request) : undefined }
  const told = column === null ? undefined : await view.newest(source, sourceName, column)
  if (told === null) return { newest: { column: name, utc: null }, read: undefined }
  if (told !== undefined) {
    const fitted = fitValue({ value: 'value', type: 'VARCHAR', target: 'timestamp', timezone: source.timezone })!
    const [row] = await session.rows(
      `SELECT CAST(${fitted} AS VARCHAR) AS newest FROM (SELECT ${quoteText(told)} AS value)`,
    )
    return { newest: { column: name, utc: textOf(row!.newest) }, read: undefined }
  }
  // An expression over a table would have to read all of it: files are read anyway by whoever looks at them.
  if (!isFile) return { newest: null, read: undefined }
  return readAll(request, from, name).then(({ newest, ...read }) => ({ newest, read }))
}

function instantOf({ source, roles: ofSource }: LookRequest): Source['recordedAt'] {
  if (source.complete) return source.complete.column
  return ofSource.some((role) => 'occurred_at' in roles[role].columns) ? source.columns.occurred_at : undefined
}

/** Reads the whole source: its rows counted, and one instant of them. */
async function readAll(
  { session, view, source, sourceName, scratchPath }: LookRequest,
  from?: Source['recordedAt'],
  name = '',
): Promise<{ rows: number; unreadable: number; newest: SourceLook['newest'] }> {
  const alone: Source = { ...source, columns: {}, lookups: [], types: {}, validity: undefined, recordedAt: from }
  const request = { source: alone, sourceName, role: 'transactions', only: [] } as const
  const expressions = await parseExpressions({ session }, request)
  const names = Object.keys(await view.describe(source, sourceName))
  const mapping = mapSource(request, names, expressions)
  const { usedColumns } = mapping
  const opened = await view.read(session, { source: alone, sourceName, usedColumns, asOf: null, scratchPath }, () => {})
  const counted = await session.rows(`SELECT count(*) AS n FROM ${opened.relation}`)
  const figures = { rows: Number(counted[0]!.n), unreadable: opened.unreadable.count }
  if (from === undefined) return { ...figures, newest: null }
  const relation = { sql: opened.relation, columns: opened.columns }
  const rows = { source: alone, mapping, dialect: dialectOf(source) ?? plainDialect, relation }
  const types = await typesOf({ session }, rows, expressions, names)
  const [row] = await session.rows(
    `SELECT CAST(max(${quoteName(RECORDED_AT)}) AS VARCHAR) AS newest FROM (${compileFitted(rows, types)})`,
  )
  return { ...figures, newest: { column: name, utc: textOf(row!.newest) } }
}

function textOf(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value)
}

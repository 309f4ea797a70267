import { ConfigInvalid } from '../errors/config-invalid.ts'
import { CountsDoNotReconcile } from '../errors/counts-do-not-reconcile.ts'
import type { UnreadableRecords } from '../ports/source-reader.ts'
import type { Source } from '../stages/extract/config.ts'
import { toExtractFailure } from '../stages/extract/engine-failures.ts'
import { parseExpressionSql, readExpression, type ParsedExpression } from '../stages/extract/expression.ts'
import { compileFitted, compileValues, type SourceRows } from '../stages/extract/fitted-rows.ts'
import {
  mappedKeys,
  mapSource,
  missingColumn,
  unknownNames,
  type MappedColumn,
  type MappingRequest,
} from '../stages/extract/mapping.ts'
import { dialectOf } from '../stages/extract/written-text.ts'
import type { Extraction } from './extraction.ts'

/** A source whose rows the session has, in canonical columns. */
export interface ReadSource {
  readonly rows: SourceRows
  /** Relation of what `compileFitted` gave. */
  readonly fitted: string
  readonly rowCount: number
  readonly unreadable: UnreadableRecords
}

/** Describes, maps, reads and fits one source. */
export async function readSource(
  extraction: Extraction,
  request: MappingRequest,
  asOf: string | null,
  onProgress: (rowsDone: number) => void,
): Promise<ReadSource> {
  const { session, view, attempt } = extraction
  const { source, sourceName } = request
  const dialect = dialectOf(source)
  if (!dialect)
    throw new ConfigInvalid(
      `The places of source ${sourceName} write numbers, dates or missing values in different ways.`,
      'Give their `csv` the same decimal, thousands, nulls, dateFormat and timestampFormat, or make them two sources.',
    )
  const sourceColumns = Object.keys(await view.describe(source, sourceName))
  const expressions = await parseExpressions(extraction, request)
  const mapping = mapSource(request, sourceColumns, expressions)
  const scratchPath = await extraction.folder()
  const opened = await view.read(
    session,
    { source, sourceName, usedColumns: mapping.usedColumns, asOf, scratchPath, signal: attempt.signal },
    onProgress,
  )
  const rows: SourceRows = {
    source,
    mapping,
    dialect,
    relation: { sql: opened.relation, columns: opened.columns },
  }
  const types = await typesOf(extraction, rows, expressions, sourceColumns)
  const query = compileFitted(rows, types)
  const fitted = await extraction.run(sourceName, `Source ${sourceName}`, () =>
    extraction.keep(query, opened.deliveredRows),
  )
  const rowCount = Number((await extraction.row(`SELECT count(*) AS n FROM ${fitted}`)).n)
  if (opened.deliveredRows !== null && opened.deliveredRows !== rowCount)
    throw new CountsDoNotReconcile(
      `Source ${sourceName} delivered ${opened.deliveredRows} rows, and ${rowCount} arrived.`,
      'Start the next revision. If it happens again, report it with the definition of the table or the head of the file: this is a defect of resegment.',
    )
  return { rows, fitted, rowCount, unreadable: opened.unreadable }
}

export async function parseExpressions(
  { session }: Pick<Extraction, 'session'>,
  request: MappingRequest,
): Promise<ReadonlyMap<string, ParsedExpression>> {
  const parsed = new Map<string, ParsedExpression>()
  for (const { where, from } of mappedKeys(request)) {
    if (typeof from === 'string' || !('sql' in from)) continue
    const [row] = await session.rows(parseExpressionSql(from.sql))
    parsed.set(from.sql, readExpression(from.sql, String(row!.tree), `sources.${request.sourceName}.${where}`))
  }
  return parsed
}

/** Asks the engine for the types of all mapped values; when that fails one by one, so that the failure names its column. */
export async function typesOf(
  { session }: Pick<Extraction, 'session'>,
  rows: SourceRows,
  expressions: ReadonlyMap<string, ParsedExpression>,
  sourceColumns: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const describe = async (columns: readonly MappedColumn[]): Promise<readonly string[]> =>
    (await session.rows(`DESCRIBE ${compileValues(rows, columns)}`)).map((row) => String(row.column_type))
  const { columns, sourceName } = rows.mapping
  try {
    const types = await describe(columns)
    return Object.fromEntries(columns.map(({ name }, index) => [name, types[index]!]))
  } catch (error) {
    for (const column of columns)
      await describe([column]).catch((reason: unknown) => {
        throw explain(reason, sourceName, column, expressions, sourceColumns)
      })
    throw toExtractFailure(error, sourceName, `Source ${sourceName}`)
  }
}

function explain(
  error: unknown,
  sourceName: string,
  { where, column, sql }: MappedColumn,
  expressions: ReadonlyMap<string, ParsedExpression>,
  sourceColumns: readonly string[],
): unknown {
  const place = `sources.${sourceName}.${where}`
  const text = column ?? sql.slice(1, -2)
  const parsed = expressions.get(text)
  const [unknown] = column === null && parsed ? unknownNames(parsed, sourceColumns) : []
  return unknown
    ? missingColumn(sourceName, place, unknown, sourceColumns)
    : toExtractFailure(error, sourceName, `${place}: "${text}"`)
}

/** Sources that a role's sources look up, with what each is asked for. */
export function lookupRequests(
  role: MappingRequest['role'],
  source: Source,
  sources: Readonly<Record<string, Source>>,
): readonly MappingRequest[] {
  return source.lookups.map((lookup) => ({
    source: sources[lookup.source]!,
    sourceName: lookup.source,
    role,
    only: [lookup.on, ...lookup.columns],
  }))
}

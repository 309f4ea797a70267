import { join } from 'node:path'
import { CountsDoNotReconcile } from '../errors/counts-do-not-reconcile.ts'
import { SourceEmpty } from '../errors/source-empty.ts'
import type { Definition } from '../plan/definition.ts'
import type { Connection } from '../plan/project.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { SourceReader } from '../ports/source-reader.ts'
import type { Source } from '../stages/extract/config.ts'
import { compileRows, compileValue, type Relation } from '../stages/extract/compile.ts'
import { toExtractFailure } from '../stages/extract/engine-failures.ts'
import { parseExpressionSql, readExpression, type ParsedExpression } from '../stages/extract/expression.ts'
import { mapSource, missingColumn, unknownNames, type Mapping, type SourceRole } from '../stages/extract/mapping.ts'
import type { Attempt } from './attempt.ts'
import { quoteText } from '../sql/sql-text.ts'

/** A source of the plan, ready to be written. */
export interface PreparedSource {
  readonly sourceName: string
  readonly role: SourceRole
  /** SQL of the rows that count. */
  readonly rows: string
  /** Columns of `rows` as a total order. */
  readonly orderBy: string
  readonly rowsRead: number
  readonly rowsBeforeAsOf: number
}

/** Where the sources are: another database or bucket under the same name holds other rows. */
export function connectionsOf(
  { connections }: Definition,
  used: readonly (readonly [string, Source])[],
): Readonly<Record<string, Connection>> {
  const names = used.flatMap(([, { from }]) => ('connection' in from ? [from.connection] : []))
  return Object.fromEntries(names.map((name) => [name, connections[name]!]))
}

/** Maps, reads and counts one source. What the rows mean is compiled by the stage; here it is run, in order. */
export async function prepareSource(
  session: ComputeSession,
  reader: SourceReader,
  plan: RunPlan,
  role: SourceRole,
  sourceName: string,
  attempt: Attempt,
): Promise<PreparedSource> {
  const source = plan.definition.sources[sourceName]!
  const sourceColumns = Object.keys(await reader.describe(source, sourceName))
  const expressions = await parseExpressions(session, source, sourceName)
  const mapping = mapSource(source, sourceName, role, sourceColumns, expressions)
  const opened = await reader.read(
    session,
    {
      source,
      sourceName,
      usedColumns: mapping.usedColumns,
      asOf: plan.asOf,
      scratchPath: attempt.scratchPath,
      signal: attempt.signal,
    },
    (rowsDone) => attempt.progress(rowsDone),
  )
  const relation: Relation = { sql: opened.relation, columns: opened.columns }
  const valueTypes = await typesOf(session, source, relation, mapping, sourceColumns, expressions)
  const compiled = compileRows(source, relation, mapping, valueTypes, plan.asOf)
  const fitted = await stage(
    session,
    compiled.fitted,
    join(attempt.scratchPath, `${sourceName}-${role}.parquet`),
    sourceName,
  )
  const [counts] = await run(sourceName, `Source ${sourceName}`, () => session.rows(compiled.counts(fitted)))
  const rowsRead = Number(counts!.rows_read)
  const rowsBeforeAsOf = Number(counts!.rows_before_as_of)
  if (opened.deliveredRows !== null && opened.deliveredRows !== rowsRead)
    throw new CountsDoNotReconcile(
      `Source ${sourceName} delivered ${opened.deliveredRows} rows, and ${rowsRead} arrived.`,
      'Start the next revision. If it happens again, report it with the table definition: this is a defect of resegment.',
    )
  const undated = Number(counts!.undated)
  if (role === 'transactions' && rowsBeforeAsOf === undated) {
    const found = [
      `${rowsRead} rows in all`,
      ...(undated > 0 ? [`${undated} of them without a readable occurred_at`] : []),
      ...(counts!.first_at === null ? [] : [`the first at ${String(counts!.first_at)} UTC`]),
    ]
    throw new SourceEmpty(
      `0 rows before ${plan.asOf} in source ${sourceName} (${found.join(', ')}).`,
      'Run with a later --as-of, or wait until the source is filled and start the next revision.',
    )
  }
  return { sourceName, role, rows: compiled.rows(fitted), orderBy: compiled.orderBy, rowsRead, rowsBeforeAsOf }
}

/** Reads and converts every row once; counts and shards are taken from here. @returns the relation that holds them */
async function stage(session: ComputeSession, query: string, localPath: string, sourceName: string): Promise<string> {
  const path = quoteText(localPath)
  await run(sourceName, `Source ${sourceName}`, () => session.execute(`COPY (${query}) TO ${path} (FORMAT parquet)`))
  return `read_parquet(${path})`
}

/** Runs engine work over a source, its errors told as failures of the source. */
export async function run<T>(sourceName: string, doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw toExtractFailure(error, sourceName, doing)
  }
}

async function parseExpressions(
  session: ComputeSession,
  source: Source,
  sourceName: string,
): Promise<ReadonlyMap<string, ParsedExpression>> {
  const parsed = new Map<string, ParsedExpression>()
  for (const [name, mapped] of Object.entries(source.columns)) {
    if (typeof mapped === 'string') continue
    const [row] = await session.rows(parseExpressionSql(mapped.sql))
    parsed.set(mapped.sql, readExpression(mapped.sql, String(row!.tree), `sources.${sourceName}.columns.${name}`))
  }
  return parsed
}

/** Asks the engine for the type of each mapped value, one by one, so that a failure names its column. */
async function typesOf(
  session: ComputeSession,
  source: Source,
  relation: Relation,
  mapping: Mapping,
  sourceColumns: readonly string[],
  expressions: ReadonlyMap<string, ParsedExpression>,
): Promise<Readonly<Record<string, string>>> {
  const types: Record<string, string> = {}
  for (const { name } of mapping.columns) {
    const mapped = source.columns[name]!
    const where = `sources.${mapping.sourceName}.columns.${name}`
    try {
      const [row] = await session.rows(`DESCRIBE ${compileValue(source, relation, mapping, name)}`)
      types[name] = String(row!.column_type)
    } catch (error) {
      const parsed = typeof mapped === 'string' ? undefined : expressions.get(mapped.sql)
      const [unknown] = parsed ? unknownNames(parsed, sourceColumns) : []
      if (unknown) throw missingColumn(mapping.sourceName, where, unknown, sourceColumns)
      const text = typeof mapped === 'string' ? mapped : mapped.sql
      throw toExtractFailure(error, mapping.sourceName, `${where}: "${text}"`)
    }
  }
  return types
}

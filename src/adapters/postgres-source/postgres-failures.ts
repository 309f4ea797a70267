import { distance } from 'fastest-levenshtein'
import { DatabaseError } from 'pg'
import { ConfigInvalid } from '../../errors/config-invalid.ts'
import { ConnectionFailed, isNetworkFailure } from '../../errors/connection-failed.ts'
import { PermissionDenied } from '../../errors/permission-denied.ts'
import { SourceSchemaChanged } from '../../errors/source-schema-changed.ts'
import { ResegmentError } from '../../errors/resegment-error.ts'
import { tableNameParts } from '../../sql/table-name.ts'
import type { Source } from '../../stages/extract/config.ts'
import type { Snapshot } from './snapshot.ts'

export interface Circumstances {
  readonly connectionUrl: string
  readonly connectionName: string
  readonly source: Source
  readonly sourceName: string
  /** Where other tables can be looked up. */
  readonly snapshot: Snapshot
}

/** Classes and codes of PostgreSQL's Appendix A that pass by themselves: connection, resources, shutdown, conflict with recovery. */
const passing = /^(08|53|58|57P0|57014|40001|55P03)/

/** Our failure for one of the driver or the server. Neither the URL nor the password is in any message. */
export async function toSourceFailure(error: unknown, circumstances: Circumstances): Promise<unknown> {
  if (error instanceof ResegmentError) return error
  const { sourceName, connectionName } = circumstances
  const server = `connection ${connectionName} (${placeOf(circumstances.connectionUrl)})`
  if (!(error instanceof DatabaseError)) {
    // A name with several addresses gives one error an address.
    const { code = '', message = '' } = (
      error instanceof AggregateError ? error.errors[0] : error
    ) as NodeJS.ErrnoException
    if (!isNetworkFailure(error) && !/terminat|timeout|closed/i.test(message)) return error
    return new ConnectionFailed(
      `Source ${sourceName}: ${server} could not be reached (${code || message}).`,
      'It is tried again. If it goes on, start the database, or correct the address in the secret of the connection.',
      { cause: error },
    )
  }
  const { code = '', message } = error
  if (code === '57014' && /statement timeout/.test(message))
    return new ConnectionFailed(
      `Source ${sourceName}: ${server} did not answer within the time for one statement (${message}).`,
      `It is tried again. If it goes on, raise connections.${connectionName}.statementTimeout, or make the query lighter.`,
      { cause: error },
    )
  if (passing.test(code))
    return new ConnectionFailed(
      `Source ${sourceName}: ${server} answered ${code}: ${message}.`,
      'It is tried again. If it goes on, look at the load and the log of the database.',
      { cause: error },
    )
  if (code.startsWith('28') || code === '3D000')
    return new PermissionDenied(
      `Source ${sourceName}: ${server} refused us: ${message}.`,
      'Correct user, password or database in the secret of the connection.',
      { cause: error },
    )
  if (code === '42501')
    return new PermissionDenied(
      `Source ${sourceName}: ${server} says: ${message}.`,
      'Grant SELECT on it (and USAGE on its schema) to the user of the connection.',
      { cause: error },
    )
  if (code === '42P01' || code === '3F000') return missingTable(error, circumstances)
  if (code === '42703')
    return new SourceSchemaChanged(
      `Source ${sourceName}: ${server} says: ${message}.${error.hint ? ` ${error.hint}` : ''}`,
      `Correct sources.${sourceName} in resegment.yaml, or bring the column back.`,
      { cause: error },
    )
  return new ConfigInvalid(
    `Source ${sourceName}: ${server} cannot answer its ${'query' in circumstances.source.from ? 'query' : 'table'}: ${message} (${code}).`,
    `Correct sources.${sourceName}.from in resegment.yaml; try it in psql.`,
    { cause: error },
  )
}

/** `sales.order_lines` as its parts; quoted parts may hold dots. @throws ConfigInvalid */
export function splitTableName(table: string): readonly string[] {
  const parts = tableNameParts(table)
  if (!parts)
    throw new ConfigInvalid(
      `\`table: ${table}\` is not a table name.`,
      'Write `table`, `schema.table`, or quote parts that hold dots: `"my.schema".table`.',
    )
  return parts
}

async function missingTable(error: DatabaseError, circumstances: Circumstances): Promise<SourceSchemaChanged> {
  const { source, sourceName, snapshot } = circumstances
  const wanted = 'table' in source.from ? source.from.table : (/relation "([^"]+)"/.exec(error.message)?.[1] ?? '')
  const { rows } = await snapshot.use((client) =>
    client.query<{ name: string }>(
      `SELECT table_schema || '.' || table_name AS name FROM information_schema.tables
       WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1 LIMIT 1000`,
    ),
  )
  const [nearest] = rows
    .map(({ name }) => ({ name, edits: Math.min(distance(wanted, name), distance(wanted, name.split('.')[1]!)) }))
    .sort((a, b) => a.edits - b.edits)
  const hint =
    nearest && nearest.edits <= Math.max(2, wanted.length / 3)
      ? `Did you mean ${nearest.name}?`
      : `The user of the connection sees ${rows.length} tables and views.`
  return new SourceSchemaChanged(
    `Source ${sourceName}: ${error.message} in ${placeOf(circumstances.connectionUrl)}. ${hint}`,
    `Correct sources.${sourceName}.from in resegment.yaml, or bring the table back.`,
    { cause: error },
  )
}

/** Host, port and database: what a person needs to find the server, and nothing secret. */
function placeOf(connectionUrl: string): string {
  const { host, pathname } = new URL(connectionUrl)
  return `${host}${pathname}`
}

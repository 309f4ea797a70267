import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline as pump } from 'node:stream/promises'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { quoteName, quoteText } from '../../sql/sql-text.ts'
import type { ComputeSession } from '../../ports/compute-engine.ts'
import type { WarehousePool } from './connection.ts'

export interface Loaded {
  /** Of the session. */
  readonly table: string
  readonly query: string
  readonly columns: Readonly<Record<string, string>>
}

/**
 * The tables that `Ledger.loadPublished` makes: COPY CSV to a file, which the engine reads with given types: the least memory, and faster
 * than any cursor.
 */
export async function loadPublished(
  pool: WarehousePool,
  session: ComputeSession,
  pipeline: string,
  scratchPath: string,
): Promise<void> {
  await loadTables(pool, session, tablesOf(pipeline), scratchPath)
}

/** Makes tables of the session of what queries of the warehouse give. */
export async function loadTables(
  pool: WarehousePool,
  session: ComputeSession,
  tables: readonly Loaded[],
  scratchPath: string,
): Promise<void> {
  const pathOf = ({ table }: Loaded): string => join(scratchPath, `published-${table}.csv`)
  // One snapshot would need repeatable read: a publication in between is a PublishConflict later.
  await pool.transaction(async ({ client }) => {
    for (const loaded of tables)
      await pump(
        client.query(copyTo(`copy (${loaded.query}) to stdout (format csv, force_quote *)`)),
        createWriteStream(pathOf(loaded)),
      )
  })
  for (const loaded of tables) await readCsv(session, loaded, pathOf(loaded))
}

function tablesOf(pipeline: string): readonly Loaded[] {
  // COPY takes no parameters.
  const name = pg.escapeLiteral(pipeline)
  return [
    {
      table: 'live',
      query: `select customer_id, segment_key from membership_open where pipeline = ${name}`,
      columns: { customer_id: 'VARCHAR', segment_key: 'VARCHAR' },
    },
    {
      table: 'live_also',
      query: `select customer_id, layer, segment_key, since at time zone 'UTC' from (
        select s.customer_id, p.also_layers, s.also, s.also_since
        from publication p join membership_score s on s.publication_id = p.id
        where p.id = (select publication_id from pipeline where name = ${name}) and p.also_layers <> '{}'
      ) m, unnest(m.also_layers, m.also, m.also_since) as u (layer, segment_key, since)
      where segment_key is not null`,
      columns: { customer_id: 'VARCHAR', layer: 'VARCHAR', segment_key: 'VARCHAR', since: 'TIMESTAMP' },
    },
    {
      table: 'live_overrides',
      query: `select s.customer_id from membership_score s
        where s.publication_id = (select publication_id from pipeline where name = ${name}) and s.layer = 'override'`,
      columns: { customer_id: 'VARCHAR' },
    },
    {
      table: 'former',
      query: `select distinct c.customer_id from membership_closed c where c.pipeline = ${name} and not exists (
        select 1 from membership_open o where o.pipeline = c.pipeline and o.customer_id = c.customer_id)`,
      columns: { customer_id: 'VARCHAR' },
    },
    {
      table: 'past_members',
      query: `select c.customer_id, c.segment_key from membership_closed c
        join segment g on g.pipeline = c.pipeline and g.segment_key = c.segment_key
        where c.pipeline = ${name} and g.status = 'retired' and g.own_key is null
          and c.valid_from <= g.last_as_of and c.valid_to > g.last_as_of`,
      columns: { customer_id: 'VARCHAR', segment_key: 'VARCHAR' },
    },
  ]
}

function readCsv(session: ComputeSession, { table, columns }: Loaded, path: string): Promise<void> {
  const types = Object.entries(columns).map(([column, type]) => `${quoteText(column)}: ${quoteText(type)}`)
  return session.execute(
    `CREATE OR REPLACE TABLE ${quoteName(table)} AS
    SELECT * FROM read_csv(${quoteText(path)}, columns = {${types.join(', ')}}, header = false, auto_detect = false,
      delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false)`,
  )
}

import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline as pump } from 'node:stream/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { quoteName, quoteText } from '../../sql/sql-text.ts'
import { openPool } from './connection.ts'
import { makeMigrationCheck } from './migrate.ts'
import { readOpenRuns, settleRun } from './open-runs.ts'
import { recordEvent, recordRun } from './record-run.ts'
import type { ComputeSession } from '../../ports/compute-engine.ts'
import type { Ledger, PublishedState } from '../../ports/ledger.ts'
import type { WarehouseOptions, WarehousePool, WarehouseTransaction } from './connection.ts'

export interface WarehouseLedger extends Ledger {
  close(): Promise<void>
}

/** The record of runs and publications, in the tables behind the views. Opens no connection before it is used. */
export function makeLedger(options: WarehouseOptions): WarehouseLedger {
  const pool = openPool(options)
  const checkMigrated = makeMigrationCheck(pool, options)
  return {
    async newestRevision(runKey) {
      await checkMigrated()
      return pool.transaction(async ({ db }) => {
        const row = await db
          .selectFrom('run')
          .select((select) => select.fn.max('revision').as('newest'))
          .where('run_key', '=', runKey)
          .executeTakeFirst()
        return row?.newest ?? 0
      })
    },
    async recordRun(record, event) {
      await checkMigrated()
      await pool.transaction((transaction) => recordRun(transaction, record, event))
    },
    async recordEvent(run, temporalRunId, event) {
      await checkMigrated()
      await pool.transaction((transaction) => recordEvent(transaction, run, temporalRunId, event))
    },
    async openRuns(pipeline) {
      await checkMigrated()
      return pool.transaction((transaction) => readOpenRuns(transaction, pipeline))
    },
    async settleRun(run, end) {
      await checkMigrated()
      await pool.transaction((transaction) => settleRun(transaction, run, end))
    },
    async publishedState(pipeline) {
      await checkMigrated()
      return pool.transaction((transaction) => readPublishedState(transaction, pipeline))
    },
    async publishedModel(publicationId) {
      await checkMigrated()
      return pool.transaction(async ({ db }) => {
        const row = await db
          .selectFrom('publication')
          .select('model')
          .where('id', '=', publicationId)
          .executeTakeFirst()
        return row?.model ?? null
      })
    },
    async loadPublished(session, pipeline, scratchPath, liveTable, formerTable) {
      await checkMigrated()
      await loadPublished(pool, session, pipeline, scratchPath, liveTable, formerTable)
    },
    close: () => pool.close(),
  }
}

async function readPublishedState({ db }: WarehouseTransaction, pipeline: string): Promise<PublishedState> {
  const live = await db
    .selectFrom('pipeline')
    .innerJoin('publication', 'publication.id', 'pipeline.publication_id')
    .selectAll('publication')
    .where('pipeline.name', '=', pipeline)
    .executeTakeFirst()
  const segments = await db
    .selectFrom('segment')
    .select(['segment_key as segmentKey', 'name', 'status', 'customers', 'own_key as ownKey'])
    .where('pipeline', '=', pipeline)
    .orderBy(sql`length(segment_key), segment_key`)
    .execute()
  return {
    live: live
      ? {
          runKey: live.run_key,
          revision: live.revision,
          asOf: live.as_of,
          publicationId: live.id,
          definitionHash: live.definition_hash,
          cleanRows: live.clean_rows,
          model: live.model,
          comparedWith: live.compared_with,
        }
      : null,
    segments,
  }
}

/** COPY CSV to a file, which the engine reads with given types: the least memory, and faster than any cursor. */
async function loadPublished(
  pool: WarehousePool,
  session: ComputeSession,
  pipeline: string,
  scratchPath: string,
  liveTable: string,
  formerTable: string,
): Promise<void> {
  const livePath = join(scratchPath, 'published-live.csv')
  const formerPath = join(scratchPath, 'published-former.csv')
  // COPY takes no parameters. One transaction, one snapshot would need repeatable read: a publication in between is a PublishConflict later.
  const name = pg.escapeLiteral(pipeline)
  await pool.transaction(async ({ client }) => {
    const save = async (query: string, path: string): Promise<void> =>
      pump(client.query(copyTo(`copy (${query}) to stdout (format csv, force_quote *)`)), createWriteStream(path))
    await save(`select customer_id, segment_key from membership_open where pipeline = ${name}`, livePath)
    await save(
      `select distinct c.customer_id from membership_closed c where c.pipeline = ${name} and not exists (
        select 1 from membership_open o where o.pipeline = c.pipeline and o.customer_id = c.customer_id)`,
      formerPath,
    )
  })
  await readCsv(session, liveTable, livePath, "{'customer_id': 'VARCHAR', 'segment_key': 'VARCHAR'}")
  await readCsv(session, formerTable, formerPath, "{'customer_id': 'VARCHAR'}")
}

function readCsv(session: ComputeSession, table: string, path: string, columns: string): Promise<void> {
  return session.execute(
    `CREATE OR REPLACE TABLE ${quoteName(table)} AS
    SELECT * FROM read_csv(${quoteText(path)}, columns = ${columns}, header = false, auto_detect = false,
      delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false)`,
  )
}

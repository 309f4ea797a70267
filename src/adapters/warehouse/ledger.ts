import { sql } from 'kysely'
import { openPool } from './connection.ts'
import { loadPublished } from './load-published.ts'
import { makeMigrationCheck } from './migrate.ts'
import { readOpenRuns, readRecordedRuns, settleRun } from './open-runs.ts'
import { loadShown, readPublishedRun } from './published-run.ts'
import { recordEvent, recordRun } from './record-run.ts'
import type { Ledger, PublishedState } from '../../ports/ledger.ts'
import { readSuppressed } from './privacy/suppressions.ts'
import type { PrivacyOptions } from './privacy/suppressed.ts'
import type { WarehouseTransaction } from './connection.ts'

export interface WarehouseLedger extends Ledger {
  close(): Promise<void>
}

/** The record of runs and publications, in the tables behind the views. Opens no connection before it is used. */
export function makeLedger(options: PrivacyOptions): WarehouseLedger {
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
    async recordEvent(run, temporalRunId, event, occurrence) {
      await checkMigrated()
      await pool.transaction((transaction) => recordEvent(transaction, run, temporalRunId, event, occurrence))
    },
    async openRuns(pipeline) {
      await checkMigrated()
      return pool.transaction((transaction) => readOpenRuns(transaction, pipeline))
    },
    async recordedRuns(pipeline) {
      await checkMigrated()
      return pool.transaction((transaction) => readRecordedRuns(transaction, pipeline))
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
    async publishedRun(run) {
      await checkMigrated()
      return pool.transaction((transaction) => readPublishedRun(transaction, run))
    },
    async loadShown(session, publicationId, outputs, scratchPath) {
      await checkMigrated()
      return loadShown(pool, session, publicationId, { outputs, scratchPath })
    },
    async suppressed(pipeline) {
      await checkMigrated()
      return pool.transaction((transaction) => readSuppressed(transaction, pipeline, options.privacyKey))
    },
    async loadPublished(session, pipeline, scratchPath) {
      await checkMigrated()
      await loadPublished(pool, session, pipeline, scratchPath)
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
    .select([
      'segment_key as segmentKey',
      'name',
      'description',
      'criteria',
      'status',
      'customers',
      'own_key as ownKey',
      'level',
      'layer',
      'last_publication_id as lastPublicationId',
    ])
    .where('pipeline', '=', pipeline)
    .orderBy(sql`length(segment_key), segment_key`)
    .execute()
  const numbered = await db
    .selectFrom('pipeline')
    .select('newest_segment_number')
    .where('name', '=', pipeline)
    .executeTakeFirst()
  return {
    newestNumber: numbered?.newest_segment_number ?? 0,
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

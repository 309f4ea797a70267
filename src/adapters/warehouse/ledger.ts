import { sql } from 'kysely'
import { loadPublished, tablesOfLive } from './load-published.ts'
import { openMigrated } from './migrate.ts'
import { tablesInPast } from './load-past.ts'
import { readOpenRuns, readRecordedRuns, settleRun } from './open-runs.ts'
import { loadShown, readPublishedRun } from './published-run.ts'
import { readPastState } from './past-state.ts'
import { readEarlierStages } from './read-durations.ts'
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
  const pool = openMigrated(options)
  return {
    async newestRevision(runKey) {
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
      await pool.transaction((transaction) => recordRun(transaction, record, event))
    },
    async recordEvent(run, temporalRunId, event, occurrence) {
      await pool.transaction((transaction) => recordEvent(transaction, run, temporalRunId, event, occurrence))
    },
    openRuns: (pipeline) => pool.transaction((transaction) => readOpenRuns(transaction, pipeline)),
    earlierStages: (run) => pool.transaction((transaction) => readEarlierStages(transaction, run)),
    recordedRuns: (pipeline) => pool.transaction((transaction) => readRecordedRuns(transaction, pipeline)),
    async settleRun(run, end) {
      await pool.transaction((transaction) => settleRun(transaction, run, end))
    },
    async publishedState(pipeline, historical) {
      return pool.transaction(async (transaction) => ({
        ...(await readPublishedState(transaction, pipeline)),
        ...(historical && (await readPastState(transaction, pipeline, historical))),
      }))
    },
    async publishedModel(publicationId) {
      return pool.transaction(async ({ db }) => {
        const row = await db
          .selectFrom('publication')
          .select('model')
          .where('id', '=', publicationId)
          .executeTakeFirst()
        return row?.model ?? null
      })
    },
    publishedRun: (run) => pool.transaction((transaction) => readPublishedRun(transaction, run)),
    loadShown: (session, publicationId, outputs, scratchPath) =>
      loadShown(pool, session, publicationId, { outputs, scratchPath }),
    suppressed: (pipeline) =>
      pool.transaction((transaction) => readSuppressed(transaction, pipeline, options.privacyKey)),
    async loadPublished(session, pipeline, scratchPath, neighbour) {
      const tables = neighbour ? tablesInPast(pipeline, neighbour) : tablesOfLive(pipeline)
      await loadPublished(pool, session, tables, scratchPath)
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
    .leftJoin('publication', 'publication.id', 'segment.last_publication_id')
    .select([
      'segment_key as segmentKey',
      'name',
      'description',
      'criteria',
      'status',
      'segment.customers',
      'own_key as ownKey',
      'level',
      'layer',
      'last_publication_id as lastPublicationId',
      sql<string | null>`publication.run_key || '~' || publication.revision`.as('lastRun'),
    ])
    .where('segment.pipeline', '=', pipeline)
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

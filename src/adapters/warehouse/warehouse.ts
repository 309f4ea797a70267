import { waitForEarlierReaders } from './earlier-readers.ts'
import { dropOldScores } from './drop-scores.ts'
import { loadScores } from './load-scores.ts'
import { openMigrated } from './migrate.ts'
import { refreshStatistics } from './refresh-statistics.ts'
import { findReturnPoint, rollBack, shownPublication } from './roll-back.ts'
import { checkPublishable, switchLive } from './switch-live.ts'
import type { WarehouseDestination } from '../../ports/destination.ts'
import type { PrivacyOptions } from './privacy/suppressed.ts'

export interface Warehouse extends WarehouseDestination {
  close(): Promise<void>
}

/** The tables and views that consumers read. Opens no connection before it is used. */
export function makeWarehouse(options: PrivacyOptions): Warehouse {
  const pool = openMigrated(options)
  const { schema } = options
  return {
    async check(publication) {
      await pool.transaction((transaction) => checkPublishable(transaction, publication))
    },
    async publish(session, publication, onProgress) {
      const { plan, validation } = publication
      const loaded = await loadScores(pool, session, publication, onProgress)
      if (!loaded.isPublished) {
        await waitForEarlierReaders(pool, schema)
        onProgress(validation.customers)
      }
      const { id: publicationId } = loaded
      const [written, shown] = await pool.transaction(async (transaction) => [
        !loaded.isPublished && (await switchLive(transaction, options, publication, publicationId)),
        await shownPublication(transaction, publicationId),
      ])
      // The publication is out: what cannot be tidied up now, the next one tidies up.
      if (!loaded.isPublished) {
        await dropOldScores(pool, schema, plan.pipeline).catch(() => undefined)
        await refreshStatistics(pool, schema, publicationId).catch(() => undefined)
      }
      return { publicationId, written, ...shown }
    },
    findReturnPoint: (pipeline, to) => pool.transaction((transaction) => findReturnPoint(transaction, pipeline, to)),
    rollBack: (pipeline, request) =>
      pool.transaction((transaction) => rollBack(transaction, options, pipeline, request)),
    close: () => pool.close(),
  }
}

import { openPool } from './connection.ts'
import { waitForEarlierReaders } from './earlier-readers.ts'
import { dropOldScores } from './drop-scores.ts'
import { loadScores } from './load-scores.ts'
import { makeMigrationCheck } from './migrate.ts'
import { refreshStatistics } from './refresh-statistics.ts'
import { findReturnPoint, publishedSince, rollBack } from './roll-back.ts'
import { checkPublishable, switchLive } from './switch-live.ts'
import type { WarehouseDestination } from '../../ports/destination.ts'
import type { WarehouseOptions } from './connection.ts'

export interface Warehouse extends WarehouseDestination {
  close(): Promise<void>
}

/** The tables and views that consumers read. Opens no connection before it is used. */
export function makeWarehouse(options: WarehouseOptions): Warehouse {
  const pool = openPool(options)
  const checkMigrated = makeMigrationCheck(pool, options)
  const { schema } = options
  return {
    async check(publication) {
      await checkMigrated()
      await pool.transaction((transaction) => checkPublishable(transaction, publication))
    },
    async publish(session, publication, onProgress) {
      await checkMigrated()
      const { plan, validation } = publication
      const { customers } = validation
      const loaded = await loadScores(pool, session, publication, onProgress)
      if (!loaded.isPublished) {
        await waitForEarlierReaders(pool, schema)
        onProgress(customers)
      }
      const { id: publicationId } = loaded
      const [written, shown] = await pool.transaction(async (transaction) => [
        !loaded.isPublished && (await switchLive(transaction, schema, publication, publicationId)),
        await publishedSince(transaction, publicationId),
      ])
      // The publication is out: what cannot be tidied up now, the next one tidies up.
      if (!loaded.isPublished) {
        await dropOldScores(pool, schema, plan.pipeline).catch(() => undefined)
        await refreshStatistics(pool, schema, publicationId).catch(() => undefined)
      }
      return { publicationId, written, customers, shownSince: shown }
    },
    async findReturnPoint(pipeline, to) {
      await checkMigrated()
      return pool.transaction((transaction) => findReturnPoint(transaction, pipeline, to))
    },
    async rollBack(pipeline, request) {
      await checkMigrated()
      return pool.transaction((transaction) => rollBack(transaction, schema, pipeline, request))
    },
    close: () => pool.close(),
  }
}

import { openPool } from './connection.ts'
import { waitForEarlierReaders } from './earlier-readers.ts'
import { dropOldScores } from './drop-scores.ts'
import { loadScores } from './load-scores.ts'
import { makeMigrationCheck } from './migrate.ts'
import { refreshStatistics } from './refresh-statistics.ts'
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
      const { customers } = publication.validation
      const loaded = await loadScores(pool, session, publication, onProgress)
      if (loaded.isPublished) return { publicationId: loaded.id, written: false, customers }
      await waitForEarlierReaders(pool, schema)
      onProgress(customers)
      const written = await pool.transaction((transaction) => switchLive(transaction, schema, publication, loaded.id))
      // The publication is out: what cannot be tidied up now, the next one tidies up.
      await dropOldScores(pool, schema, publication.plan.pipeline).catch(() => undefined)
      await refreshStatistics(pool, schema, loaded.id).catch(() => undefined)
      return { publicationId: loaded.id, written, customers }
    },
    close: () => pool.close(),
  }
}

import { type RawBuilder, sql } from 'kysely'
import type { SyncRecord } from '../../../run/activation.ts'
import type { WarehouseTransaction } from '../connection.ts'

/** Syncs with their counts, the oldest first. @param condition over s (destination_sync) and p (publication) */
export async function readSyncs(
  { db }: Pick<WarehouseTransaction, 'db'>,
  condition: RawBuilder<unknown>,
): Promise<readonly SyncRecord[]> {
  const { rows } = await sql<SyncRecord>`
    select p.run_key as "runKey", p.revision, s.destination, s.kind, s.state, count(e.customer_hash) + s.swept_effects as effects,
      count(*) filter (where e.state = 'sent') + s.swept_effects as sent, count(*) filter (where e.state = 'pending') as pending,
      count(*) filter (where e.state = 'failed') as failed, s.last_error as "lastError", s.started_at as "startedAt",
      s.finished_at as "finishedAt"
    from destination_sync s
    join publication p on p.id = s.publication_id
    left join destination_effect e on e.sync_id = s.id
    where ${condition}
    group by s.id, p.id
    order by s.destination, s.id`.execute(db)
  return rows
}

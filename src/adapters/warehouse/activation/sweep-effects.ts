import { sql } from 'kysely'
import type { SyncLedger } from '../../../ports/activation.ts'
import type { WarehouseTransaction } from '../connection.ts'

/** Nothing is planned from what was sent: not the changes that follow, nor everybody. Only how many there were is asked for later. */
export async function sweepEffects(
  { db }: WarehouseTransaction,
  ...[pipeline, days, dryRun]: Parameters<SyncLedger['sweep']>
): Promise<number> {
  const old = sql`
    from destination_effect e join destination_sync s on s.id = e.sync_id
    where e.pipeline = ${pipeline} and e.state = 'sent' and e.sent_at < now() - ${days} * interval '1 day' and s.state <> 'running'`
  if (dryRun) {
    const { rows } = await sql<{ effects: number }>`select count(*) as effects ${old}`.execute(db)
    return rows[0]!.effects
  }
  const { rows } = await sql<{ effects: number }>`
    with old as (select e.sync_id, e.customer_hash ${old}),
    swept as (
      delete from destination_effect e using old
      where e.sync_id = old.sync_id and e.customer_hash = old.customer_hash returning e.sync_id
    ),
    counted as (
      update destination_sync s set swept_effects = s.swept_effects + n.effects
      from (select sync_id, count(*) as effects from swept group by sync_id) n where s.id = n.sync_id
    )
    select count(*) as effects from swept`.execute(db)
  return rows[0]!.effects
}

import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Delivery, SyncLease, SyncLedger } from '../../../ports/activation.ts'
import type { WarehouseOptions, WarehousePool } from '../connection.ts'
import { openMigrated } from '../migrate.ts'
import { customerHashOf, ledgerHash } from '../privacy/customer-hash.ts'
import { planSync } from './plan-sync.ts'
import { resolveInterest } from './resolve-interest.ts'
import { readSyncs } from './read-syncs.ts'
import { sweepEffects } from './sweep-effects.ts'
import { writeMembers, writePending } from './write-effects.ts'

export interface SyncLedgerOptions extends WarehouseOptions {
  /** RESEGMENT_LEDGER_KEY. */
  readonly ledgerKey: string | undefined
}

export interface OpenSyncLedger extends SyncLedger {
  close(): Promise<void>
}

/** A worker that died is waited for this long. */
const LEASE_MS = 30_000

/** What destinations were told, in the warehouse. Opens no connection before it is used. */
export function makeSyncLedger(options: SyncLedgerOptions): OpenSyncLedger {
  const pool = openMigrated(options, 2)
  return {
    takeLease: (pipeline, destination) => takeLease(pool, pipeline, destination),
    plan: (request) =>
      pool.transaction(async (transaction) =>
        planSync(transaction, request, await customerHashOf(transaction, ledgerHash, options.ledgerKey)),
      ),
    segments: (pipeline, interest) =>
      pool.transaction(async (transaction) => {
        const { segments } = await resolveInterest(transaction, { pipeline, interest })
        const { rows } = await sql<Delivery['segments'][number]>`
          select segment_key as "segmentKey", name from segment
          where pipeline = ${pipeline} and status <> 'retired' and level = 0
            and (${segments}::text[] is null or segment_key = any(${segments}::text[]))
          order by segment_key`.execute(transaction.db)
        return rows
      }),
    writePending: (pipeline, syncId, path) =>
      pool.transaction(async (transaction) =>
        writePending(
          transaction,
          await customerHashOf(transaction, ledgerHash, options.ledgerKey),
          { pipeline, syncId },
          path,
        ),
      ),
    writeMembers: (pipeline, interest, path) =>
      pool.transaction((transaction) => writeMembers(transaction, { pipeline, interest }, path)),
    beginBatch: (syncId, batch) =>
      pool.transaction(async ({ db }) => {
        const { rows } = await sql<{ state: string }>`select state from destination_sync where id = ${syncId}`.execute(
          db,
        )
        if (rows[0]?.state === 'superseded') return false
        await sql`
          update destination_effect set attempts = attempts + 1
          where sync_id = ${syncId} and state <> 'sent' and batch = coalesce(${batch}::integer, batch)`.execute(db)
        return true
      }),
    endBatch: (syncId, batch, state) =>
      pool.transaction(async ({ db }) => {
        await sql`
          update destination_effect set state = ${state}, sent_at = ${state === 'sent' ? sql`now()` : null}
          where sync_id = ${syncId} and state <> 'sent' and batch = coalesce(${batch}::integer, batch)`.execute(db)
      }),
    async sweep(...asked) {
      return pool.transaction((transaction) => sweepEffects(transaction, ...asked))
    },
    finish: (syncId, { state, error }) =>
      pool.transaction(async ({ db }) => {
        await sql`
          update destination_sync set last_error = ${error},
            state = case when state = 'superseded' then state else coalesce(${state}::text, state) end,
            finished_at = case when ${state}::text is null then finished_at else now() end
          where id = ${syncId}`.execute(db)
        const [record] = await readSyncs({ db }, sql`s.id = ${syncId}`)
        return record!
      }),
    close: () => pool.close(),
  }
}

async function takeLease(pool: WarehousePool, pipeline: string, destination: string): Promise<SyncLease | undefined> {
  const holder = randomUUID()
  const hold = (): Promise<boolean> =>
    pool.transaction(async ({ db }) => {
      const { rows } = await sql`
        insert into destination_lease (pipeline, destination, holder, expires_at)
        values (${pipeline}, ${destination}, ${holder}, clock_timestamp() + ${LEASE_MS} * interval '1 millisecond')
        on conflict (pipeline, destination) do update set holder = excluded.holder, expires_at = excluded.expires_at
        where destination_lease.holder = excluded.holder or destination_lease.expires_at < clock_timestamp()
        returning 1`.execute(db)
      return rows.length > 0
    })
  if (!(await hold())) return undefined
  const lost = new AbortController()
  let heldMs = performance.now()
  const renew = async (): Promise<void> => {
    const isHeld = await hold().catch(() => undefined)
    if (isHeld) heldMs = performance.now()
    // Whatever keeps the warehouse from answering: by then somebody else may have it.
    if (isHeld === false || performance.now() - heldMs > LEASE_MS) lost.abort()
  }
  const renewing = setInterval(() => void renew(), LEASE_MS / 3)
  return {
    signal: lost.signal,
    async release() {
      clearInterval(renewing)
      await pool
        .transaction(({ db }) =>
          sql`delete from destination_lease where pipeline = ${pipeline} and destination = ${destination} and holder = ${holder}`.execute(
            db,
          ),
        )
        // It expires by itself.
        .catch(() => undefined)
    },
  }
}

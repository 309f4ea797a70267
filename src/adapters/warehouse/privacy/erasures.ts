import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { ErasureNotFound } from '../../../errors/erasure-not-found.ts'
import type { KeptDefinition } from '../../../plan/kept-definition.ts'
import type { ErasureRequest, Erasures, WithdrawnRun } from '../../../ports/erasure.ts'
import type { ErasureReport } from '../../../run/erasure.ts'
import type { WarehouseTransaction } from '../connection.ts'
import { openMigrated } from '../migrate.ts'
import type { PrivacyOptions } from './suppressed.ts'
import { addEntries, hashesOf, withdrawAll } from './suppressions.ts'

/** Requests in tables of the warehouse. Opens no connection before it is used. */
export function makeErasures(options: PrivacyOptions): Erasures {
  const pool = openMigrated(options, 1)
  return {
    ask: ({ customerIds, by, reason }) =>
      pool.transaction(async (transaction) => {
        const requestId = randomUUID()
        const { db } = transaction
        const hashes = await hashesOf(transaction, customerIds, options.privacyKey)
        const entries = { customerIds, pipelines: null, by, reason, requestId, kind: 'erased' } as const
        await addEntries(transaction, entries, options.privacyKey)
        // GDPR Art. 12 (3): without undue delay, and within one month.
        await sql`
          insert into erasure (request_id, customer_hashes, actor, reason, due_at)
          values (${requestId}, ${hashes}::bytea[], ${by}, ${reason}, now() + interval '1 month')`.execute(db)
        await sql`
          insert into erasure_subject (request_id, customer_id)
          select ${requestId}, * from unnest(${[...new Set(customerIds)]}::text[])`.execute(db)
        return readRequest(transaction, requestId)
      }),
    read: (requestId) => pool.transaction((transaction) => readRequest(transaction, requestId)),
    customerIds: (requestId) =>
      pool.transaction(async ({ db }) => {
        const { rows } = await sql<{ id: string }>`
          select customer_id as id from erasure_subject where request_id = ${requestId} order by 1`.execute(db)
        return rows.map(({ id }) => id)
      }),
    async withdraw() {
      await withdrawAll(pool, options, null)
    },
    withdrawnRuns: (requestId) => pool.transaction((transaction) => readWithdrawn(transaction, requestId)),
    told: (withdrawals) => pool.transaction((transaction) => readTold(transaction, withdrawals)),
    definitions: () =>
      pool.transaction(async ({ db }) => {
        const { rows } = await sql<{ document: KeptDefinition }>`
          select distinct on (r.pipeline) d.document from run r join definition d on d.hash = r.definition_hash
          order by r.pipeline, r.started_at desc`.execute(db)
        return rows.map(({ document }) => document)
      }),
    finish: (requestId, report) => pool.transaction((transaction) => finish(transaction, requestId, report)),
    close: () => pool.close(),
  }
}

async function readRequest({ db }: WarehouseTransaction, requestId: string): Promise<ErasureRequest> {
  const { rows } = await sql<ErasureRequest>`
    select request_id as "requestId", cardinality(customer_hashes) as customers, asked_at as "askedAt", due_at as "dueAt",
      finished_at as "finishedAt"
    from erasure where request_id = ${requestId}`.execute(db)
  if (rows[0]) return rows[0]
  throw new ErasureNotFound(
    `There is no request ${requestId} to forget customers.`,
    'See what there is: select * from erasures. Or ask anew: resegment forget',
  )
}

async function readWithdrawn({ db }: WarehouseTransaction, requestId: string): Promise<readonly WithdrawnRun[]> {
  const { rows } = await sql<WithdrawnRun>`
    select w.pipeline, w.id as withdrawal, p.run_key as "runKey", p.revision, d.document as definition,
      r.status_document #>> '{artifacts,validate}' as "validationUri"
    from withdrawal w
    join publication p on p.id = w.publication_id
    left join definition d on d.hash = p.definition_hash
    left join run r on r.run_key = p.run_key and r.revision = p.revision
    where w.withdrawn_at >= (select asked_at from erasure where request_id = ${requestId})
      or exists (select from destination_effect e
        where e.pipeline = w.pipeline and e.publication_id = w.id and e.state <> 'sent')
    order by w.id`.execute(db)
  return rows
}

/** A sync that was superseded has told nobody anything: the one that took over what was left has, once it is sent. */
async function readTold({ db }: WarehouseTransaction, withdrawals: readonly number[]): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select w.id || ' ' || s.destination as name
    from withdrawal w
    join destination_sync s on s.pipeline = w.pipeline and s.request = 'withdrawal ' || w.id
    where w.id = any(${withdrawals}::bigint[]) and (s.state = 'sent' or s.state = 'superseded' and exists (
      select from destination_sync n
      left join publication p on p.id = coalesce(n.switch_id, n.publication_id)
      left join rollback r on r.id = n.switch_id
      left join withdrawal o on o.id = n.switch_id
      where n.pipeline = s.pipeline and n.destination = s.destination and n.state = 'sent'
        and coalesce(p.published_at, r.rolled_back_at, o.withdrawn_at) >= w.withdrawn_at))`.execute(db)
  return rows.map(({ name }) => name)
}

async function finish(
  transaction: WarehouseTransaction,
  requestId: string,
  { stores, remarks }: ErasureReport,
): Promise<ErasureRequest> {
  const { db } = transaction
  await sql`
    update erasure set finished_at = coalesce(finished_at, clock_timestamp()), stores = ${JSON.stringify(stores)}::jsonb,
      remarks = ${remarks}::text[]
    where request_id = ${requestId} and finished_at is null`.execute(db)
  // Of an earlier request that never finished as well.
  await sql`
    delete from erasure_subject s using erasure_subject done
    where done.request_id = ${requestId} and s.customer_id = done.customer_id`.execute(db)
  return readRequest(transaction, requestId)
}

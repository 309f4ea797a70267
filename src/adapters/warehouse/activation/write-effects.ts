import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { sql } from 'kysely'
import type { Effect, EffectLine } from '../../../ports/activation.ts'
import type { Interest } from '../../../stages/publish/activation/triggers.ts'
import type { WarehouseTransaction } from '../connection.ts'
import type { CustomerHash } from '../privacy/customer-hash.ts'
import { resolveInterest } from './resolve-interest.ts'
import { customersOf, membersOf, pagesOf } from './shown-changes.ts'

const EVENT_ID_CHARACTERS = 32

interface PendingRow {
  readonly batch: number
  readonly customer_hash: Buffer
  readonly publication_id: number
  readonly effect: Effect['event']
  readonly customer_id: string
  readonly from_segment_key: string | null
  readonly to_segment_key: string | null
}

/** The unsent effects of a sync with the ids of their customers: on the worker's own disk, so that sending holds no transaction open. */
export async function writePending(
  transaction: WarehouseTransaction,
  hash: CustomerHash,
  { pipeline, syncId }: { readonly pipeline: string; readonly syncId: number },
  path: string,
): Promise<number> {
  const { db } = transaction
  await sql`create temp table known_customer (customer_hash bytea primary key, customer_id text) on commit drop`.execute(
    db,
  )
  const { rows } = await sql<{ id: number }>`
    select distinct publication_id as id from destination_effect where sync_id = ${syncId} and state <> 'sent'`.execute(
    db,
  )
  const publications = rows.map(({ id }) => id)
  if (publications.length > 0)
    for await (const page of pagesOf<{ customer_id: string }>(transaction, customersOf(pipeline, publications)))
      await sql`
        insert into known_customer
        select * from unnest(${page.map(({ customer_id }) => hash(customer_id))}::bytea[],
          ${page.map(({ customer_id }) => customer_id)}::text[])`.execute(db)
  // Whom nobody knows any more was erased: nothing can be told of them.
  await sql`
    delete from destination_effect e
    where sync_id = ${syncId} and state <> 'sent'
      and not exists (select from known_customer k where k.customer_hash = e.customer_hash)`.execute(db)
  const query = sql`
    select e.batch, e.customer_hash, e.publication_id, e.effect, k.customer_id, e.from_segment_key, e.to_segment_key
    from destination_effect e join known_customer k on k.customer_hash = e.customer_hash
    where e.sync_id = ${syncId} and e.state <> 'sent'
    order by e.batch, e.customer_hash`
  return writeLines(path, pagesOf<PendingRow>(transaction, query), (row) => ({
    batch: row.batch,
    effect: effectOf(row),
  }))
}

/** Everybody who is a member now. */
export async function writeMembers(
  transaction: WarehouseTransaction,
  request: { readonly pipeline: string; readonly interest: Interest },
  path: string,
): Promise<number> {
  const { segments } = await resolveInterest(transaction, request)
  const query = sql`
    select * from (${membersOf(request.pipeline, segments)}) m order by to_key collate "C", customer_id collate "C"`
  return writeLines(path, pagesOf<{ customer_id: string; to_key: string }>(transaction, query), (row) => ({
    batch: 1,
    effect: { id: '', event: 'member', customerId: row.customer_id, fromSegmentKey: null, toSegmentKey: row.to_key },
  }))
}

function effectOf(row: PendingRow): Effect {
  const id = createHash('sha256').update(`${row.publication_id} ${row.effect} `).update(row.customer_hash).digest('hex')
  return {
    id: id.slice(0, EVENT_ID_CHARACTERS),
    event: row.effect,
    customerId: row.customer_id,
    fromSegmentKey: row.from_segment_key,
    toSegmentKey: row.to_segment_key,
  }
}

async function writeLines<Row>(
  path: string,
  pages: AsyncIterable<readonly Row[]>,
  toLine: (row: Row) => EffectLine,
): Promise<number> {
  const file = await open(path, 'w')
  let lines = 0
  try {
    for await (const rows of pages) {
      await file.write(rows.map((row) => `${JSON.stringify(toLine(row))}\n`).join(''))
      lines += rows.length
    }
  } finally {
    await file.close()
  }
  return lines
}

import { sql, type RawBuilder } from 'kysely'
import type { SyncRequest } from '../../../ports/activation.ts'
import type { Trigger } from '../../../stages/publish/activation/triggers.ts'
import type { WarehouseTransaction } from '../connection.ts'
import type { CustomerHash } from '../privacy/customer-hash.ts'
import { changesOf, membersOf, pagesOf } from './shown-changes.ts'

interface Folding {
  readonly request: Pick<SyncRequest, 'pipeline' | 'destination'>
  readonly syncId: number
  readonly publicationId: number
  readonly segments: readonly string[] | null
}

interface ChangeRow {
  readonly customer_id: string
  readonly from_key: string | null
  readonly to_key: string | null
}

/**
 * Adds what a publication has changed. A change of a customer who still has an unsent effect takes its place: from where the destination
 * believes the customer to be. That is known only of an effect that nobody ever tried to send; of any other the change is told as it is.
 */
export async function foldChanges(
  transaction: WarehouseTransaction,
  { request, syncId, publicationId, segments, triggers }: Folding & { readonly triggers: readonly Trigger[] | null },
  hash: CustomerHash,
): Promise<void> {
  const { db } = transaction
  const { pipeline, destination } = request
  await gather(transaction, changesOf(pipeline, publicationId, segments), hash)
  const ofUnsent = sql`u.pipeline = ${pipeline} and u.destination = ${destination} and u.state <> 'sent'
    and u.customer_hash = g.customer_hash`
  await sql`
    update gathered_effect g set from_key = case when u.attempts = 0 then u.from_segment_key else g.from_key end
    from destination_effect u where ${ofUnsent}`.execute(db)
  await sql`delete from destination_effect u using gathered_effect g where ${ofUnsent}`.execute(db)
  await sql`
    insert into destination_effect (sync_id, customer_hash, pipeline, destination, publication_id, effect, from_segment_key, to_segment_key)
    select ${syncId}::bigint, customer_hash, ${pipeline}, ${destination}, ${publicationId}::bigint, effect, from_key, to_key
    from (
      select *, case when from_key is null then 'entered' when to_key is null then 'left' else 'moved' end as effect
      from gathered_effect where from_key is distinct from to_key
    ) g
    where ${wanted(triggers)}`.execute(db)
}

/** Replaces what is unsent by everybody who is a member; those who left are still told of. */
export async function addMembers(
  transaction: WarehouseTransaction,
  { request, syncId, publicationId, segments }: Folding,
  hash: CustomerHash,
): Promise<void> {
  const { db } = transaction
  const { pipeline, destination } = request
  // Of everybody that was sent before nothing is to be known any more.
  await sql`
    delete from destination_effect
    where pipeline = ${pipeline} and destination = ${destination} and (effect = 'member' or (state <> 'sent' and effect <> 'left'))`.execute(
    db,
  )
  await gather(transaction, membersOf(pipeline, segments), hash)
  await sql`
    insert into destination_effect (sync_id, customer_hash, pipeline, destination, publication_id, effect, from_segment_key, to_segment_key)
    select ${syncId}::bigint, customer_hash, ${pipeline}, ${destination}, ${publicationId}::bigint, 'member', null, to_key
    from gathered_effect
    on conflict (sync_id, customer_hash) do update set effect = 'member', from_segment_key = null,
      to_segment_key = excluded.to_segment_key, state = 'pending', attempts = 0, sent_at = null`.execute(db)
}

/** Table `gathered_effect` of a query's rows, with hashes in place of ids. */
async function gather(
  transaction: WarehouseTransaction,
  query: RawBuilder<unknown>,
  hash: CustomerHash,
): Promise<void> {
  const { db } = transaction
  await sql`drop table if exists gathered_effect`.execute(db)
  await sql`create temp table gathered_effect (customer_hash bytea primary key, from_key text, to_key text) on commit drop`.execute(
    db,
  )
  for await (const rows of pagesOf<ChangeRow>(transaction, query))
    await sql`
      insert into gathered_effect
      select * from unnest(${rows.map(({ customer_id }) => hash(customer_id))}::bytea[],
        ${rows.map(({ from_key }) => from_key)}::text[], ${rows.map(({ to_key }) => to_key)}::text[])`.execute(db)
  await sql`analyze gathered_effect`.execute(db)
}

function wanted(triggers: readonly Trigger[] | null): RawBuilder<unknown> {
  if (triggers === null) return sql`true`
  return sql`exists (
    select from unnest(${triggers.map(({ event }) => event)}::text[], ${triggers.map(({ segment }) => segment)}::text[]) as t (event, segment)
    where case
      when t.segment is null then g.effect = t.event
      when t.event = 'entered' then g.to_key = t.segment
      when t.event = 'left' then g.from_key = t.segment
      else g.effect = 'moved' and t.segment in (g.from_key, g.to_key)
    end)`
}

import { sql } from 'kysely'
import { RunNotFound } from '../../../errors/run-not-found.ts'
import { formatRunId } from '../../../run/run-key.ts'
import type { SyncState } from '../../../run/activation.ts'
import type { PlannedSync, SyncRequest } from '../../../ports/activation.ts'
import type { WarehouseTransaction } from '../connection.ts'
import type { CustomerHash } from '../privacy/customer-hash.ts'
import { addMembers, foldChanges } from './fold-effects.ts'
import { resolveInterest } from './resolve-interest.ts'
import { switchesOf } from './shown-changes.ts'

interface PublicationRow {
  readonly id: number
  /** What consumers see of it since: the publication itself, a return to it, or customers who were withdrawn from it. */
  readonly switch_id: number
  readonly switch_kind: 'publication' | 'rollback' | 'withdrawal'
  readonly as_of: string
  readonly is_live: boolean
}

interface SyncRow {
  readonly id: number
  readonly state: SyncState
  readonly kind: 'changes' | 'full'
  readonly batch_count: number
  readonly planned_at: string | null
}

/** Writes down what a destination has to be told. The caller has the lease, so that nobody sends meanwhile. */
export async function planSync(
  transaction: WarehouseTransaction,
  request: SyncRequest,
  hash: CustomerHash,
): Promise<PlannedSync> {
  const publication = await findPublication(transaction, request)
  const row = await openSync(transaction, request, publication)
  // What a member is now says nothing of an older run.
  const isPast = (request.full !== null || request.tells === 'members') && !publication.is_live
  if (row.planned_at === null) return planAnew(transaction, request, { publication, isPast }, row, hash)
  // Superseded stays so: what was left of it is the newer one's.
  if (isPast || row.state === 'superseded') return describe(transaction, { ...row, state: 'superseded' }, publication)
  await setState(transaction, row.id, 'running')
  return describe(transaction, { ...row, state: 'running' }, publication)
}

async function planAnew(
  transaction: WarehouseTransaction,
  request: SyncRequest,
  { publication, isPast }: { readonly publication: PublicationRow; readonly isPast: boolean },
  row: SyncRow,
  hash: CustomerHash,
): Promise<PlannedSync> {
  const { db } = transaction
  const last = await newestPlanned(transaction, request, publication)
  if (last?.isNewer || isPast) {
    await setState(transaction, row.id, 'superseded')
    return describe(transaction, { ...row, state: 'superseded' }, publication)
  }
  const { triggers, segments } = await resolveInterest(transaction, request)
  for (const { id } of await unheard(transaction, request, publication, last))
    await foldChanges(transaction, { request, syncId: row.id, publicationId: id, segments, triggers }, hash)
  await takeOver(transaction, request, row.id)
  const isFull = request.full !== null || request.isNew
  if (isFull)
    await addMembers(transaction, { request, syncId: row.id, publicationId: publication.switch_id, segments }, hash)
  if (request.full !== null) await noteFull(transaction, request)
  const batchCount = await numberBatches(transaction, row.id, request.batchSize)
  const kind = isFull ? 'full' : 'changes'
  await sql`update destination_sync set planned_at = now(), switch_id = ${publication.switch_id}, batch_count = ${batchCount}, kind = ${kind}
    where id = ${row.id}`.execute(db)
  return describe(transaction, { ...row, kind, batch_count: batchCount }, publication)
}

async function findPublication({ db }: WarehouseTransaction, request: SyncRequest): Promise<PublicationRow> {
  const { pipeline, runKey, revision } = request
  const { rows } = await sql<PublicationRow>`
    select p.id, w.id as switch_id, w.kind as switch_kind, p.as_of, l.publication_id = p.id as is_live
    from (${switchesOf(pipeline)}) w join publication p on p.id = w.content_id join pipeline l on l.name = p.pipeline
    where p.run_key = ${runKey} and p.revision = ${revision}
    order by w.shown_at desc limit 1`.execute(db)
  if (rows[0]) return rows[0]
  throw new RunNotFound(
    `Run ${formatRunId(request)} was not published: there is nothing to tell ${request.destination}.`,
    `See what was: resegment runs ${pipeline}`,
  )
}

async function openSync(
  { db }: WarehouseTransaction,
  request: SyncRequest,
  { id, switch_kind: kind, switch_id: switchId }: PublicationRow,
): Promise<SyncRow> {
  const { pipeline, destination, full, withdrawal, workflowId, temporalRunId } = request
  const told = withdrawal === undefined ? `${kind} ${switchId}` : `withdrawal ${withdrawal}`
  const changes = withdrawal === undefined && switchId === id ? 'changes' : told
  const { rows } = await sql<SyncRow>`
    insert into destination_sync (pipeline, destination, publication_id, request, kind, state, workflow_id, temporal_run_id)
    values (${pipeline}, ${destination}, ${id}, ${full ?? changes}, ${full === null ? 'changes' : 'full'}, 'running',
      ${workflowId}, ${temporalRunId})
    on conflict (pipeline, destination, publication_id, request)
      do update set workflow_id = excluded.workflow_id, temporal_run_id = excluded.temporal_run_id
    returning id, state, kind, batch_count, planned_at`.execute(db)
  return rows[0]!
}

/** The newest switch that the destination's ledger has. */
async function newestPlanned(
  { db }: WarehouseTransaction,
  { pipeline, destination }: SyncRequest,
  publication: PublicationRow,
): Promise<{ readonly id: number; readonly isNewer: boolean } | undefined> {
  const { rows } = await sql<{ id: number; isNewer: boolean }>`
    with shown as (${switchesOf(pipeline)})
    select w.id, w.shown_at > (select shown_at from shown where id = ${publication.switch_id}) as "isNewer"
    from destination_sync s join shown w on w.id = coalesce(s.switch_id, s.publication_id)
    where s.pipeline = ${pipeline} and s.destination = ${destination} and s.planned_at is not null
    order by w.shown_at desc limit 1`.execute(db)
  return rows[0]
}

/**
 * Switches that the destination has not heard of up to this one, oldest first. A new destination begins with what brought the publication out
 * last, and hears who was withdrawn from it since.
 */
async function unheard(
  { db }: WarehouseTransaction,
  { pipeline }: SyncRequest,
  publication: PublicationRow,
  last: { readonly id: number } | undefined,
): Promise<readonly { id: number }[]> {
  const since = last
    ? sql`shown_at > (select shown_at from shown where id = ${last.id})`
    : sql`shown_at >= (select max(shown_at) from shown where content_id = ${publication.id} and kind <> 'withdrawal')`
  const { rows } = await sql<{ id: number }>`
    with shown as (${switchesOf(pipeline)})
    select id from shown
    where ${since}
      and shown_at <= (select shown_at from shown where id = ${publication.switch_id})
    order by shown_at`.execute(db)
  return rows
}

/** Everything that is still unsent is this sync's now. */
async function takeOver(
  { db }: WarehouseTransaction,
  { pipeline, destination }: SyncRequest,
  syncId: number,
): Promise<void> {
  await sql`
    update destination_effect set sync_id = ${syncId}, state = 'pending'
    where pipeline = ${pipeline} and destination = ${destination} and state <> 'sent' and sync_id <> ${syncId}`.execute(
    db,
  )
  await sql`
    update destination_sync set state = 'superseded', finished_at = now()
    where pipeline = ${pipeline} and destination = ${destination} and id <> ${syncId} and state in ('running', 'failed')`.execute(
    db,
  )
}

async function numberBatches({ db }: WarehouseTransaction, syncId: number, size: number | 'all'): Promise<number> {
  if (size === 'all') {
    await sql`update destination_effect set batch = 1 where sync_id = ${syncId}`.execute(db)
    return 1
  }
  const { rows } = await sql<{ count: number }>`
    with numbered as (
      select customer_hash, (row_number() over (order by customer_hash) - 1) / ${size}::integer + 1 as batch
      from destination_effect where sync_id = ${syncId} and state <> 'sent'
    ), written as (
      update destination_effect e set batch = n.batch from numbered n
      where e.sync_id = ${syncId} and e.customer_hash = n.customer_hash
    )
    select coalesce(max(batch), 0) as count from numbered`.execute(db)
  return rows[0]!.count
}

/** Who sent everybody is kept with the run, as every other act is. */
async function noteFull({ db }: WarehouseTransaction, request: SyncRequest): Promise<void> {
  const { runKey, revision, by, destination, temporalRunId } = request
  await sql`
    insert into run_event (run_key, revision, event, actor, reason, temporal_run_id)
    values (${runKey}, ${revision}, 'synced_in_full', ${by ?? 'unknown'}, ${`Everybody was sent to ${destination}.`}, ${temporalRunId})
    on conflict do nothing`.execute(db)
}

async function setState({ db }: WarehouseTransaction, syncId: number, state: SyncState): Promise<void> {
  const finished = state === 'running' ? sql`null` : sql`now()`
  await sql`update destination_sync set state = ${state}, finished_at = ${finished} where id = ${syncId}`.execute(db)
}

async function describe(
  { db }: WarehouseTransaction,
  { id, state, kind, batch_count }: SyncRow,
  publication: PublicationRow,
): Promise<PlannedSync> {
  const { rows } = await sql<{ effects: number; sent: number }>`
    select count(*) as effects, count(*) filter (where state = 'sent') as sent from destination_effect where sync_id = ${id}`.execute(
    db,
  )
  return {
    ...{ syncId: id, state, batchCount: batch_count, isFull: kind === 'full' },
    asOf: new Date(publication.as_of).toISOString(),
    ...rows[0]!,
  }
}

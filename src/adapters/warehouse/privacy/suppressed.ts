import { type RawBuilder, sql } from 'kysely'
import { formatRunId } from '../../../run/run-key.ts'
import type { KeyPads, Withdrawal } from '../../../ports/suppression.ts'
import type { WarehouseOptions, WarehouseTransaction } from '../connection.ts'
import { endMemberships } from '../end-memberships.ts'
import { recordEvent } from '../record-run.ts'
import { scorePartition } from '../score-partition.ts'
import { selectRun } from '../select-run.ts'
import { hashInSql, hashKeyOf, padsOf, privacyHash } from './customer-hash.ts'

export interface PrivacyOptions extends WarehouseOptions {
  /** RESEGMENT_PRIVACY_KEY. Absent: a key of the warehouse's own. */
  readonly privacyKey?: string | undefined
}

/** Who must not be segmented by a pipeline. */
export interface Suppressed {
  readonly pipeline: string
  /** Entries in force. */
  readonly entries: number
  readonly pads: KeyPads
}

const TABLE = 'suppressed_customer'

/** Entries of a pipeline that are in force. */
export function inForce(pipeline: string): RawBuilder<unknown> {
  return sql`undone_at is null and (pipeline is null or pipeline = ${pipeline})`
}

/** @returns undefined where nobody is suppressed: then nothing is computed */
export async function findSuppressed(
  transaction: Pick<WarehouseTransaction, 'db'>,
  pipeline: string,
  privacyKey: string | undefined,
): Promise<Suppressed | undefined> {
  const { rows } = await sql<{ entries: number }>`
    select count(*) as entries from suppression where ${inForce(pipeline)}`.execute(transaction.db)
  const { entries } = rows[0]!
  if (entries === 0) return undefined
  return { pipeline, entries, pads: padsOf(await hashKeyOf(transaction, privacyHash, privacyKey)) }
}

/**
 * Entries that were ever in force: whose values were dropped while an objection lasted has none when it is undone, and a run that was held meanwhile was compared
 * with who was there before. */
export async function countListed({ db }: Pick<WarehouseTransaction, 'db'>, pipeline: string): Promise<number> {
  const { rows } = await sql<{ entries: number }>`
    select count(*) as entries from suppression where pipeline is null or pipeline = ${pipeline}`.execute(db)
  return rows[0]!.entries
}

/** Of a relation with a `customer_id`: the rows of nobody else than of those who are suppressed. */
export function isSuppressed({ pipeline, pads }: Suppressed, id: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql`${hashInSql(id, pads)} in (select customer_hash from suppression where ${inForce(pipeline)})`
}

/** Removes what a run said of suppressed customers. Nobody is blocked who reads of others. @returns how many it said it of */
export async function dropValues(
  { db }: Pick<WarehouseTransaction, 'db'>,
  suppressed: Suppressed,
  publicationId: number,
): Promise<number> {
  const result = await sql`
    delete from ${sql.id(scorePartition(publicationId))} where ${isSuppressed(suppressed, sql.ref('customer_id'))}`.execute(
    db,
  )
  return Number(result.numAffectedRows ?? 0)
}

/**
 * Lets consumers see suppressed customers no longer. In business time it is as if the live run had not had them; in published time they are
 * gone from now on. The caller has the lock of the pipeline. Done before, it does nothing.
 */
export async function withdrawSuppressed(
  transaction: WarehouseTransaction,
  suppressed: Suppressed,
): Promise<Withdrawal | undefined> {
  const { db } = transaction
  const { pipeline } = suppressed
  const live = await db
    .selectFrom('pipeline')
    .innerJoin('publication', 'publication.id', 'pipeline.publication_id')
    .select(['publication.id', 'publication.run_key', 'publication.revision', 'publication.as_of'])
    .where('pipeline.name', '=', pipeline)
    .executeTakeFirst()
  if (!live) return undefined
  await dropValues(transaction, suppressed, live.id)
  await sql`create temp table if not exists ${sql.id(TABLE)} (customer_id text primary key) on commit drop`.execute(db)
  await sql`truncate ${sql.id(TABLE)}`.execute(db)
  const found = await sql`
    insert into ${sql.id(TABLE)} select customer_id from membership_open
    where pipeline = ${pipeline} and ${isSuppressed(suppressed, sql.ref('customer_id'))}`.execute(db)
  const customers = Number(found.numAffectedRows ?? 0)
  if (customers === 0) return undefined
  const { rows } = await sql<{ id: number; fencing_token: number }>`
    update pipeline set fencing_token = fencing_token + 1 where name = ${pipeline}
    returning fencing_token, nextval(pg_get_serial_sequence('publication', 'id')) as id`.execute(db)
  const { id, fencing_token } = rows[0]!
  // Under the lock: published times of a pipeline rise.
  await sql`
    insert into withdrawal (id, pipeline, publication_id, customers, fencing_token, withdrawn_at)
    values (${id}, ${pipeline}, ${live.id}, ${customers}, ${fencing_token}, clock_timestamp())`.execute(db)
  await endMemberships(transaction, { pipeline, of: TABLE, asOf: live.as_of, switchId: id })
  const identity = { runKey: live.run_key, revision: live.revision }
  await noteWithdrawal(transaction, identity, customers, fencing_token)
  return { id, pipeline, customers, ...identity }
}

async function noteWithdrawal(
  transaction: WarehouseTransaction,
  run: { readonly runKey: string; readonly revision: number },
  customers: number,
  fencingToken: number,
): Promise<void> {
  const row = await selectRun(transaction, run).select('temporal_run_id').executeTakeFirst()
  if (!row) return
  const reason = `${customers} ${customers === 1 ? 'customer is' : 'customers are'} not to be segmented: withdrawn from ${formatRunId(run)}.`
  const event = { event: 'withdrawn', by: 'suppression list', reason }
  await recordEvent(transaction, run, row.temporal_run_id, event, fencingToken)
}

import { createHash, randomUUID } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import type { SuppressedHashes, SuppressionRequest, Suppressions, Withdrawal } from '../../../ports/suppression.ts'
import type { WarehousePool, WarehouseTransaction } from '../connection.ts'
import { openMigrated } from '../migrate.ts'
import { lockPipeline } from '../pipeline-lock.ts'
import { customerHashOf, hashKeyOf, padsOf, privacyHash } from './customer-hash.ts'
import { findSuppressed, inForce, type PrivacyOptions, withdrawSuppressed } from './suppressed.ts'

/** The list in the warehouse. Opens no connection before it is used. */
export function makeSuppressions(options: PrivacyOptions): Suppressions {
  const pool = openMigrated(options, 1)
  return {
    async add(request) {
      const requestId = randomUUID()
      const changed = await pool.transaction((transaction) =>
        addEntries(transaction, { ...request, requestId, kind: 'objection' }, options.privacyKey),
      )
      return { requestId, changed, withdrawn: await withdrawAll(pool, options, request.pipelines) }
    },
    async undo(request) {
      const changed = await pool.transaction((transaction) => undoEntries(transaction, request, options.privacyKey))
      return { requestId: randomUUID(), changed, withdrawn: [] }
    },
    close: () => pool.close(),
  }
}

export interface NewEntries extends SuppressionRequest {
  readonly requestId: string
  readonly kind: 'erased' | 'objection'
}

/** @returns how many customers were not on the list */
export async function addEntries(
  transaction: WarehouseTransaction,
  { customerIds, pipelines, by, reason, requestId, kind }: NewEntries,
  privacyKey: string | undefined,
): Promise<number> {
  const hashes = await hashesOf(transaction, customerIds, privacyKey)
  const { rows } = await sql<{ customers: number }>`
    with added as (
      insert into suppression (customer_hash, pipeline, kind, actor, reason, request_id)
      select h.customer_hash, p.pipeline, ${kind}, ${by}, ${reason}, ${requestId}
      from unnest(${hashes}::bytea[]) as h (customer_hash), unnest(${pipelines ?? [null]}::text[]) as p (pipeline)
      on conflict do nothing returning customer_hash
    )
    select count(distinct customer_hash) as customers from added`.execute(transaction.db)
  return rows[0]!.customers
}

async function undoEntries(
  transaction: WarehouseTransaction,
  { customerIds, pipelines, by }: SuppressionRequest,
  privacyKey: string | undefined,
): Promise<number> {
  const hashes = await hashesOf(transaction, customerIds, privacyKey)
  const ofPipelines: RawBuilder<unknown> = pipelines === null ? sql`true` : sql`pipeline = any(${pipelines}::text[])`
  const { rows } = await sql<{ customers: number }>`
    with undone as (
      update suppression set undone_at = clock_timestamp(), undone_by = ${by}
      where customer_hash = any(${hashes}::bytea[]) and kind = 'objection' and undone_at is null and ${ofPipelines}
      returning customer_hash
    )
    select count(distinct customer_hash) as customers from undone`.execute(transaction.db)
  return rows[0]!.customers
}

/** Once each, so that the same request makes the same entries. */
export async function hashesOf(
  transaction: WarehouseTransaction,
  customerIds: readonly string[],
  privacyKey: string | undefined,
): Promise<readonly Buffer[]> {
  const hash = await customerHashOf(transaction, privacyHash, privacyKey)
  return [...new Set(customerIds)].map(hash)
}

/** Of every pipeline, one after the other: publications of others are not kept waiting. */
export async function withdrawAll(
  pool: WarehousePool,
  { schema, privacyKey }: PrivacyOptions,
  pipelines: readonly string[] | null,
): Promise<readonly Withdrawal[]> {
  const names = await pool.transaction(async ({ db }) => {
    const { rows } = await sql<{ name: string }>`
      select name from pipeline where ${pipelines}::text[] is null or name = any(${pipelines}::text[]) order by name`.execute(
      db,
    )
    return rows.map(({ name }) => name)
  })
  const withdrawn: Withdrawal[] = []
  for (const pipeline of names) {
    const done = await pool.transaction(async (transaction) => {
      await lockPipeline(transaction, schema, pipeline)
      const suppressed = await findSuppressed(transaction, pipeline, privacyKey)
      return suppressed && withdrawSuppressed(transaction, suppressed)
    })
    if (done) withdrawn.push(done)
  }
  return withdrawn
}

/** The list of a pipeline, for those who have to look for ids elsewhere. @returns undefined where nobody is on it */
export async function readSuppressed(
  transaction: WarehouseTransaction,
  pipeline: string,
  privacyKey: string | undefined,
): Promise<SuppressedHashes | undefined> {
  const { rows } = await sql<{ hash: string }>`
    select distinct encode(customer_hash, 'hex') as hash from suppression where ${inForce(pipeline)}`.execute(
    transaction.db,
  )
  if (rows.length === 0) return undefined
  const hashes = rows.map(({ hash }) => hash).sort()
  const digest = createHash('sha256').update(hashes.join('\n')).digest('hex')
  return { hashes, digest, pads: padsOf(await hashKeyOf(transaction, privacyHash, privacyKey)) }
}

import { sql } from 'kysely'
import { TagRefused } from '../../errors/tag-refused.ts'
import { formatRunId } from '../../run/run-key.ts'
import type { WarehouseTransaction } from './connection.ts'
import { scorePartition } from './score-partition.ts'
import { openMigrated } from './migrate.ts'
import { holdPipeline } from './pipeline-lock.ts'
import { findSuppressed, isSuppressed, type PrivacyOptions } from './privacy/suppressed.ts'
import type { Tag, TagRequest, Tags } from '../../ports/tags.ts'

/** Snapshots in tables of their own. Opens no connection before it is used. */
export function makeTags(options: PrivacyOptions): Tags {
  const pool = openMigrated(options, 1)
  return {
    add: (request) => pool.transaction((transaction) => addTag(transaction, options, request)),
    list: (pipeline) => pool.transaction((transaction) => readTags(transaction, pipeline)),
    remove: (pipeline, name) =>
      pool.transaction(async ({ db }) => {
        const removed = await db
          .deleteFrom('snapshot')
          .where('pipeline', '=', pipeline)
          .where('name', '=', name)
          .executeTakeFirst()
        return removed.numDeletedRows > 0n
      }),
    close: () => pool.close(),
  }
}

async function addTag(
  transaction: WarehouseTransaction,
  { schema, privacyKey }: PrivacyOptions,
  request: TagRequest,
): Promise<{ tag: Tag; written: boolean }> {
  const { db } = transaction
  const { pipeline, name, by } = request
  await holdPipeline(transaction, schema, pipeline)
  const publication = await findPublication(transaction, request)
  const run = formatRunId({ runKey: publication.run_key, revision: publication.revision })
  const inserted = await db
    .insertInto('snapshot')
    .values({ pipeline, name, publication_id: publication.id, customers: publication.customers, actor: by })
    .onConflict((conflict) => conflict.columns(['pipeline', 'name']).doNothing())
    .returning('id')
    .executeTakeFirst()
  const [tag] = await readTags(transaction, pipeline, name)
  if (!inserted) {
    if (formatRunId(tag!.run) === run) return { tag: tag!, written: false }
    throw new TagRefused(
      `Pipeline ${pipeline} has a snapshot ${name} already: of ${formatRunId(tag!.run)}, by ${tag!.by}.`,
      `Choose another name, or remove that one first: resegment untag ${pipeline} ${name}`,
    )
  }
  const { rows } = await sql<{ kept: boolean }>`
    select to_regclass(${scorePartition(publication.id)}) is not null as kept`.execute(db)
  if (!rows[0]!.kept)
    throw new TagRefused(
      `What ${run} said of each customer is no longer kept: the values of the live publication and of the seven before it are.`,
      'Freeze a later run.',
    )
  // What is frozen for a campaign is not for customers who objected since.
  const suppressed = await findSuppressed(transaction, pipeline, privacyKey)
  const isLeft = suppressed ? sql`not (${isSuppressed(suppressed, sql.ref('customer_id'))})` : sql`true`
  const frozen = await sql`
    insert into snapshot_member (snapshot_id, customer_id, segment_key, is_holdout)
    select ${inserted.id}::bigint, customer_id, segment_key, is_holdout from ${sql.id(scorePartition(publication.id))}
    where ${isLeft} order by customer_id`.execute(db)
  const customers = Number(frozen.numAffectedRows ?? 0)
  await sql`update snapshot set customers = ${customers} where id = ${inserted.id}`.execute(db)
  return { tag: { ...tag!, customers }, written: true }
}

async function findPublication(
  { db }: WarehouseTransaction,
  { pipeline, runKey, revision }: TagRequest,
): Promise<{ id: number; run_key: string; revision: number; customers: number }> {
  let query = db
    .selectFrom('publication')
    .select(['id', 'run_key', 'revision', 'customers'])
    .where('pipeline', '=', pipeline)
    .where('run_key', '=', runKey)
    .where('published_at', 'is not', null)
  if (revision !== undefined) query = query.where('revision', '=', revision)
  const found = await query.orderBy('revision', 'desc').limit(1).executeTakeFirst()
  if (found) return found
  throw new TagRefused(
    `Pipeline ${pipeline} never published ${revision === undefined ? runKey : formatRunId({ runKey, revision })}.`,
    `Name a run that was published: resegment runs ${pipeline}`,
  )
}

async function readTags({ db }: WarehouseTransaction, pipeline: string, name?: string): Promise<readonly Tag[]> {
  let query = db
    .selectFrom('snapshot')
    .innerJoin('publication', 'publication.id', 'snapshot.publication_id')
    .select([
      ...(['snapshot.name', 'snapshot.customers', 'snapshot.actor', 'snapshot.tagged_at'] as const),
      ...(['publication.run_key', 'publication.revision', 'publication.as_of'] as const),
    ])
    .where('snapshot.pipeline', '=', pipeline)
  if (name !== undefined) query = query.where('snapshot.name', '=', name)
  const rows = await query.orderBy('snapshot.id', 'desc').execute()
  return rows.map((row) => ({
    ...{ pipeline, name: row.name, customers: row.customers, by: row.actor },
    run: { runKey: row.run_key, revision: row.revision },
    asOf: row.as_of,
    taggedAt: row.tagged_at,
  }))
}

import { sql, type RawBuilder } from 'kysely'
import { PublishConflict } from '../../errors/publish-conflict.ts'
import { RollbackRefused } from '../../errors/rollback-refused.ts'
import { formatRunId, type RunIdentity } from '../../run/run-key.ts'
import { restoreCatalogue } from './kept-catalogue.ts'
import { scorePartition } from './score-partition.ts'
import { lockPipeline } from './pipeline-lock.ts'
import { withoutSuppressed } from './privacy/return-without.ts'
import type { PrivacyOptions } from './privacy/suppressed.ts'
import { recordEvent } from './record-run.ts'
import { returnMemberships } from './return-memberships.ts'
import { selectRun } from './select-run.ts'
import type { PublishOutcome, Rollback, RollbackRequest, ReturnPoint } from '../../ports/destination.ts'
import type { WarehouseTransaction } from './connection.ts'
import type { PublicationTable } from './tables.ts'

/** Where a rollback would lead. Reads only. @throws RollbackRefused */
export async function findReturnPoint(
  transaction: WarehouseTransaction,
  pipeline: string,
  to: RunIdentity | undefined,
): Promise<ReturnPoint> {
  const live = await findLive(transaction, pipeline)
  const target = to ? await findNamed(transaction, pipeline, to) : await findEarlier(transaction, live)
  if (target.id !== live.id) await refuseLost(transaction, target)
  const run = await selectRun(transaction, runOf(target)).select('manifest_uri').executeTakeFirst()
  return {
    from: runOf(live),
    run: runOf(target),
    asOf: target.as_of,
    digest: target.digest,
    customers: target.customers,
    manifestUri: run?.manifest_uri ?? null,
  }
}

/** The one short transaction: consumers see the earlier publication whole when it commits. @throws RollbackRefused */
export async function rollBack(
  transaction: WarehouseTransaction,
  { schema, privacyKey }: PrivacyOptions,
  pipeline: string,
  { from, to, by, reason }: RollbackRequest,
): Promise<Rollback> {
  const { db } = transaction
  await lockPipeline(transaction, schema, pipeline)
  const live = await findLive(transaction, pipeline)
  const target = await findNamed(transaction, pipeline, to)
  if (target.id === live.id)
    return { undone: [], moved: 0, written: false, shownSince: await shownSince(transaction, pipeline) }
  if (live.run_key !== from.runKey || live.revision !== from.revision)
    throw new PublishConflict(
      `${formatRunId(runOf(live))} came out meanwhile: ${formatRunId(from)} was to be rolled back.`,
      `See what is live, and decide anew: resegment runs ${pipeline}`,
    )
  await refuseLost(transaction, target)
  const returning = await withoutSuppressed(transaction, target, privacyKey)
  const { rows: tokens } = await sql<{ id: number; fencing_token: number }>`
    update pipeline set publication_id = ${target.id}, fencing_token = fencing_token + 1 where name = ${pipeline}
    returning fencing_token, nextval(pg_get_serial_sequence('publication', 'id')) as id`.execute(db)
  const { id, fencing_token } = tokens[0]!
  await db
    .insertInto('rollback')
    .values({
      ...{ id, pipeline, fencing_token, actor: by, reason },
      from_publication_id: live.id,
      to_publication_id: target.id,
      // Under the lock: published times of a pipeline rise.
      rolled_back_at: sql<string>`clock_timestamp()`,
    })
    .execute()
  const moved = await returnMemberships(transaction, returning, id)
  await restoreCatalogue(transaction, pipeline, target.id)
  const undone = await markRuns(transaction, target)
  for (const run of undone)
    await recordEvent(transaction, run, run.temporalRunId, { event: 'rolled_back', by, reason }, fencing_token)
  const identity = runOf(target)
  const returned = await selectRun(transaction, identity).select('temporal_run_id').executeTakeFirst()
  if (returned)
    await recordEvent(
      transaction,
      identity,
      returned.temporal_run_id,
      { event: 'returned_to', by, reason },
      fencing_token,
    )
  return {
    undone: undone.map(({ runKey, revision }) => ({ runKey, revision })),
    ...{ moved, written: true },
    shownSince: await shownSince(transaction, pipeline),
  }
}

/** What came out, and when, so that what a late attempt says of it is known to be old. */
export async function shownPublication(
  { db }: WarehouseTransaction,
  id: number,
): Promise<Pick<PublishOutcome, 'customers' | 'leftOut' | 'shownSince'>> {
  const { rows } = await sql<Pick<PublishOutcome, 'customers' | 'leftOut' | 'shownSince'>>`
    select customers, left_out as "leftOut", ${shownText(sql`published_at`)} as "shownSince"
    from publication where id = ${id}`.execute(db)
  return rows[0]!
}

/** When consumers began to see what is live: rises with every publication and rollback. */
async function shownSince({ db }: WarehouseTransaction, pipeline: string): Promise<string> {
  const { rows } = await sql<{ shown: string }>`
    select ${shownText(sql`greatest(
      (select max(published_at) from publication where pipeline = ${pipeline}),
      (select max(rolled_back_at) from rollback where pipeline = ${pipeline}))`)} as shown`.execute(db)
  return rows[0]!.shown
}

/** With microseconds, which a JavaScript date would lose, and sorting as text. */
function shownText(instant: RawBuilder<unknown>): RawBuilder<string> {
  return sql`to_char(${instant} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
}

type Published = Pick<
  PublicationTable,
  'id' | 'pipeline' | 'run_key' | 'revision' | 'as_of' | 'digest' | 'customers' | 'compared_with' | 'published_at'
> & { readonly has_catalogue: boolean }

function runOf({ run_key, revision }: Pick<Published, 'run_key' | 'revision'>): RunIdentity {
  return { runKey: run_key, revision }
}

function selectPublished(db: WarehouseTransaction['db']) {
  return db
    .selectFrom('publication')
    .select(['id', 'pipeline', 'run_key', 'revision', 'as_of', 'digest', 'customers', 'compared_with', 'published_at'])
    .select(sql<boolean>`catalogue is not null`.as('has_catalogue'))
    .where('published_at', 'is not', null)
}

async function findLive({ db }: WarehouseTransaction, pipeline: string): Promise<Published> {
  const live = await selectPublished(db)
    .where('id', '=', ({ selectFrom }) => selectFrom('pipeline').select('publication_id').where('name', '=', pipeline))
    .executeTakeFirst()
  if (live) return live
  throw new RollbackRefused(`Pipeline ${pipeline} has published nothing.`, 'There is nothing to roll back.')
}

async function findNamed({ db }: WarehouseTransaction, pipeline: string, to: RunIdentity): Promise<Published> {
  const found = await selectPublished(db)
    .where('pipeline', '=', pipeline)
    .where('run_key', '=', to.runKey)
    .where('revision', '=', to.revision)
    .executeTakeFirst()
  if (found) return found
  throw new RollbackRefused(
    `Pipeline ${pipeline} never published ${formatRunId(to)}.`,
    `Name a run that was published: resegment runs ${pipeline}`,
  )
}

/** What consumers saw before the live publication, leaving out what was taken back. */
async function findEarlier({ db }: WarehouseTransaction, live: Published): Promise<Published> {
  for (let id = live.compared_with; id !== null;) {
    const before = await selectPublished(db).where('id', '=', id).executeTakeFirst()
    if (!before) break
    const run = await selectRun({ db }, runOf(before)).select('status').executeTakeFirst()
    if (run?.status !== 'rolled_back') return before
    id = before.compared_with
  }
  const name = formatRunId(runOf(live))
  throw new RollbackRefused(
    `${name} is the first publication of pipeline ${live.pipeline}: before it consumers saw nothing.`,
    `Correct the source or the definition and publish the next revision: resegment run ${live.pipeline} --revision next`,
  )
}

/** Values of old runs are dropped, and history alone does not say what a replaced revision said. */
async function refuseLost({ db }: WarehouseTransaction, target: Published): Promise<void> {
  const { rows } = await sql<{ kept: boolean }>`
    select to_regclass(${scorePartition(target.id)}) is not null as kept`.execute(db)
  if (rows[0]!.kept && target.has_catalogue) return
  const name = formatRunId(runOf(target))
  throw new RollbackRefused(
    rows[0]!.kept
      ? `${name} was published by an earlier version of resegment, which did not keep its catalogue of segments.`
      : `What ${name} said of each customer is no longer kept: the values of the live publication and of the seven before it are.`,
    'Return to a later run, or publish the next revision of it under a later as-of.',
  )
}

/** @returns the runs that are undone now */
async function markRuns(
  { db }: WarehouseTransaction,
  target: Published,
): Promise<readonly (RunIdentity & { readonly temporalRunId: string })[]> {
  const ofPipeline = sql`from publication p where p.pipeline = ${target.pipeline} and p.published_at is not null
    and p.run_key = r.run_key and p.revision = r.revision and p.id <> ${target.id}`
  const asOf = sql`${target.as_of}::timestamptz`
  const { rows } = await sql<{ run_key: string; revision: number; temporal_run_id: string }>`
    update run r set status = 'rolled_back' ${ofPipeline} and r.status in ('published', 'superseded')
      and (p.as_of > ${asOf} or (p.as_of = ${asOf}
        and p.published_at > (select published_at from publication where id = ${target.id})))
    returning r.run_key, r.revision, r.temporal_run_id`.execute(db)
  await sql`update run r set status = 'superseded' ${ofPipeline} and r.status = 'published' and p.as_of = ${asOf}`.execute(
    db,
  )
  await db
    .updateTable('run')
    .set({ status: 'published' })
    .where('run_key', '=', target.run_key)
    .where('revision', '=', target.revision)
    .execute()
  return rows.map((row) => ({ runKey: row.run_key, revision: row.revision, temporalRunId: row.temporal_run_id }))
}

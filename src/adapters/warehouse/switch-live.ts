import { sql } from 'kysely'
import { OlderThanPublished } from '../../errors/older-than-published.ts'
import { PublishConflict } from '../../errors/publish-conflict.ts'
import { formatRunId } from '../../run/run-key.ts'
import { refuseOlder } from '../../run/succession.ts'
import { assertHistory, fillPast, refusePastConflict } from './fill-past.ts'
import { keepCatalogue } from './kept-catalogue.ts'
import { moveMemberships } from './move-memberships.ts'
import { lockPipeline } from './pipeline-lock.ts'
import { writeCatalogue } from './write-catalogue.ts'
import { createPipelineView } from './pipeline-view.ts'
import { leaveOutSuppressed, refuseSuppressed } from './privacy/leave-out.ts'
import { selectRun } from './select-run.ts'
import type { PrivacyOptions } from './privacy/suppressed.ts'
import type { Publication } from '../../ports/destination.ts'
import type { PublicationTable } from './tables.ts'
import type { WarehouseTransaction } from './connection.ts'

/**
 * The one short transaction: consumers see the publication whole when it commits, and nothing of it before.
 *
 * @returns false when this publication was out already
 */
export async function switchLive(
  transaction: WarehouseTransaction,
  { schema, privacyKey }: PrivacyOptions,
  candidate: Publication,
  id: number,
): Promise<boolean> {
  const { plan } = candidate
  const { db } = transaction
  await lockPipeline(transaction, schema, plan.pipeline)
  await db
    .insertInto('pipeline')
    .values({ name: plan.pipeline, publication_id: null })
    .onConflict((c) => c.doNothing())
    .execute()
  const own = await db.selectFrom('publication').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (own?.published_at) return false
  if (plan.options.historical) {
    if (own) await refuseSuppressed(transaction, candidate, id, privacyKey)
    await switchPast(transaction, candidate, id, own !== undefined)
    return true
  }
  const live = await findLive(transaction, plan.pipeline)
  refuseConflict(candidate, live, own !== undefined)
  await refuseSecondResult(transaction, candidate)
  await refuseTakenKeys(transaction, candidate)
  const publication = await leaveOutSuppressed(transaction, candidate, id, privacyKey)
  const { rows } = await sql<{ fencing_token: number }>`
    update pipeline set publication_id = ${id}, fencing_token = fencing_token + 1
    where name = ${plan.pipeline} and publication_id is not distinct from ${live?.id ?? null}
    returning fencing_token`.execute(db)
  // clock_timestamp, under the lock: published times of a pipeline rise with its publications.
  await sql`update publication set published_at = clock_timestamp(), fencing_token = ${rows[0]!.fencing_token}
    where id = ${id}`.execute(db)
  await moveMemberships(transaction, publication, id, live?.as_of)
  await markRunPublished(transaction, publication, id)
  await writeCatalogue(transaction, publication, id)
  await keepCatalogue(transaction, plan.pipeline, id)
  await createPipelineView(transaction, plan.pipeline)
  return true
}

/** The publication takes its place in the history; what is live stays what it is, and who is told of it. */
async function switchPast(
  transaction: WarehouseTransaction,
  publication: Publication,
  id: number,
  isLoaded: boolean,
): Promise<void> {
  const { plan } = publication
  await refusePastConflict(transaction, publication, isLoaded)
  await refuseSecondResult(transaction, publication)
  await refuseTakenKeys(transaction, publication)
  await sql`
    with token as (
      update pipeline set fencing_token = fencing_token + 1 where name = ${plan.pipeline} returning fencing_token
    )
    update publication set published_at = clock_timestamp(), fencing_token = (select fencing_token from token)
    where id = ${id}`.execute(transaction.db)
  await fillPast(transaction, publication, id)
  await markRunPublished(transaction, publication, id)
  await writeCatalogue(transaction, publication, id)
  await assertHistory(transaction, publication, id)
}

/**
 * What `switchLive` would refuse, before anything is written anywhere.
 *
 * @throws PublishConflict, OlderThanPublished, NotHistorical
 */
export async function checkPublishable(transaction: WarehouseTransaction, publication: Publication): Promise<void> {
  const { plan, digest } = publication
  const own = await transaction.db
    .selectFrom('publication')
    .select('published_at')
    .where('pipeline', '=', plan.pipeline)
    .where('run_key', '=', plan.runKey)
    .where('revision', '=', plan.revision)
    .where('digest', '=', digest)
    .executeTakeFirst()
  if (own?.published_at) return refuseRolledBack(transaction, publication)
  if (plan.options.historical) await refusePastConflict(transaction, publication, true)
  else refuseConflict(publication, await findLive(transaction, plan.pipeline), true)
  await refuseSecondResult(transaction, publication)
  await refuseTakenKeys(transaction, publication)
}

/** A run that filled in the past, or one that was rolled back, can have given a key meanwhile that this one was to give. */
async function refuseTakenKeys({ db }: WarehouseTransaction, { plan, validation }: Publication): Promise<void> {
  const born = validation.segments.filter(({ isNew, ownKey }) => isNew && ownKey === null)
  if (born.length === 0) return
  const taken = await db
    .selectFrom('segment')
    .select('segment_key')
    .where('pipeline', '=', plan.pipeline)
    .where(
      'segment_key',
      'in',
      born.map(({ segmentKey }) => segmentKey),
    )
    .orderBy('segment_key')
    .executeTakeFirst()
  if (taken)
    throw new PublishConflict(
      `${formatRunId(plan)} found a new segment and called it ${taken.segment_key}, a key that another run has given meanwhile.`,
      'Start the next revision: it gives the next key.',
    )
}

function findLive({ db }: WarehouseTransaction, pipeline: string) {
  return db
    .selectFrom('pipeline')
    .innerJoin('publication', 'publication.id', 'pipeline.publication_id')
    .select(['publication.id', 'publication.run_key', 'publication.revision', 'publication.as_of'])
    .where('pipeline.name', '=', pipeline)
    .executeTakeFirst()
}

type Live = Pick<PublicationTable, 'id' | 'run_key' | 'revision' | 'as_of'>

function refuseConflict({ plan, validation }: Publication, live: Live | undefined, isLoaded: boolean): void {
  // First: of an older run, being compared anew is no way out.
  const shown = live && { runKey: live.run_key, revision: live.revision, asOf: live.as_of }
  const older = refuseOlder(plan, shown)
  if (older) throw new OlderThanPublished(older.what, older.remedy)
  const liveRun = shown ? formatRunId(shown) : null
  if (liveRun !== validation.comparedWith || !isLoaded)
    throw new PublishConflict(
      `${formatRunId(plan)} was compared with ${validation.comparedWith ?? 'nothing'}, but ${liveRun ?? 'nothing'} is live now.`,
      'Start the next revision: it is compared with what is live.',
    )
}

/** Somebody took it back: a late attempt, or a reset of the run, must not pass for a publication. */
async function refuseRolledBack({ db }: WarehouseTransaction, { plan }: Publication): Promise<void> {
  const run = await selectRun({ db }, plan).select('status').executeTakeFirst()
  if (run?.status !== 'rolled_back') return
  throw new PublishConflict(
    `${formatRunId(plan)} was published and then rolled back.`,
    `Start the next revision; or bring this one back: resegment rollback ${plan.pipeline} --to ${formatRunId(plan)}`,
  )
}

/** A revision has one result: a reset or a second run of it that found another one must not take its place, nor that of its successors. */
async function refuseSecondResult({ db }: WarehouseTransaction, { plan, digest }: Publication): Promise<void> {
  const other = await db
    .selectFrom('publication')
    .select(['id', 'digest'])
    .where('pipeline', '=', plan.pipeline)
    .where('run_key', '=', plan.runKey)
    .where('revision', '=', plan.revision)
    .where('digest', '<>', digest)
    .where('published_at', 'is not', null)
    .executeTakeFirst()
  if (other)
    throw new PublishConflict(
      `${plan.runKey}~${plan.revision} was published before with another result (publication ${other.id}, digest ${other.digest}, now ${digest}).`,
      'Start the next revision: what was published under this one stays what it is.',
    )
}

/**
 * The run's own row, and that of the publication it takes the place of: superseded when it looks from the same instant (in a pipeline whose
 * zone was changed even under another run key). One of another as-of stays published: it is the result of its period.
 */
async function markRunPublished(
  { db }: WarehouseTransaction,
  { plan, validation, temporalRunId, manifestUri, stages }: Publication,
  id: number,
): Promise<void> {
  const now = sql<string>`(select published_at from publication where id = ${id})`
  const fields = {
    status: 'published' as const,
    verdict: validation.verdict,
    counts: JSON.stringify(stages),
    moved: validation.moved,
    temporal_run_id: temporalRunId,
    input_hash: stages.find(({ inputHash }) => inputHash !== undefined)?.inputHash ?? null,
    manifest_uri: manifestUri,
    finished_at: now,
    published_at: now,
    failure: null,
  }
  await db
    .insertInto('run')
    .values({
      run_key: plan.runKey,
      revision: plan.revision,
      pipeline: plan.pipeline,
      kind: plan.kind,
      period: plan.period,
      as_of: plan.asOf,
      definition_hash: plan.definitionHash,
      seed: plan.definition.pipeline.cluster.seed,
      code_version: plan.codeVersion,
      workflow_id: plan.workflowId,
      report_uri: null,
      stale_after: null,
      status_document: null,
      is_historical: plan.options.historical === true,
      ...fields,
    })
    .onConflict((conflict) => conflict.columns(['run_key', 'revision']).doUpdateSet(fields))
    .execute()
  await sql`
    update run r set status = 'superseded' from publication p
    where p.pipeline = ${plan.pipeline} and p.as_of = ${plan.asOf}::timestamptz and p.published_at is not null and p.id <> ${id}
      and r.run_key = p.run_key and r.revision = p.revision and r.status = 'published'
      and not (r.run_key = ${plan.runKey} and r.revision = ${plan.revision})`.execute(db)
}

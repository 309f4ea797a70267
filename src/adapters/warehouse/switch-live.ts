import { sql } from 'kysely'
import { OlderThanPublished } from '../../errors/older-than-published.ts'
import { PublishConflict } from '../../errors/publish-conflict.ts'
import { formatRunId } from '../../run/run-key.ts'
import { refuseOlder } from '../../run/succession.ts'
import { keepCatalogue } from './kept-catalogue.ts'
import { moveMemberships } from './move-memberships.ts'
import { lockPipeline } from './pipeline-lock.ts'
import { writeCatalogue } from './write-catalogue.ts'
import { createPipelineView } from './pipeline-view.ts'
import { leaveOutSuppressed } from './privacy/leave-out.ts'
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
  const live = await findLive(transaction, plan.pipeline)
  refuseConflict(candidate, live, own !== undefined)
  await refuseSecondResult(transaction, candidate)
  const publication = await leaveOutSuppressed(transaction, candidate, id, privacyKey)
  const { rows } = await sql<{ fencing_token: number }>`
    update pipeline set publication_id = ${id}, fencing_token = fencing_token + 1
    where name = ${plan.pipeline} and publication_id is not distinct from ${candidate.validation.comparedWith}
    returning fencing_token`.execute(db)
  // clock_timestamp, under the lock: published times of a pipeline rise with its publications.
  await sql`update publication set published_at = clock_timestamp(), fencing_token = ${rows[0]!.fencing_token}
    where id = ${id}`.execute(db)
  await moveMemberships(transaction, publication, id, live?.as_of)
  await markRunPublished(transaction, publication, id, live)
  await writeCatalogue(transaction, publication, id)
  await keepCatalogue(transaction, plan.pipeline, id)
  await createPipelineView(transaction, plan.pipeline)
  return true
}

/**
 * What `switchLive` would refuse, before anything is written anywhere.
 *
 * @throws PublishConflict, OlderThanPublished
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
  refuseConflict(publication, await findLive(transaction, plan.pipeline), true)
  await refuseSecondResult(transaction, publication)
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
  const older = refuseOlder(plan, live && { runKey: live.run_key, revision: live.revision, asOf: live.as_of })
  if (older) throw new OlderThanPublished(older.what, older.remedy)
  const run = `${plan.runKey}~${plan.revision}`
  const liveRun = live ? `${live.run_key}~${live.revision} (publication ${live.id})` : 'nothing'
  if ((live?.id ?? null) !== validation.comparedWith || !isLoaded)
    throw new PublishConflict(
      `${run} was compared with ${validation.comparedWith === null ? 'nothing' : `publication ${validation.comparedWith}`}, but ${liveRun} is live now.`,
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
 * zone was changed even under another run key). One of an earlier as-of stays published: it is the result of its period.
 */
async function markRunPublished(
  { db }: WarehouseTransaction,
  { plan, validation, temporalRunId, manifestUri, stages }: Publication,
  id: number,
  live: Live | undefined,
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
      ...fields,
    })
    .onConflict((conflict) => conflict.columns(['run_key', 'revision']).doUpdateSet(fields))
    .execute()
  const isOwn = live?.run_key === plan.runKey && live.revision === plan.revision
  if (live && !isOwn && Date.parse(live.as_of) === Date.parse(plan.asOf))
    await db
      .updateTable('run')
      .set({ status: 'superseded' })
      .where('run_key', '=', live.run_key)
      .where('revision', '=', live.revision)
      .execute()
}

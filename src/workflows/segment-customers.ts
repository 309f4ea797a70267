import { proxyActivities, workflowInfo } from '@temporalio/workflow'
import type { Activities, StartFacts, ValidationOutput } from '../activities/activities.ts'
import type { RunInput } from '../plan/run-plan.ts'
import type { RunStatus } from '../run/run-status.ts'
import { nameSteps, queueBeside } from './activity-steps.ts'
import { answerMessages } from './answer-messages.ts'
import { Approval } from './approval.ts'
import { byLiveModelSteps, placeByLiveModel } from './by-live-model.ts'
import { buildLiveFeatures, ofLiveModelSteps } from './live-features.ts'
import { LastWord } from './last-word.ts'
import { refuseFailed } from './refuse-failed.ts'
import { RunJournal } from './run-journal.ts'
import { RunSteps } from './run-steps.ts'
import { searchAttributes } from '../run/search-attributes.ts'
import { waitForDecision } from './wait-for-decision.ts'

// Attempts have no limit: a broken world is waited for, until a day is over. Heartbeats tell a dead worker from a slow one.
const patience = {
  scheduleToCloseTimeout: '24 hours',
  startToCloseTimeout: '12 hours',
  retry: { initialInterval: '5 seconds', maximumInterval: '10 minutes', backoffCoefficient: 2 },
} as const
const quickOptions = { ...patience, heartbeatTimeout: '30 seconds' } as const
const heavyOptions = { ...patience, heartbeatTimeout: '60 seconds' } as const
const lastWordOptions = { scheduleToCloseTimeout: '1 minute', startToCloseTimeout: '1 minute' } as const

/**
 * One run: re-segments the customers of a pipeline as of an instant, compares with what is live, and publishes.
 *
 * Ends Completed when it is published, rejected (by a person or for want of a decision: an outcome, nothing to repair), superseded while it
 * was held, or was a dry run; Failed when a stage failed, a gate of validate among them; the failure's message says what to do.
 */
export async function segmentCustomers(input: RunInput): Promise<RunStatus> {
  const { taskQueue } = workflowInfo()
  const io = proxyActivities<Activities>({ ...quickOptions, taskQueue: queueBeside(taskQueue, 'io') })
  const compute = proxyActivities<Activities>({ ...heavyOptions, taskQueue: queueBeside(taskQueue, 'compute') })
  const quick = nameSteps(io)
  const heavy = nameSteps(compute)
  const heavyByLiveModel = nameSteps(compute, {}, byLiveModelSteps)
  const heavyOfLiveModel = nameSteps(compute, {}, ofLiveModelSteps)

  const approval = new Approval()
  const journal = new RunJournal(input)
  const run = new RunSteps(journal, quick, new LastWord(journal, nameSteps(io, lastWordOptions)))
  answerMessages(journal, approval)

  return run.untilCancelled(async () => {
    const plan = await run.step('plan', async () => run.planned(await quick.planRun(input, startFacts())))
    const raw = await run.step('extract', () => quick.extractSources(plan))
    if (journal.finished(raw)) return journal.ended('dry_run')
    const shards = raw.shardCount
    const clean = await run.step('cleanse', async () => {
      if (plan.definition.pipeline.cleanse.some(({ rule }) => rule === 'outliers'))
        await heavy.planCleanse(plan, raw.ref, shards)
      await run.inShards(shards, (shard) => heavy.cleanseShard(plan, raw.ref, shard, shards))
      return heavy.cleanseCustomers(plan, raw.ref, shards)
    })
    if (journal.finished(clean)) return journal.ended('dry_run')
    const built = await run.step('features', async () => {
      await run.inShards(shards, (shard) => heavy.buildFeaturesShard(plan, clean.ref, shard, shards))
      return heavy.buildFeatures(plan, clean.ref, shards)
    })
    if (journal.finished(built)) return journal.ended('dry_run')
    const candidate = await run.step('cluster', async () => {
      const fit = await heavy.fitClusters(plan, built.ref, shards)
      await run.inShards(shards, (shard) => heavy.placeShard(plan, built.ref, shard, shards, fit))
      return heavy.clusterCustomers(plan, built.ref, shards, fit)
    })
    if (journal.finished(candidate)) return journal.ended('dry_run')
    const validation = await run.step('validate', async () => {
      const live = await buildLiveFeatures(run, heavyOfLiveModel, plan, clean.ref, shards)
      const refs = { clean: clean.ref, features: built.ref, candidate: candidate.ref, ...(live && { live }) }
      const output = await heavy.validateAgainstPublished(plan, refs)
      journal.validated(output)
      if (!plan.options.dryRun) refuseFailed(output)
      return { ...output, live }
    })
    if (plan.options.dryRun) return journal.ended('dry_run')

    let chosen: ValidationOutput = validation
    if (validation.verdict === 'hold') {
      const byLiveModel = validation.canUseLiveModel
        ? await placeByLiveModel(run, heavyByLiveModel, plan, {
            ...{ clean: clean.ref, features: built.ref, live: validation.live, shards },
          })
        : null
      const end = await run.step('hold', () =>
        waitForDecision(run, journal, approval, plan, { validation, byLiveModel }),
      )
      if (end.how === 'superseded') return journal.ended('superseded')
      const { decision } = end.decision
      if (decision === 'reject') return journal.ended('rejected')
      if (decision === 'useLiveModel') journal.validated((chosen = byLiveModel!))
    }

    const published = await run.step('publish', () =>
      quick.publishSegmentation(plan, chosen.ref, journal.status.stages, run.decision),
    )
    journal.finished(published)
    const { manifestUri, publicationId } = published
    const isPast = plan.options.historical === true && { isHistorical: true as const }
    await run.tell({ kind: 'published', publicationId, manifestUri, decision: run.decision ?? null, ...isPast })
    return journal.ended('published', { manifestUri })
  })
}

function startFacts(): StartFacts {
  const { workflowId, typedSearchAttributes } = workflowInfo()
  const scheduledStart = typedSearchAttributes.get({ name: 'TemporalScheduledStartTime', type: 'DATETIME' })
  const likeAsOf = typedSearchAttributes.get(searchAttributes.asOf)
  return { workflowId, scheduledStart: scheduledStart?.toISOString(), likeAsOf }
}

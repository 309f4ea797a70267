import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  proxyActivities,
} from '@temporalio/workflow'
import { setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow'
import type { FailureDetails } from '../activities/failures.ts'
import type { SyncActivities } from '../activities/sync-activities.ts'
import type { SyncInput } from '../plan/sync-input.ts'
import type { SyncStatus } from '../run/activation.ts'
import { formatRunId } from '../run/run-key.ts'
import { queueBeside } from './activity-steps.ts'
import { syncStatusQuery } from './messages.ts'
import { RunAttributes } from './run-attributes.ts'
import { renderSyncPage, syncCommand } from './sync-page.ts'

// As long as a run waits for a broken world.
const patience = {
  scheduleToCloseTimeout: '24 hours',
  startToCloseTimeout: '12 hours',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '5 seconds', maximumInterval: '10 minutes', backoffCoefficient: 2 },
} as const
const lastWordPatience = { scheduleToCloseTimeout: '1 minute', startToCloseTimeout: '1 minute' } as const

/**
 * Tells one destination what a published run has changed. Apart from the run, which is published whatever becomes of this.
 *
 * Ends Completed when everything was sent, or when a newer run has taken over what was left; Failed when some of it could not be sent: the
 * message says what to do.
 */
export async function syncDestination(input: SyncInput): Promise<SyncStatus> {
  const { taskQueue, workflowId, runId: temporalRunId } = workflowInfo()
  const io = { ...patience, taskQueue: queueBeside(taskQueue, 'io') }
  const activities = proxyActivities<SyncActivities>(io)
  const lastWord = proxyActivities<SyncActivities>({ ...io, ...lastWordPatience })
  const { definition, destination, runKey, revision } = input
  const { pipeline } = definition.pipeline
  const attributes = new RunAttributes()
  let status: SyncStatus = { pipeline, destination, runKey, revision, state: 'running', effects: 0, sent: 0, failed: 0 }
  setHandler(syncStatusQuery, () => status, { description: 'How far the destination has come.' })
  const change = (facts: Partial<SyncStatus>, failure?: string): void => {
    status = { ...status, ...facts }
    setCurrentDetails(renderSyncPage(input, status, failure))
    if (status.state !== 'running') attributes.set({ outcome: status.state })
  }
  attributes.set({ pipeline, run: formatRunId(input), stage: `sync ${destination}` })
  change({})

  const named = (id: string, summary: string) => ({ activityId: id, summary })
  let planned: Awaited<ReturnType<SyncActivities['planSync']>> | undefined
  try {
    planned = await activities.planSync.executeWithOptions(named('plan', 'Write down what it has to be told'), [
      input,
      { workflowId, temporalRunId },
    ])
    change({ state: planned.state, effects: planned.effects, sent: planned.sent })
    if (planned.state === 'superseded') return status
    change(
      await activities.sendEffects.executeWithOptions(named('send', `Tell ${destination} what is pending`), [
        input,
        planned,
      ]),
    )
    return status
  } catch (error) {
    const wasCancelled = isCancellation(error)
    const failure = wasCancelled ? undefined : failureOf(error, input)
    const what = wasCancelled ? 'It was cancelled.' : failure!.message.split('\n')[0]!
    const toRecord = planned
    if (toRecord)
      await CancellationScope.nonCancellable(() =>
        lastWord.recordSync.executeWithOptions(named('record', 'Record that it failed'), [input, toRecord, what]),
      ).then(change, () => undefined) // Its own failure is what people must see.
    change({ state: 'failed' }, wasCancelled ? what : failure!.message)
    throw failure ?? error
  }
}

function failureOf(error: unknown, input: SyncInput): ApplicationFailure {
  const cause = error instanceof ActivityFailure ? error.cause : error
  const application = cause instanceof ApplicationFailure ? cause : undefined
  const [details] = (application?.details ?? []) as (Partial<FailureDetails> | undefined)[]
  const { owner } = input.definition.pipeline
  const { contact } = input.definition
  const whom = [owner, contact].filter(Boolean).join(', ')
  const type = application?.type ?? 'Error'
  const what = details?.what ?? application?.message ?? 'It did not finish in time.'
  const message = [
    `Destination ${input.destination} failed (${type}): ${what}`,
    details?.remedy ?? "Look at the worker's log.",
    `Then send what is pending: \`${syncCommand(input)}\`.`,
    whom && `Call ${whom}.`,
  ]
  return ApplicationFailure.create({ type, message: message.filter(Boolean).join('\n'), nonRetryable: true })
}

import { randomUUID } from 'node:crypto'
import { RetryRefused } from '../errors/retry-refused.ts'
import { signReason } from '../run/signed-reason.ts'
import { type StageName, stageNames } from '../run/stage.ts'
import type { TemporalAccess } from './connect.ts'
import { readRun, type RunView } from './read-run.ts'

type EventId = NonNullable<ResetRequest['workflowTaskFinishEventId']>
type ResetRequest = Parameters<TemporalAccess['client']['workflowService']['resetWorkflowExecution']>[0]

export interface RetryOptions {
  /** Runs this stage and all after it again; committed artifacts are still re-used. Default: the stage that failed. */
  readonly from?: StageName
  /** Only tries at once what waits for its next attempt: a run that has ended stays as it is. */
  readonly now?: boolean
  readonly reason: string
  /** Who asks; Temporal keeps it with the reset. */
  readonly by: string
}

export type Retried =
  | { readonly how: 'reset'; readonly eventId: number; readonly temporalRunId: string }
  | { readonly how: 'attempt-now'; readonly activityIds: readonly string[] }

/**
 * Goes on with a run where it stopped: a closed one is reset to the workflow task before its failed stage; the waiting activities of a
 * running one are tried at once.
 *
 * @throws RetryRefused when it waits for nothing, was completed, or needs a rerun
 */
export async function retryRun(access: TemporalAccess, workflowId: string, options: RetryOptions): Promise<Retried> {
  const view = await readRun(access, workflowId)
  if (view.end === null && options.from === undefined) return attemptNow(access, view, options)
  if (options.now)
    throw new RetryRefused(
      `Run ${workflowId} has ended: nothing of it waits for its next attempt.`,
      'Go on with it: `resegment retry` without --now.',
    )
  return reset(access, view, options)
}

async function attemptNow(
  { client, namespace }: TemporalAccess,
  view: RunView,
  { by }: RetryOptions,
): Promise<Retried> {
  const { raw } = await client.workflow.getHandle(view.workflowId).describe()
  const waiting = (raw.pendingActivities ?? []).filter(({ lastFailure }) => lastFailure)
  if (waiting.length === 0)
    throw new RetryRefused(
      `Run ${view.workflowId} is ${view.status?.status ?? 'running'} and no stage of it has failed.`,
      'Follow it with `resegment describe`.',
    )
  const activityIds = waiting.map(({ activityId }) => activityId!)
  for (const id of activityIds)
    await client.workflowService.resetActivity({
      namespace,
      execution: { workflowId: view.workflowId },
      id,
      identity: by,
    })
  return { how: 'attempt-now', activityIds }
}

async function reset(access: TemporalAccess, view: RunView, { from, reason, by }: RetryOptions): Promise<Retried> {
  const { client, namespace } = access
  if (from === undefined) refuseUseless(view)
  const printed = from === undefined && view.end?.how === 'failed' ? view.end.failure?.resetEventId : undefined
  const event = await eventToResetTo(access, view.workflowId, printed, from)
  const { runId } = await client.workflowService.resetWorkflowExecution({
    namespace,
    workflowExecution: { workflowId: view.workflowId, runId: view.temporalRunId },
    reason: signReason(by, reason),
    identity: by,
    workflowTaskFinishEventId: event,
    requestId: randomUUID(),
  })
  return { how: 'reset', eventId: Number(event), temporalRunId: runId }
}

function refuseUseless({ workflowId, end }: RunView): void {
  if (end?.how === 'completed')
    throw new RetryRefused(`Run ${workflowId} is complete.`, 'To make it anew, run its next revision.')
  if (end?.how === 'failed' && end.failure?.recovery === 'none')
    throw new RetryRefused(`A retry of run ${workflowId} would fail again: ${end.failure.what}`, end.failure.remedy)
  if (end?.how === 'failed' && end.failure?.recovery === 'rerun')
    throw new RetryRefused(
      `A retry of run ${workflowId} would read the old artifacts and fail again: ${end.failure.what}`,
      `${end.failure.remedy} ${end.failure.next}`,
    )
}

/** The workflow task that scheduled the stage's first activity; without a stage the one that the failure printed, else that of the last stage. */
async function eventToResetTo(
  { client }: TemporalAccess,
  workflowId: string,
  printed: number | undefined,
  from: StageName | undefined,
): Promise<EventId> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory()
  const scheduled = (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: attributes }) => {
    const stage = stageOf(attributes?.activityId ?? '')
    return attributes?.workflowTaskCompletedEventId && stage
      ? [{ stage, eventId: attributes.workflowTaskCompletedEventId }]
      : []
  })
  const stage = from ?? scheduled.at(-1)?.stage
  const event =
    printed === undefined
      ? scheduled.find((one) => one.stage === stage)?.eventId
      : events?.find(({ eventId }) => Number(eventId) === printed)?.eventId
  if (event) return event
  throw new RetryRefused(
    `Run ${workflowId} never came to ${from === undefined ? 'a stage' : `stage ${from}`}.`,
    'Start it again with `resegment run`.',
  )
}

/** `cleanse-3` and `cleanse` are of stage cleanse. */
function stageOf(activityId: string): StageName | undefined {
  return stageNames.find((stage) => activityId === stage || activityId.startsWith(`${stage}-`))
}

import type { LoggedEvent } from '../run/logged-event.ts'
import { readSigned } from '../run/signed-reason.ts'
import type { TemporalAccess } from './connect.ts'
import { explainServerRefusal } from './server-refusal.ts'

type HistoryEvent = NonNullable<Awaited<ReturnType<Handle['fetchHistory']>>['events']>[number]
type Handle = ReturnType<TemporalAccess['client']['workflow']['getHandle']>
type Failure = NonNullable<HistoryEvent['activityTaskFailedEventAttributes']>['failure']

interface KnownActivity {
  readonly activityId: string
  attempt: number
  worker: string
  startedMs: number
  /** What the attempt before failed with; Temporal writes no event of its own for it. */
  lastFailure: Failure
}

/** What happened to a run, oldest first, from the history of its newest execution: that of a reset run begins with what it took over. */
export async function readLog(access: TemporalAccess, workflowId: string): Promise<readonly LoggedEvent[]> {
  try {
    const { events } = await access.client.workflow.getHandle(workflowId).fetchHistory()
    const activities = new Map<string, KnownActivity>()
    return (events ?? []).flatMap((event) => {
      const told = tellActivity(event, activities) ?? tellRun(event)
      return told ? [{ at: new Date(timeOf(event)).toISOString(), ...told }] : []
    })
  } catch (error) {
    throw explainServerRefusal(error, access)
  }
}

type Told = Omit<LoggedEvent, 'at'>

function tellActivity(event: HistoryEvent, activities: Map<string, KnownActivity>): Told | undefined {
  const { activityTaskScheduledEventAttributes: scheduled, activityTaskStartedEventAttributes: started } = event
  if (scheduled) {
    const activityId = scheduled.activityId ?? ''
    activities.set(`${event.eventId}`, { activityId, attempt: 1, worker: '', startedMs: 0, lastFailure: null })
    return undefined
  }
  const ended =
    event.activityTaskCompletedEventAttributes ??
    event.activityTaskFailedEventAttributes ??
    event.activityTaskTimedOutEventAttributes ??
    event.activityTaskCanceledEventAttributes
  const activity = activities.get(`${(started ?? ended)?.scheduledEventId}`)
  if (!activity) return undefined
  if (started) {
    const { attempt, identity, lastFailure } = started
    Object.assign(activity, { attempt: attempt ?? 1, worker: identity, startedMs: timeOf(event), lastFailure })
    return undefined
  }
  const { activityId, attempt, worker, startedMs, lastFailure } = activity
  const seconds = startedMs > 0 ? ` in ${((timeOf(event) - startedMs) / 1000).toFixed(1)} s` : ''
  const before = attempt > 1 && lastFailure ? `; the attempt before failed: ${failureOf(lastFailure)}` : ''
  return { subject: activityId, text: `${endOf(event)}${seconds} (attempt ${attempt} on ${worker})${before}` }
}

function endOf(event: HistoryEvent): string {
  if (event.activityTaskCompletedEventAttributes) return 'finished'
  if (event.activityTaskCanceledEventAttributes) return 'was cancelled'
  const { failure } = event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes ?? {}
  return `${event.activityTaskFailedEventAttributes ? 'failed' : 'timed out'}: ${failureOf(failure)};`
}

function tellRun(event: HistoryEvent): Told | undefined {
  const text = textOf(event)
  return text === undefined ? undefined : { subject: 'run', text }
}

function textOf(event: HistoryEvent): string | undefined {
  const started = event.workflowExecutionStartedEventAttributes
  if (started) return `started by ${started.identity || 'a schedule'}`
  const reset = event.workflowTaskFailedEventAttributes
  if (reset?.newRunId) {
    const { by = 'somebody', reason } = readSigned(reset.failure?.message ?? '')
    return `reset by ${by}: ${reason || 'no reason was given'}`
  }
  const update = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest
  if (update) return `update ${update.input?.name} by ${update.meta?.identity || 'somebody'}`
  const signal = event.workflowExecutionSignaledEventAttributes
  if (signal) return `signal ${signal.signalName} from ${signal.identity || 'somebody'}`
  const cancel = event.workflowExecutionCancelRequestedEventAttributes
  if (cancel) return `asked to stop by ${cancel.identity || 'somebody'}: ${cancel.cause || 'no reason was given'}`
  const terminated = event.workflowExecutionTerminatedEventAttributes
  if (terminated) return `terminated by ${terminated.identity}: ${terminated.reason || 'no reason was given'}`
  const failed = event.workflowExecutionFailedEventAttributes
  if (failed) return `failed: ${failureOf(failed.failure)}`
  if (event.workflowExecutionCompletedEventAttributes) return 'completed'
  if (event.workflowExecutionCanceledEventAttributes) return 'cancelled'
  if (event.workflowExecutionTimedOutEventAttributes) return 'timed out'
  return undefined
}

function failureOf(failure: Failure): string {
  const type = failure?.applicationFailureInfo?.type ?? (failure?.timeoutFailureInfo ? 'TimedOut' : undefined)
  return [type, failure?.message].filter(Boolean).join(': ')
}

function timeOf({ eventTime }: HistoryEvent): number {
  return Number(eventTime?.seconds ?? 0) * 1000 + Math.floor((eventTime?.nanos ?? 0) / 1e6)
}

import type { WorkflowClient } from '@temporalio/client'
import type { RunStatus } from '../src/run/run-status.ts'

type History = Awaited<ReturnType<ReturnType<WorkflowClient['getHandle']>['fetchHistory']>>
type Instant = NonNullable<NonNullable<History['events']>[number]['eventTime']>

/** Where the time of one run went, from its history: no start-up of a command or a worker is in it. */
export interface RunTimes {
  /** From the start of the workflow to its end. */
  readonly totalMs: number
  /** Activity type → milliseconds between start and completion, summed over shards. */
  readonly activityMs: Readonly<Record<string, number>>
  /** Time in which a shard was at work, however many at once. */
  readonly shardsMs: number
  /** Time in which no activity ran: queues, workflow tasks, the server. */
  readonly temporalMs: number
  /** Events of the history. */
  readonly events: number
}

/** @throws when the history holds no finished run */
export async function readRunTimes(client: WorkflowClient, status: RunStatus): Promise<RunTimes> {
  const { events } = await client.getHandle(status.workflowId, status.temporalRunId).fetchHistory()
  const first = events?.at(0)?.eventTime
  const last = events?.at(-1)?.eventTime
  if (!events || !first || !last) throw new Error(`${status.workflowId} has no history.`)
  const typeOf = new Map<string, string>()
  const startedMs = new Map<string, number>()
  const activityMs: Record<string, number> = {}
  const spans: (readonly [number, number])[] = []
  const shards: (readonly [number, number])[] = []
  for (const event of events) {
    const atMs = event.eventTime ? toMs(event.eventTime) : 0
    const completed = event.activityTaskCompletedEventAttributes
    if (event.activityTaskScheduledEventAttributes)
      typeOf.set(String(event.eventId), event.activityTaskScheduledEventAttributes.activityType?.name ?? '')
    if (event.activityTaskStartedEventAttributes)
      startedMs.set(String(event.activityTaskStartedEventAttributes.scheduledEventId), atMs)
    if (!completed) continue
    const scheduled = String(completed.scheduledEventId)
    const type = typeOf.get(scheduled)!
    const from = startedMs.get(scheduled)!
    activityMs[type] = (activityMs[type] ?? 0) + atMs - from
    spans.push([from, atMs])
    if (type.endsWith('Shard')) shards.push([from, atMs])
  }
  const totalMs = toMs(last) - toMs(first)
  return { totalMs, activityMs, shardsMs: covered(shards), temporalMs: totalMs - covered(spans), events: events.length }
}

/** Length of the union of intervals. */
function covered(spans: readonly (readonly [number, number])[]): number {
  let sum = 0
  let end = -Infinity
  for (const [from, to] of [...spans].sort(([a], [b]) => a - b)) {
    sum += Math.max(0, to - Math.max(from, end))
    end = Math.max(end, to)
  }
  return sum
}

function toMs({ seconds, nanos }: Instant): number {
  return Number(seconds ?? 0) * 1000 + (nanos ?? 0) / 1e6
}

import type { WorkflowExecutionDescription } from '@temporalio/client'
import type { PendingActivity } from '../run/pending-activity.ts'

type RawActivity = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number]
type Timestamp = RawActivity['scheduledTime']

/** PendingActivityState of the wire protocol. */
const SCHEDULED = 1

/** What an open run waits for now, as `describe` of Temporal has it. */
export function pendingActivities({ raw }: Pick<WorkflowExecutionDescription, 'raw'>): readonly PendingActivity[] {
  return (raw.pendingActivities ?? []).map(toPending)
}

function toPending(activity: RawActivity): PendingActivity {
  const { activityId, attempt, lastFailure, lastWorkerIdentity, pauseInfo } = activity
  return {
    activityId: activityId ?? '',
    attempt: attempt ?? 1,
    ...stateOf(activity),
    worker: lastWorkerIdentity || null,
    pausedBy: pauseInfo?.manual?.identity || null,
    pausedFor: pauseInfo?.manual?.reason || null,
    failure: lastFailure
      ? {
          type: lastFailure.applicationFailureInfo?.type || (lastFailure.timeoutFailureInfo ? 'TimedOut' : 'Error'),
          message: lastFailure.message ?? '',
        }
      : null,
  }
}

function stateOf(activity: RawActivity): Pick<PendingActivity, 'state' | 'since'> {
  const { state, paused, pauseInfo, scheduledTime, lastStartedTime, nextAttemptScheduleTime, lastFailure } = activity
  if (paused) return { state: 'paused', since: instantOf(pauseInfo?.pauseTime) }
  if (state !== SCHEDULED) return { state: 'works', since: instantOf(lastStartedTime) }
  // Once its time has come the server no longer says when that was.
  if (lastFailure && nextAttemptScheduleTime) return { state: 'retries', since: instantOf(nextAttemptScheduleTime) }
  return { state: 'unclaimed', since: instantOf(scheduledTime) }
}

function instantOf(timestamp: Timestamp): string | null {
  if (!timestamp?.seconds) return null
  return new Date(Number(timestamp.seconds) * 1000 + (timestamp.nanos ?? 0) / 1e6).toISOString()
}

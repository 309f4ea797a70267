import { formatInstant } from '../run/figures.ts'
import type { PendingActivity } from '../run/pending-activity.ts'

/** What a run waits for now, a line an activity and one more for what its last attempt failed with. */
export function pendingLines(pending: readonly PendingActivity[]): readonly string[] {
  return pending.flatMap((activity) => {
    const { failure } = activity
    return [pendingLine(activity), ...(failure ? [`  last: ${failure.type}: ${failure.message}`] : [])]
  })
}

function pendingLine({ activityId, attempt, state, since, worker, pausedBy, pausedFor }: PendingActivity): string {
  const at = since === null ? '' : ` ${formatInstant(since)}`
  switch (state) {
    case 'works':
      return `${activityId}: attempt ${attempt} works since${at} on ${worker ?? 'a worker'}`
    case 'unclaimed':
      return `${activityId}: no worker has taken attempt ${attempt}, which was first scheduled${at}`
    case 'retries':
      return `${activityId}: attempt ${attempt} begins${at}; now: resegment retry`
    case 'paused':
      return `${activityId}: paused by ${pausedBy ?? 'somebody'} since${at}: ${pausedFor ?? 'no reason was given'}`
  }
}

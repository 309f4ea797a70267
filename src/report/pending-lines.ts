import { formatInstant } from '../run/figures.ts'
import type { PendingActivity } from '../run/pending-activity.ts'

/** What a run (as commands take it) waits for now, a line an activity and one more for what its last attempt failed with. */
export function pendingLines(pending: readonly PendingActivity[], run: string): readonly string[] {
  return pending.flatMap((activity) => {
    const { failure } = activity
    return [pendingLine(activity, run), ...(failure ? [`  last: ${failure.type}: ${failure.message}`] : [])]
  })
}

function pendingLine(activity: PendingActivity, run: string): string {
  const { activityId, attempt, state, since, worker, pausedBy, pausedFor } = activity
  const at = since === null ? '' : ` ${formatInstant(since)}`
  switch (state) {
    case 'works':
      return `${activityId}: attempt ${attempt} works since${at} on ${worker ?? 'a worker'}`
    case 'unclaimed':
      return `${activityId}: no worker has taken attempt ${attempt}, which was first scheduled${at}`
    case 'retries':
      return `${activityId}: attempt ${attempt} begins${at}; now: resegment retry ${run}`
    case 'paused':
      return `${activityId}: paused by ${pausedBy ?? 'somebody'} since${at}: ${pausedFor ?? 'no reason was given'}; on: resegment resume ${run}`
  }
}

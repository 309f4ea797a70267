import type { RunIdentity } from '../run/run-key.ts'
import { formatDryRunId } from '../run/dry-run-id.ts'
import type { RunKind } from '../run/run-kind.ts'
import type { RunOptions } from './run-plan.ts'

/** The target whose names carry no prefix. */
const PLAIN_TARGET = 'prod'

/** The three queues of a target: orchestration, waiting on others, computing. */
export interface TaskQueues {
  readonly workflow: string
  readonly io: string
  readonly compute: string
}

/** `resegment-workflow` for prod, `resegment-dev-workflow` for others. Workflows derive the other two from their own. */
export function taskQueuesOf(targetName: string): TaskQueues {
  const prefix = targetName === PLAIN_TARGET ? 'resegment' : `resegment-${targetName}`
  return { workflow: `${prefix}-workflow`, io: `${prefix}-io`, compute: `${prefix}-compute` }
}

/** IndexedTaskQueueType of the wire protocol. */
const WORKFLOW_TASKS = 1
const ACTIVITY_TASKS = 2

/** What to ask Temporal's `describeTaskQueue` for who polls a queue: those of workflow tasks and of activities are told apart by their kind. */
export function pollersRequest(namespace: string, name: string) {
  return {
    namespace,
    taskQueue: { name },
    taskQueueType: name.endsWith('-workflow') ? WORKFLOW_TASKS : ACTIVITY_TASKS,
  } as const
}

/** `shop@2026-10-01~1` for prod, `dev/shop@2026-10-01~1` for others. A dry run is another workflow, so that it can be repeated. */
export function workflowIdOf(targetName: string, identity: RunIdentity, options: RunOptions = {}): string {
  return targetIdOf(targetName, formatDryRunId(identity, options))
}

/** `sweep/shop` for prod, `dev/sweep/shop` for others: no run is called so. */
export function sweepIdOf(targetName: string, pipeline: string, dryRun: boolean): string {
  return targetIdOf(targetName, `sweep/${pipeline}${dryRun ? '-dry' : ''}`)
}

/** A Workflow Id of a target. */
export function targetIdOf(targetName: string, id: string): string {
  return targetName === PLAIN_TARGET ? id : `${targetName}/${id}`
}

/** `verify/shop@2026-10-01~1` for prod, `dev/verify/shop@2026-10-01~1` for others. */
export function verifyIdOf(targetName: string, run: RunIdentity): string {
  return targetIdOf(targetName, `verify/${formatDryRunId(run, {})}`)
}

/** `notify/shop/shop@2026-10-01~1/failed/…` for prod, `dev/notify/…` for others. @param key of the notice */
export function noticesIdOf(targetName: string, key: string): string {
  return targetIdOf(targetName, `notify/${key}`)
}

/** `resegment-shop` for prod, `resegment-dev-shop` for others; `.score` behind it for score runs. */
export function scheduleIdOf(targetName: string, pipeline: string, kind: RunKind = 'refit'): string {
  const id = targetName === PLAIN_TARGET ? `resegment-${pipeline}` : `resegment-${targetName}-${pipeline}`
  return kind === 'score' ? `${id}.score` : id
}

/** `resegment--watch` for prod, `resegment-dev--watch` for others: no schedule of a pipeline is called so. */
export function targetScheduleIdOf(targetName: string, purpose: string): string {
  return `${scheduleIdOf(targetName, '')}-${purpose}`
}

/** Whether a schedule is one of this target's, of a pipeline or of its own (pipelines have neither hyphen nor dot). */
export function isScheduleOf(targetName: string, scheduleId: string): boolean {
  const prefix = scheduleIdOf(targetName, '')
  const name = scheduleId.startsWith(prefix) ? scheduleId.slice(prefix.length) : ''
  return /^(?:[a-z][a-z0-9_]*(?:\.[a-z]+)?|-[a-z]+)$/.test(name)
}

/** @returns undefined for a schedule of the whole target, and for any that is not its own */
export function pipelineOfSchedule(targetName: string, scheduleId: string): string | undefined {
  const name = scheduleId.slice(scheduleIdOf(targetName, '').length)
  return !isScheduleOf(targetName, scheduleId) || name.startsWith('-') ? undefined : name.split('.')[0]
}

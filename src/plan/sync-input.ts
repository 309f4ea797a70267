import type { RunIdentity } from '../run/run-key.ts'
import { formatRunId } from '../run/run-key.ts'
import type { Definition } from './definition.ts'
import { withoutOverrides } from './erasure-input.ts'
import { taskQueuesOf, workflowIdOf } from './target-names.ts'

export const SYNC_WORKFLOW_TYPE = 'syncDestination'

/** The one argument of `syncDestination`: complete enough for "Start Workflow Like This One". */
export interface SyncInput extends RunIdentity {
  readonly definition: Definition
  /** A name under `activate`. */
  readonly destination: string
  /** Artifact of stage validate of the run; null: it is not known, and only a column of the files wants it. */
  readonly validationUri: string | null
  /** Set where everybody is sent, whatever was sent before: another word makes another time of it. */
  readonly full?: string
  /** Set where customers were withdrawn from the run after it was published: the id of that switch. */
  readonly withdrawal?: number
  /** When consumers began to see the run again, where it tells of a return to it. */
  readonly shownSince?: string
  /** Who asked for everybody. */
  readonly by?: string
}

/** What a client starts a sync with, but for what happens when there is one. */
export interface SyncStart {
  readonly workflowId: string
  readonly taskQueue: string
  readonly args: [SyncInput]
  readonly staticSummary: string
  readonly staticDetails: string
}

/**
 * `dev/sync/shop/shop@2026-10-01~1/crm`; behind it `-full` where everybody is sent, `-withdrawn-7` where customers were withdrawn, `-since-…`
 * where consumers see the run again.
 */
export function syncIdOf(targetName: string, input: SyncInput): string {
  const { definition, destination, full, withdrawal, shownSince, ...run } = input
  // The prefix is that of the target's runs.
  const prefix = workflowIdOf(targetName, run).slice(0, -formatRunId(run).length)
  const variants = [
    full === undefined ? '' : '-full',
    withdrawal === undefined ? '' : `-withdrawn-${withdrawal}`,
    shownSince === undefined ? '' : `-since-${shownSince}`,
  ]
  return `${prefix}sync/${definition.pipeline.pipeline}/${formatRunId(run)}/${destination}${variants.join('')}`
}

export function syncStartOf(input: SyncInput): SyncStart {
  const { definition, destination, full } = input
  const { targetName, pipeline, contact, runbook } = definition
  const whom = [pipeline.owner, contact].filter(Boolean).join(', ')
  return {
    workflowId: syncIdOf(targetName, input),
    taskQueue: taskQueuesOf(targetName).workflow,
    args: [{ ...input, definition: withoutOverrides(definition) }],
    staticSummary: `${full === undefined ? 'Changes' : 'Everybody'} of ${formatRunId(input)} to ${destination}`,
    staticDetails: [
      `Tells destination ${destination} what run ${formatRunId(input)} has changed. The run itself is published, whatever becomes of this.`,
      [`Target: ${targetName}.`, whom && `Call ${whom}.`].filter(Boolean).join(' '),
      runbook && `Runbook: ${runbook}`,
    ]
      .filter(Boolean)
      .join('\n\n'),
  }
}

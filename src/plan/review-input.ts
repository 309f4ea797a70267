import { formatRunId, type RunIdentity } from '../run/run-key.ts'
import type { Definition } from './definition.ts'
import { withoutOverrides } from './erasure-input.ts'
import { targetIdOf, taskQueuesOf } from './target-names.ts'

export const REVIEW_WORKFLOW_TYPE = 'reviewSegmentation'

/** The one argument of `reviewSegmentation`. */
export interface ReviewInput {
  readonly definition: Definition
  /** Reviews this run alone, also where there is a review of it. Absent: every run whose review is due. */
  readonly run?: RunIdentity
  /** The run whose publication asks for it. Absent: somebody does. */
  readonly after?: RunIdentity
}

/** What a client starts it with. */
export interface ReviewStart {
  readonly workflowId: string
  readonly taskQueue: string
  readonly args: [ReviewInput]
  readonly staticSummary: string
  readonly staticDetails: string
}

/** `dev/review/shop/after/shop@2026-10-01~1` where a publication asks for it, `dev/review/shop/shop@2026-07-01~1` and `dev/review/shop` by hand. */
export function reviewIdOf(targetName: string, { definition, run, after }: ReviewInput): string {
  const of = [...(after ? [`after/${formatRunId(after)}`] : []), ...(run ? [formatRunId(run)] : [])]
  return targetIdOf(targetName, ['review', definition.pipeline.pipeline, ...of].join('/'))
}

export function reviewStartOf(input: ReviewInput): ReviewStart {
  const { definition, run } = input
  const { targetName, pipeline, contact, runbook } = definition
  const whom = [pipeline.owner, contact].filter(Boolean).join(', ')
  const what = run ? `run ${formatRunId(run)}` : `runs of ${pipeline.pipeline} whose window is over`
  return {
    workflowId: reviewIdOf(targetName, input),
    taskQueue: taskQueuesOf(targetName).workflow,
    args: [{ ...input, definition: withoutOverrides(definition) }],
    staticSummary: `Review of ${what}`,
    staticDetails: [
      `Judges ${what} by what customers have done since. No run waits for it, and nothing that is published changes.`,
      [`Target: ${targetName}.`, whom && `Call ${whom}.`].filter(Boolean).join(' '),
      runbook && `Runbook: ${runbook}`,
    ]
      .filter(Boolean)
      .join('\n\n'),
  }
}

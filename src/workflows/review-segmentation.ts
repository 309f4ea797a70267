import {
  ActivityFailure,
  ApplicationFailure,
  proxyActivities,
  setCurrentDetails,
  workflowInfo,
} from '@temporalio/workflow'
import type { FailureDetails } from '../activities/failures.ts'
import type { ReviewActivities, ReviewOutcome } from '../activities/review-activities.ts'
import type { ReviewInput } from '../plan/review-input.ts'
import { formatRunId } from '../run/run-key.ts'
import { queueBeside } from './activity-steps.ts'
import { RunAttributes } from './run-attributes.ts'

/**
 * Judges published runs by what their customers did after them. Apart from every run: none waits for it, and none fails with it.
 *
 * Ends Completed with what it found, which is nothing where no review is due; Failed when one could not be made: those before it stay, and the
 * next publication, or the command, makes the others.
 */
export async function reviewSegmentation(input: ReviewInput): Promise<readonly ReviewOutcome[]> {
  const { taskQueue } = workflowInfo()
  const { pipeline } = input.definition.pipeline
  // As long as a run waits for a broken world.
  const patience = {
    scheduleToCloseTimeout: '24 hours',
    startToCloseTimeout: '2 hours',
    heartbeatTimeout: '30 seconds',
    retry: { initialInterval: '5 seconds', maximumInterval: '10 minutes', backoffCoefficient: 2 },
  } as const
  const { findReviews, announceReview } = proxyActivities<ReviewActivities>({
    ...patience,
    taskQueue: queueBeside(taskQueue, 'io'),
  })
  const { reviewRun } = proxyActivities<ReviewActivities>({ ...patience, taskQueue: queueBeside(taskQueue, 'compute') })
  const attributes = new RunAttributes()
  attributes.set({ pipeline, stage: 'review' })
  const outcomes: ReviewOutcome[] = []
  try {
    const due = await findReviews.executeWithOptions(
      { activityId: 'find', summary: 'Find the runs whose window is over' },
      [input],
    )
    for (const one of due) {
      const run = formatRunId(one.run)
      const named = { activityId: `review-${run}`, summary: `Judge ${run} by ${formatRunId(one.judge)}` }
      outcomes.push(await reviewRun.executeWithOptions(named, [input, one]))
      setCurrentDetails(pageOf(pipeline, outcomes, due.length))
    }
    setCurrentDetails(pageOf(pipeline, outcomes, due.length))
    const newest = outcomes.at(-1)
    // One notice a review: whoever fills in ten quarters wants no ten messages.
    if (newest && input.definition.notify?.some(({ on }) => on.includes('reviewed')))
      await announceReview.executeWithOptions({ activityId: 'announce', summary: 'Have people told' }, [input, newest])
    attributes.set({ outcome: 'reviewed' })
    return outcomes
  } catch (error) {
    throw failureOf(error, pipeline)
  }
}

function pageOf(pipeline: string, outcomes: readonly ReviewOutcome[], due: number): string {
  const lines = outcomes.map(({ run, judge, index, band }) =>
    index === null
      ? `- ${formatRunId(run)}, judged by ${formatRunId(judge)}: nothing came that segments could explain`
      : `- ${formatRunId(run)}, judged by ${formatRunId(judge)}: **${index.toFixed(0)}** of 100 (${band!})`,
  )
  return [`**Review of ${pipeline}**: ${outcomes.length} of ${due} runs`, '', ...lines].join('\n')
}

/** A cancellation stays one. */
function failureOf(error: unknown, pipeline: string): unknown {
  const cause = error instanceof ActivityFailure ? error.cause : error
  if (!(cause instanceof ApplicationFailure)) return error
  const [details] = (cause.details ?? []) as (Partial<FailureDetails> | undefined)[]
  const message = [
    `The review of ${pipeline} failed (${cause.type ?? 'Error'}): ${details?.what ?? cause.message}`,
    details?.remedy ?? "Look at the worker's log.",
    `Then ask for it again: \`resegment review ${pipeline}\`. What is published stays as it is.`,
  ].join('\n')
  return ApplicationFailure.create({ type: cause.type ?? 'Error', message, nonRetryable: true })
}

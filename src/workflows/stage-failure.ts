import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow'
import type { FailureDetails } from '../activities/failures.ts'
import type { Definition } from '../plan/definition.ts'
import { formatRunId, runArguments } from '../run/run-key.ts'
import type { RunStatus } from '../run/run-status.ts'
import type { StageName } from '../run/stage.ts'
import { targetOption } from '../run/target-option.ts'

/** What can fail: a stage, or what comes before and between. */
export type StepName = StageName | 'plan' | 'hold'

/** A failed stage as an operator sees it; `details[0]` of the workflow's failure, with the run's status as `details[1]`. */
export interface StageFailure extends FailureDetails {
  readonly stage: StepName
  /** ApplicationFailure.type: the error class's permanent word. */
  readonly type: string
  /** The workflow task to reset to, so that the stage runs again and finished ones do not. */
  readonly resetEventId: number
  /** What to click or type now: the one line people look for. */
  readonly next: string
}

/** Whom the message names. */
export interface FailureContext {
  readonly stage: StepName
  readonly resetEventId: number
  /** As the command line takes them: `shop@2026-10-01~1`, `shop --as-of 2026-10-01`, ` --target prod`. */
  readonly runId: string
  readonly rerunArguments: string
  readonly targetOption: string
  readonly callWhom: string
}

export function failureContextOf(
  { targetName, pipeline, contact, runbook }: Definition,
  { runKey, revision, kind, asOf, workflowId }: RunStatus,
  stage: StepName,
  resetEventId: number,
): FailureContext {
  const whom = [pipeline.owner, contact].filter(Boolean).join(', ')
  return {
    stage,
    resetEventId,
    runId: runKey === '' ? workflowId : formatRunId({ runKey, revision }),
    rerunArguments: runArguments(runKey || pipeline.pipeline, asOf, kind),
    targetOption: targetOption(targetName),
    callWhom: [whom && `Call ${whom}.`, runbook && `Runbook: ${runbook}`].filter(Boolean).join(' '),
  }
}

const MAX_CAUSE_CHARACTERS = 1_500

/** Names the cause of a failed activity. An error that is none of ours is taken for a broken world: a retry may do. */
export function describeFailure(error: unknown, context: FailureContext): StageFailure {
  const { stage, resetEventId } = context
  const cause = causeOf(error instanceof ActivityFailure ? error.cause : error)
  return { stage, resetEventId, ...cause, next: nextStep(cause.recovery, context) }
}

function causeOf(cause: unknown): FailureDetails & Pick<StageFailure, 'type'> {
  if (cause instanceof ApplicationFailure) {
    const [details] = (cause.details ?? []) as (Partial<FailureDetails> | undefined)[]
    return {
      type: cause.type ?? 'Error',
      what: (details?.what ?? cause.message).slice(0, MAX_CAUSE_CHARACTERS),
      remedy: details?.remedy ?? "Look at the worker's log, and report what you find.",
      recovery: details?.recovery ?? 'retry',
    }
  }
  const timedOut = cause instanceof TimeoutFailure
  return {
    type: timedOut ? 'StageTimedOut' : 'Error',
    what: timedOut
      ? `It did not finish in time (${cause.timeoutType ?? 'time-out'}). ${cause.cause?.message ?? ''}`.trim()
      : String(cause instanceof Error ? cause.message : cause).slice(0, MAX_CAUSE_CHARACTERS),
    remedy: timedOut ? 'See that workers of this target run and reach their servers.' : "Look at the worker's log.",
    recovery: 'retry',
  }
}

function nextStep(recovery: FailureDetails['recovery'], context: FailureContext): string {
  const { resetEventId, runId, rerunArguments, targetOption: target } = context
  switch (recovery) {
    case 'retry':
      return `Retry: Reset to event ${resetEventId}, or \`resegment retry ${runId}${target}\`.`
    case 'rerun':
      return `Rerun: Start Workflow Like This One with revision: next, or \`resegment run ${rerunArguments} --revision next${target}\`.`
    case 'none':
      return 'Nothing to repeat: neither a reset nor the next revision would come further.'
  }
}

/** The failure that ends the run: stage, cause, remedy, what to do next, whom to call. */
export function toRunFailure(failure: StageFailure, context: FailureContext, status: RunStatus): ApplicationFailure {
  return ApplicationFailure.create({
    type: failure.type,
    message: failureText(failure, context),
    nonRetryable: true,
    details: [failure, status],
  })
}

export function failureText(failure: StageFailure, context: FailureContext): string {
  return [
    `Stage ${failure.stage} failed (${failure.type}): ${failure.what}`,
    failure.remedy,
    failure.next,
    context.callWhom,
  ]
    .filter((line) => line !== '')
    .join('\n')
}

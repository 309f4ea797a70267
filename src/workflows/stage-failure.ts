import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow'
import type { FailureDetails } from '../activities/failures.ts'
import type { Definition } from '../plan/definition.ts'
import { formatRunId } from '../run/run-key.ts'
import type { RunStatus } from '../run/run-status.ts'
import type { StageName } from '../run/stage.ts'

/** What can fail: a stage, or what comes before and between. */
export type StepName = StageName | 'plan' | 'hold'

/** A failed stage as an operator sees it; `details[0]` of the workflow's failure, with the run's status as `details[1]`. */
export interface StageFailure extends FailureDetails {
  readonly stage: StepName
  /** ApplicationFailure.type: the error class's permanent word. */
  readonly type: string
  /** The workflow task to reset to, so that the stage runs again and finished ones do not. */
  readonly resetEventId: number
}

/** Whom the message names. */
export interface FailureContext {
  readonly stage: StepName
  readonly resetEventId: number
  /** As the command line takes them: `shop@2026-10-01~1`, `shop --as-of 2026-10-01`, ` --target dev`. */
  readonly runId: string
  readonly rerunArguments: string
  readonly targetOption: string
  readonly callWhom: string
}

export function failureContextOf(
  { targetName, pipeline, contact, runbook }: Definition,
  { runKey, revision, asOf, workflowId }: RunStatus,
  stage: StepName,
  resetEventId: number,
): FailureContext {
  const [, day = asOf] = runKey.split('@')
  const whom = [pipeline.owner, contact].filter(Boolean).join(', ')
  return {
    stage,
    resetEventId,
    runId: runKey === '' ? workflowId : formatRunId({ runKey, revision }),
    rerunArguments: `${pipeline.pipeline} --as-of ${day.includes('T') ? asOf : day}`,
    targetOption: ` --target ${targetName}`,
    callWhom: [whom && `Call ${whom}.`, runbook && `Runbook: ${runbook}`].filter(Boolean).join(' '),
  }
}

const MAX_CAUSE_CHARACTERS = 1_500

/** Names the cause of a failed activity. An error that is none of ours is taken for a broken world: a retry may do. */
export function describeFailure(error: unknown, { stage, resetEventId }: FailureContext): StageFailure {
  const cause = error instanceof ActivityFailure ? error.cause : error
  if (cause instanceof ApplicationFailure) {
    const [details] = (cause.details ?? []) as (Partial<FailureDetails> | undefined)[]
    return {
      stage,
      type: cause.type ?? 'Error',
      resetEventId,
      what: (details?.what ?? cause.message).slice(0, MAX_CAUSE_CHARACTERS),
      remedy: details?.remedy ?? "Look at the worker's log, and report what you find.",
      recovery: details?.recovery ?? 'retry',
    }
  }
  const timedOut = cause instanceof TimeoutFailure
  return {
    stage,
    type: timedOut ? 'StageTimedOut' : 'Error',
    resetEventId,
    what: timedOut
      ? `It did not finish in time (${cause.timeoutType ?? 'time-out'}). ${cause.cause?.message ?? ''}`.trim()
      : String(cause instanceof Error ? cause.message : cause).slice(0, MAX_CAUSE_CHARACTERS),
    remedy: timedOut ? 'See that workers of this target run and reach their servers.' : "Look at the worker's log.",
    recovery: 'retry',
  }
}

/** What to click or type now: the one line people look for. */
export function nextStep(failure: StageFailure, context: FailureContext): string {
  return failure.recovery === 'retry'
    ? `Retry: Reset to event ${failure.resetEventId}, or \`resegment retry ${context.runId}${context.targetOption}\`.`
    : `Rerun: Start Workflow Like This One with revision: next, or \`resegment run ${context.rerunArguments} --revision next${context.targetOption}\`.`
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
    `Stage ${failure.stage} failed: ${failure.what}`,
    failure.remedy,
    nextStep(failure, context),
    context.callWhom,
  ]
    .filter((line) => line !== '')
    .join('\n')
}

import { ApplicationFailure, CancelledFailure } from '@temporalio/activity'
import { ResegmentError } from '../errors/resegment-error.ts'

/** Details of a failure as they travel: what the workflow turns into the message for the operator. */
export interface FailureDetails {
  readonly what: string
  readonly remedy: string
  readonly recovery: 'retry' | 'rerun'
}

/** The only place where our errors become Temporal's. An unknown error goes as it came, and Temporal retries it. */
export function toActivityFailure(error: unknown): unknown {
  if (error instanceof CancelledFailure) return error
  if (!(error instanceof ResegmentError)) return error
  const details: FailureDetails = { what: error.what, remedy: error.remedy, recovery: error.recovery }
  return ApplicationFailure.create({
    type: error.type,
    message: error.message,
    nonRetryable: error.retry === 'give-up',
    details: [details],
    cause: error.cause instanceof Error ? error.cause : undefined,
  })
}

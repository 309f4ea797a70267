import { ResegmentError } from './resegment-error.ts'

/** A verification ended without an answer. */
export class VerificationFailed extends ResegmentError {
  readonly type = 'VerificationFailed'
  readonly retry = 'give-up'
  readonly recovery = 'retry'
}

import { ResegmentError } from './resegment-error.ts'

/** A gate of validate failed: the candidate must not be published. */
export class GateFailed extends ResegmentError {
  readonly type = 'GateFailed'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}

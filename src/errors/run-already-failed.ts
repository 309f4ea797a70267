import { ResegmentError } from './resegment-error.ts'

/** A run of this key and revision failed before: it is retried or rerun, not started once more. */
export class RunAlreadyFailed extends ResegmentError {
  readonly type = 'RunAlreadyFailed'
  readonly retry = 'give-up'
  readonly recovery = 'retry'
}

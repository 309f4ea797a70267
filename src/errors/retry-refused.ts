import { ResegmentError } from './resegment-error.ts'

/** A retry would change nothing: the run is not broken, or its source or definition had to change. */
export class RetryRefused extends ResegmentError {
  readonly type = 'RetryRefused'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}

import { ResegmentError } from './resegment-error.ts'

/** A source has no row before the as-of. */
export class SourceEmpty extends ResegmentError {
  readonly type = 'SourceEmpty'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}

import { ResegmentError } from './resegment-error.ts'

/** A source file is missing, or is not what its extension says. */
export class SourceUnreadable extends ResegmentError {
  readonly type = 'SourceUnreadable'
  readonly retry = 'give-up'
  readonly recovery = 'rerun'
}
